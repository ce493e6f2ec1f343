import {
  ComputeBudgetProgram,
  PublicKey,
  SystemProgram,
  TransactionInstruction,
  TransactionMessage,
  VersionedTransaction,
} from '@solana/web3.js';
import { describe, expect, it } from 'vitest';

import { inspectTransaction } from '#shared/swap/inspect-transaction.ts';
import type { SwapIntent } from '#shared/swap/swap-intent.ts';
import {
  lookupTablesOf,
  readTransaction,
  withSignature,
} from '#shared/adapters/solana/read-transaction.ts';
import {
  associatedTokenAccount,
  jupiterTokenAccount,
} from '#shared/adapters/solana/wallet-token-accounts.ts';
import { type Address, address } from '#shared/domain/address.ts';
import { JUPITER_PROGRAM } from '#shared/domain/solana-programs.ts';
import { TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from '#shared/domain/token-mint.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { hasRecordings, recorded } from '../../support/recorded.ts';
import { testAddress } from '../../support/trades.ts';

const wallet = testAddress(1);
const thief = testAddress(666);
const mint = testAddress(2);
const IN = 100_000_000n;
const OUT = 16_239_400_281n;
const wrapped = associatedTokenAccount(wallet, WRAPPED_SOL, TOKEN_PROGRAM);
const bought = associatedTokenAccount(wallet, mint, TOKEN_2022_PROGRAM);

const intent: SwapIntent = {
  wallet,
  inputMint: WRAPPED_SOL,
  outputMint: mint,
  inAmount: IN,
  minOutAmount: 15_752_218_273n,
  maxFeeBps: 100,
  maxPriorityLamports: 1_000_000n,
  inputAccounts: [wrapped, jupiterTokenAccount(wallet, WRAPPED_SOL)],
  outputAccounts: [bought],
};

const key = (of: Address) => new PublicKey(of);
const instruction = (program: Address, accounts: readonly Address[], data: Buffer) =>
  new TransactionInstruction({
    programId: key(program),
    keys: accounts.map((each) => ({
      pubkey: key(each),
      isSigner: each === wallet,
      isWritable: false,
    })),
    data,
  });
const token = (accounts: Address[], ...data: number[]) =>
  instruction(TOKEN_PROGRAM, accounts, Buffer.from(data));
const pay = (to: Address, lamports: bigint, from = wallet) =>
  SystemProgram.transfer({ fromPubkey: key(from), toPubkey: key(to), lamports });
const openAccount = (owner: Address, of: Address, account: Address, ...data: number[]) =>
  instruction(
    address('ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL'),
    [wallet, account, owner, of, address('11111111111111111111111111111111'), TOKEN_PROGRAM],
    Buffer.from(data),
  );
const limit = ComputeBudgetProgram.setComputeUnitLimit({ units: 200_000 });
const price = (microLamports: number) =>
  ComputeBudgetProgram.setComputeUnitPrice({ microLamports });

type Terms = { inAmount?: bigint; out?: bigint; slippageBps?: number; feeBps?: number };
const terms = ({ inAmount = IN, out = OUT, slippageBps = 300, feeBps = 50 }: Terms): Buffer => {
  const data = Buffer.alloc(26);
  data.writeBigUInt64LE(inAmount, 0);
  data.writeBigUInt64LE(out, 8);
  data.writeUInt16LE(slippageBps, 16);
  data.writeUInt16LE(feeBps, 18);
  return data;
};
const ROUTE_ACCOUNTS = {
  authority: wallet,
  source: wrapped,
  destination: bought,
  sourceMint: WRAPPED_SOL,
  destinationMint: mint,
  paidTo: JUPITER_PROGRAM,
};
const route = (over: Partial<typeof ROUTE_ACCOUNTS> = {}, of: Terms = {}) => {
  const at = { ...ROUTE_ACCOUNTS, ...over };
  return instruction(
    JUPITER_PROGRAM,
    [
      at.authority,
      at.source,
      at.destination,
      at.sourceMint,
      at.destinationMint,
      TOKEN_PROGRAM,
      TOKEN_2022_PROGRAM,
      at.paidTo,
      testAddress(30),
      JUPITER_PROGRAM,
      testAddress(31),
    ],
    Buffer.concat([Buffer.from('bb64facc31c4af14', 'hex'), terms(of)]),
  );
};
const sharedRoute = (over: Partial<typeof ROUTE_ACCOUNTS> = {}, of: Terms = {}) => {
  const at = { ...ROUTE_ACCOUNTS, ...over };
  return instruction(
    JUPITER_PROGRAM,
    [
      testAddress(40),
      at.authority,
      at.source,
      testAddress(41),
      testAddress(42),
      at.destination,
      at.sourceMint,
      at.destinationMint,
      TOKEN_PROGRAM,
      TOKEN_2022_PROGRAM,
      testAddress(30),
      JUPITER_PROGRAM,
    ],
    Buffer.concat([Buffer.from('d19853937cfed8e903', 'hex'), terms(of)]),
  );
};

const good = {
  budget: [limit, price(1_000_000)],
  open: [openAccount(wallet, WRAPPED_SOL, wrapped, 1), openAccount(wallet, mint, bought, 1)],
  wrap: [pay(wrapped, IN), token([wrapped], 17)],
  swap: [route()],
  unwrap: [token([wrapped, wallet, wallet], 9)],
};
type Parts = typeof good;

const bytesOf = (instructions: TransactionInstruction[], payer = wallet): Uint8Array =>
  new VersionedTransaction(
    new TransactionMessage({
      payerKey: key(payer),
      recentBlockhash: testAddress(99),
      instructions,
    }).compileToV0Message(),
  ).serialize();
const inspected = (parts: Partial<Parts>, payer = wallet): string | undefined => {
  const all = { ...good, ...parts };
  const list = [...all.budget, ...all.open, ...all.wrap, ...all.swap, ...all.unwrap];
  return inspectTransaction(readTransaction(bytesOf(list, payer), new Map()), intent);
};

describe('a transaction that does what was meant', () => {
  it.each<[string, Partial<Parts>]>([
    ['with a route of its own accounts', {}],
    ['with a route over shared accounts', { swap: [sharedRoute()] }],
    ['paying into our account by the optional slot', { swap: [route({ paidTo: bought })] }],
    ['without opening accounts that are there', { open: [] }],
    ['with the least that was asked for', { swap: [route({}, { out: 16_239_400_281n })] }],
    [
      'wrapping in Jupiter’s own account of ours',
      {
        open: [],
        wrap: [
          instruction(
            JUPITER_PROGRAM,
            [jupiterTokenAccount(wallet, WRAPPED_SOL), wallet, WRAPPED_SOL, TOKEN_PROGRAM],
            Buffer.from('93f17b64f484ae76ff', 'hex'),
          ),
          pay(jupiterTokenAccount(wallet, WRAPPED_SOL), IN),
        ],
        swap: [route({ source: jupiterTokenAccount(wallet, WRAPPED_SOL) })],
        unwrap: [token([jupiterTokenAccount(wallet, WRAPPED_SOL), wallet, wallet], 9)],
      },
    ],
  ])('%s passes', (_what, parts) => {
    expect(inspected(parts)).toBeUndefined();
  });
});

describe('a tampered transaction is refused:', () => {
  it.each<[string, Partial<Parts>, string]>([
    ['an extra transfer of SOL', { unwrap: [pay(thief, 1n)] }, `1 lamports to ${thief}`],
    ['more SOL wrapped than swapped', { wrap: [pay(wrapped, IN + 1n)] }, 'it moves 100000001'],
    ['SOL wrapped twice', { wrap: [pay(wrapped, IN), pay(wrapped, 1n)] }, 'it moves 100000001'],
    [
      'an account made for somebody else',
      { wrap: [SystemProgram.assign({ accountPubkey: key(wallet), programId: key(thief) })] },
      'no transfer',
    ],
    ['an extra token transfer', { unwrap: [token([bought, thief, wallet], 3, 1)] }, 'transfer'],
    ['a checked token transfer', { unwrap: [token([bought, mint, thief], 12, 1)] }, 'transfer'],
    ['a change of authority', { unwrap: [token([bought, wallet], 6, 2, 1)] }, 'set authority'],
    ['an approval', { unwrap: [token([bought, thief, wallet], 4, 1)] }, 'approve'],
    ['a foreign account synced', { wrap: [token([thief], 17)] }, 'number 17'],
    ['a burn', { unwrap: [token([bought, mint, wallet], 8, 1)] }, 'burn'],
    ['a token instruction of tomorrow', { unwrap: [token([bought], 99)] }, 'number 99'],
    [
      'wrapped SOL closed to another',
      { unwrap: [token([wrapped, thief, wallet], 9)] },
      'closes to',
    ],
    ['the bought account closed', { unwrap: [token([bought, wallet, wallet], 9)] }, 'it closes'],
    [
      'a program not on the list',
      { unwrap: [instruction(thief, [wallet], Buffer.of(1))] },
      'calls',
    ],
    ['an account for another owner', { open: [openAccount(thief, mint, bought, 1)] }, 'opens'],
    ['an account of another mint', { open: [openAccount(wallet, thief, bought, 1)] }, 'account of'],
    ['another account', { open: [openAccount(wallet, mint, thief, 1)] }, 'opens the account'],
    ['nested tokens recovered', { open: [openAccount(wallet, mint, bought, 2)] }, 'another kind'],
    ['another mint bought', { swap: [route({ destinationMint: thief })] }, 'it buys'],
    ['another mint sold', { swap: [route({ sourceMint: mint })] }, 'it sells'],
    ['payment into another account', { swap: [route({ destination: thief })] }, 'it pays into'],
    ['payment by the optional slot', { swap: [route({ paidTo: thief })] }, 'it pays into'],
    ['input of another', { swap: [route({ source: thief })] }, 'it takes from'],
    ['authority of another', { swap: [route({ authority: thief })] }, 'gives the input'],
    ['a shared route to another', { swap: [sharedRoute({ destination: thief })] }, 'it pays into'],
    ['more spent', { swap: [route({}, { inAmount: IN + 1n })] }, 'it spends 100000001'],
    ['less spent', { swap: [sharedRoute({}, { inAmount: IN - 1n })] }, 'it spends 99999999'],
    ['less guaranteed', { swap: [route({}, { out: OUT - 100n })] }, 'it guarantees'],
    ['more slippage', { swap: [route({}, { slippageBps: 301 })] }, 'it guarantees'],
    ['more than all slippage', { swap: [route({}, { slippageBps: 10_001 })] }, 'slippage 10001'],
    ['a higher router fee', { swap: [route({}, { feeBps: 101 })] }, 'router fee 101 bps'],
    ['two swaps', { swap: [route(), route()] }, 'it swaps 2 times'],
    ['no swap', { swap: [] }, 'it swaps 0 times'],
    [
      'an old route',
      { swap: [instruction(JUPITER_PROGRAM, [wallet], Buffer.from('e517cb977ae3ad2a', 'hex'))] },
      'not known',
    ],
    [
      'a route cut short',
      { swap: [instruction(JUPITER_PROGRAM, [wallet], Buffer.from('bb64facc31c4af14', 'hex'))] },
      'cut short',
    ],
    [
      'a compute price above the cap',
      { budget: [limit, price(5_000_001)] },
      'priority fee 1000001',
    ],
    ['a price without a limit', { budget: [price(1_000_000)] }, 'priority fee 1400000'],
    [
      'a budget instruction of another kind',
      { budget: [ComputeBudgetProgram.requestHeapFrame({ bytes: 1_024 })] },
      'another kind',
    ],
  ])('%s', (_what, parts, words) => {
    expect(inspected(parts)).toContain(words);
  });

  it('another fee payer', () => {
    expect(inspected({}, thief)).toContain(`${thief} pays the fee`);
  });

  it('another signer', () => {
    expect(inspected({ wrap: [pay(wallet, 1n, thief)] })).toContain('has to sign as well');
  });

  it('an account for somebody else by Jupiter', () => {
    const opened = instruction(
      JUPITER_PROGRAM,
      [thief, wallet, WRAPPED_SOL],
      Buffer.from('93f17b64f484ae76ff', 'hex'),
    );
    expect(inspected({ open: [opened] })).toBe(`it opens the account ${thief}`);
    const forThief = instruction(
      JUPITER_PROGRAM,
      [wrapped, thief, WRAPPED_SOL],
      Buffer.from('93f17b64f484ae76ff', 'hex'),
    );
    expect(inspected({ open: [forThief] })).toBe(`it opens an account for ${thief}`);
  });
});

describe('the bytes of a transaction', () => {
  const bytes = bytesOf([limit, ...good.swap]);

  it.each([
    ['nothing', new Uint8Array()],
    ['noise', new Uint8Array(200).fill(255)],
    ['something after the end', Buffer.concat([bytes, Buffer.of(0)])],
    ['too much', new Uint8Array(1_233)],
    ['a part', bytes.subarray(0, 100)],
  ])('are refused when they are %s', (_what, malformed) => {
    expect(() => readTransaction(malformed, new Map())).toThrow('transaction.malformed');
  });

  it('take a signature without changing what is signed', () => {
    const signature = new Uint8Array(64).fill(5);
    const signed = withSignature(bytes, signature);
    expect(VersionedTransaction.deserialize(signed).signatures).toEqual([signature]);
    expect(readTransaction(signed, new Map()).message).toEqual(
      readTransaction(bytes, new Map()).message,
    );
  });
});

const transactionOf = (name: string): Uint8Array =>
  Buffer.from(
    (recorded(`jupiter/order-execute.docs.${name}.json`) as { transaction: string }).transaction,
    'base64',
  );

describe.skipIf(!hasRecordings)('recorded transactions of Jupiter', () => {
  const taker = address('GpLjUnj5q8V6jkaaT7q26rQ4hzn7KYoebLRWfk16hTwh');
  const usdc = address('EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v');
  const sell: SwapIntent = {
    wallet: taker,
    inputMint: usdc,
    outputMint: WRAPPED_SOL,
    inAmount: 100_000_000n,
    minOutAmount: 460_024_271n,
    maxFeeBps: 100,
    maxPriorityLamports: 700_000n,
    inputAccounts: [associatedTokenAccount(taker, usdc, TOKEN_PROGRAM)],
    outputAccounts: [jupiterTokenAccount(taker, WRAPPED_SOL)],
  };
  /** What the lookup tables held is not recorded: the two mints stand where the route has them. */
  const tablesFor = (bytes: Uint8Array) => {
    const tables = lookupTablesOf(bytes).map((table, at) => {
      const entries = Array.from({ length: 256 }, (_, index) => testAddress(1_000 * at + index));
      return [table, entries] as const;
    });
    const first = VersionedTransaction.deserialize(bytes).message.addressTableLookups[0];
    const entries = tables[0]?.[1] ?? [];
    entries[first?.readonlyIndexes[2] ?? 0] = usdc;
    entries[first?.readonlyIndexes[4] ?? 0] = WRAPPED_SOL;
    return new Map(tables);
  };

  it('of the aggregator passes for what it is, and for nothing else', () => {
    const bytes = transactionOf('01-metis');
    const view = readTransaction(bytes, tablesFor(bytes));
    expect(inspectTransaction(view, sell)).toBeUndefined();
    expect(inspectTransaction(view, { ...sell, minOutAmount: 460_024_272n })).toContain(
      'guarantees',
    );
    expect(inspectTransaction(view, { ...sell, maxPriorityLamports: 600_000n })).toContain(
      'priority',
    );
    expect(inspectTransaction(view, { ...sell, wallet: thief })).toContain('pays the fee');
    expect(inspectTransaction(view, { ...sell, outputAccounts: [] })).toContain('it opens');
  });

  it('of the aggregator is not read without its lookup tables', () => {
    expect(() => readTransaction(transactionOf('01-metis'), new Map())).toThrow('is not known');
  });

  it('of a market maker is refused: it pays the fee and signs', () => {
    const view = readTransaction(transactionOf('02-jupiterz-rfq'), new Map());
    expect(inspectTransaction(view, sell)).toContain('pays the fee');
  });
});
