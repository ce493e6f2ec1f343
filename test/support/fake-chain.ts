import { createHash } from 'node:crypto';

import bs58 from 'bs58';

import { rpcSwapChain } from '#shared/adapters/solana/rpc-swap-chain.ts';
import type { RpcClient } from '#shared/adapters/solana/rpc-client.ts';
import type { Address } from '#shared/domain/address.ts';
import { JUPITER_PROGRAM } from '#shared/domain/solana-programs.ts';
import { TOKEN_PROGRAM } from '#shared/domain/token-mint.ts';
import type { TransactionView } from '#shared/domain/transaction-view.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import type { Quote, QuoteAnswer, QuoteRequest } from '#shared/ports/quote-api.ts';
import type { SwapChain } from '#shared/ports/swap-chain.ts';
import type { HandClock } from './hand-clock.ts';
import { testAddress } from './trades.ts';

export const WALLET = testAddress(999_001);
const BLOCK_MS = 400;
const FIRST_HEIGHT = 1_000_000;
const LIFE_BLOCKS = 150;
const FINALITY_BLOCKS = 32;
export const FEE = 7n;

/** A swap as the fake router writes it into its "transactions". */
export type FakeSwap = {
  readonly id: number;
  readonly side: 'buy' | 'sell';
  readonly mint: Address;
  readonly inAmount: string;
  readonly outAmount: string;
  readonly lastValidBlockHeight: number;
};
type Landed = {
  readonly swap: FakeSwap;
  readonly atMs: number;
  readonly ok: boolean;
  readonly lamportsChange: bigint;
  readonly tokensChange: bigint;
};

/** What befalls what is sent and asked. Each is drawn from the history. */
export type Weather = {
  /** Delay until a sent transaction reaches a leader; undefined: it is lost. */
  readonly delayMs: () => number | undefined;
  readonly failsOnChain: () => boolean;
  /** How far each node is behind. */
  readonly lagMs: readonly [number, number];
  /** The first node never knows a transaction, though its height is right. */
  readonly firstLies: boolean;
  readonly nodeFails: () => boolean;
  readonly simulationFails: () => boolean;
};

/** A chain that moves with the clock, two nodes before it, and a router that builds swaps for it. */
export class FakeChain {
  readonly landed = new Map<string, Landed>();
  readonly holdings = new Map<Address, bigint>();
  lamports = 10n ** 12n;
  weather: Weather;
  readonly #underWay: { readonly transaction: string; readonly atMs: number; ok: boolean }[] = [];
  readonly #clock: HandClock;
  readonly #onSend: (transaction: string, signature: string) => void;
  #lastId = 0;

  constructor(
    clock: HandClock,
    weather: Weather,
    onSend: (transaction: string, signature: string) => void,
  ) {
    this.#clock = clock;
    this.weather = weather;
    this.#onSend = onSend;
  }

  height(atMs = this.#clock.now()): number {
    return FIRST_HEIGHT + Math.floor((atMs - START_MS) / BLOCK_MS);
  }

  quote(request: QuoteRequest, price: bigint): QuoteAnswer {
    this.#lastId += 1;
    const isBuy = request.inputMint === WRAPPED_SOL;
    const outAmount = isBuy ? request.amount * 1_000n : (request.amount * price) / 1_000_000n;
    if (outAmount === 0n) return { kind: 'refused', reason: 'worth nothing' };
    const swap: FakeSwap = {
      id: this.#lastId,
      side: isBuy ? 'buy' : 'sell',
      mint: isBuy ? request.outputMint : request.inputMint,
      inAmount: request.amount.toString(),
      outAmount: outAmount.toString(),
      lastValidBlockHeight: this.height() + LIFE_BLOCKS,
    };
    const quote: Quote = {
      inputMint: request.inputMint,
      outputMint: request.outputMint,
      inAmount: request.amount,
      outAmount,
      minOutAmount: outAmount,
      slippageBps: 0,
      priceImpactBps: 10,
      feeBps: 50,
      networkLamports: 100n,
      router: 'metis',
      requestId: `request-${this.#lastId}`,
      transaction: request.taker === undefined ? null : encode({ swap }),
      lastValidBlockHeight: swap.lastValidBlockHeight,
      expireAt: null,
    };
    return { kind: 'quoted', quote };
  }

  /** Sends once; what arrives may land later, unless it has expired by then. */
  send(transaction: string): void {
    const { swap, signature } = decode(transaction);
    if (signature === undefined) throw new Error('an unsigned transaction was sent');
    this.#onSend(transaction, signature);
    const delayMs = this.weather.delayMs();
    if (delayMs === undefined) return;
    const ok = !this.weather.failsOnChain() && swap.inAmount !== '0';
    this.#underWay.push({ transaction, atMs: this.#clock.now() + delayMs, ok });
  }

  /** Lands what has arrived by now. */
  settle(): void {
    const now = this.#clock.now();
    const due = this.#underWay.filter(({ atMs }) => atMs <= now).sort((a, b) => a.atMs - b.atMs);
    for (const each of due) {
      this.#underWay.splice(this.#underWay.indexOf(each), 1);
      this.#land(each);
    }
  }

  #land({ transaction, atMs, ok }: { transaction: string; atMs: number; ok: boolean }): void {
    const { swap, signature = '' } = decode(transaction);
    if (this.landed.has(signature) || this.height(atMs) > swap.lastValidBlockHeight) return;
    const held = this.holdings.get(swap.mint) ?? 0n;
    const amount = BigInt(swap.inAmount);
    const succeeds = ok && (swap.side === 'buy' || held >= amount);
    const out = BigInt(swap.outAmount);
    const tokensChange = !succeeds ? 0n : swap.side === 'buy' ? out : -amount;
    const lamportsChange = !succeeds ? -FEE : swap.side === 'buy' ? -amount - FEE : out - FEE;
    this.landed.set(signature, { swap, atMs, ok: succeeds, lamportsChange, tokensChange });
    this.holdings.set(swap.mint, held + tokensChange);
    this.lamports += lamportsChange;
  }

  /** True when nothing can come of this transaction any more. */
  isDead(transaction: string): boolean {
    const { swap, signature = '' } = decode(transaction);
    const landed = this.landed.get(signature);
    return landed === undefined ? this.height() > swap.lastValidBlockHeight : !landed.ok;
  }

  #node(index: 0 | 1): RpcClient {
    return {
      call: async (method, params) => {
        this.settle();
        if (this.weather.nodeFails()) throw new Error('node does not answer');
        const seenMs = this.#clock.now() - this.weather.lagMs[index];
        const known = (signature: string): Landed | undefined => {
          const landed = this.landed.get(signature);
          const lies = index === 0 && this.weather.firstLies;
          return landed === undefined || lies || landed.atMs > seenMs ? undefined : landed;
        };
        switch (method) {
          case 'getBlockHeight':
            return this.height(seenMs) - FINALITY_BLOCKS;
          case 'getSignatureStatuses': {
            const [signature] = params[0] as [string];
            const landed = known(signature);
            const status = { confirmationStatus: 'confirmed', err: null };
            return { value: [landed === undefined ? null : status] };
          }
          case 'getTransaction': {
            const landed = known(params[0] as string);
            return landed === undefined ? null : transactionJson(landed);
          }
          case 'sendTransaction':
            this.send(params[0] as string);
            return '';
          default:
            throw new Error(`${method} is not expected`);
        }
      },
    };
  }

  /** The real adapter over the two nodes; only bytes of transactions are fake. */
  swapChain(): SwapChain {
    return {
      ...rpcSwapChain([this.#node(0), this.#node(1)]),
      read: async (transaction) => viewOf(decode(transaction).swap, transaction),
      simulate: async () => (this.weather.simulationFails() ? 'custom error 0x11' : undefined),
      assemble: (transaction) => {
        const { swap } = decode(transaction);
        const hash = createHash('sha512').update(transaction).digest();
        const signature = bs58.encode(hash);
        return { transaction: encode({ swap, signature }), signature };
      },
      holding: async (_wallet, mint) => {
        this.settle();
        const tokens = this.holdings.get(mint) ?? 0n;
        return { tokenProgram: TOKEN_PROGRAM, account: ownAccount(mint), tokens };
      },
    };
  }
}

export const START_MS = Date.UTC(2026, 10, 20, 12);
/** The wallet's own account of a mint, in this world. */
export const ownAccount = (mint: Address): Address => {
  const seed = createHash('sha256').update(mint).digest().readUInt32BE(0);
  return testAddress(seed);
};

type Wire = { readonly swap: FakeSwap; readonly signature?: string };
const encode = (wire: Wire): string => Buffer.from(JSON.stringify(wire)).toString('base64');
const decode = (transaction: string): Wire =>
  JSON.parse(Buffer.from(transaction, 'base64').toString()) as Wire;

/** What the inspection gets to see: one route of Jupiter's between our own accounts. */
function viewOf(swap: FakeSwap, transaction: string): TransactionView {
  const [given, taken] = swap.side === 'buy' ? [WRAPPED_SOL, swap.mint] : [swap.mint, WRAPPED_SOL];
  const data = Buffer.alloc(34);
  data.set(Buffer.from('bb64facc31c4af14', 'hex'));
  data.writeBigUInt64LE(BigInt(swap.inAmount), 8);
  data.writeBigUInt64LE(BigInt(swap.outAmount), 16);
  data.writeUInt16LE(50, 26);
  return {
    feePayer: WALLET,
    signers: [WALLET],
    recentBlockhash: testAddress(1),
    message: Buffer.from(transaction),
    instructions: [
      {
        program: JUPITER_PROGRAM,
        accounts: [
          WALLET,
          ownAccount(given),
          ownAccount(taken),
          given,
          taken,
          TOKEN_PROGRAM,
          TOKEN_PROGRAM,
          JUPITER_PROGRAM,
          JUPITER_PROGRAM,
          JUPITER_PROGRAM,
        ],
        data,
      },
    ],
  };
}

/** `getTransaction`, as far as a fill is read from it. */
function transactionJson({ swap, ok, lamportsChange, tokensChange }: Landed): unknown {
  const before = 10n ** 12n;
  const held = 10n ** 14n;
  const balance = (amount: bigint) => [
    { mint: swap.mint, owner: WALLET, uiTokenAmount: { amount: amount.toString() } },
  ];
  return {
    slot: 5,
    meta: {
      err: ok ? null : { InstructionError: [3, { Custom: 6_001 }] },
      fee: Number(FEE),
      preBalances: [Number(before)],
      postBalances: [Number(before + lamportsChange)],
      preTokenBalances: balance(held),
      postTokenBalances: balance(held + tokensChange),
    },
    transaction: { message: { accountKeys: [WALLET] } },
  };
}
