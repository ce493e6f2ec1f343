import { createHash } from 'node:crypto';

import bs58 from 'bs58';

import { VENUE_PROGRAMS, WRAPPED_SOL } from '#shared/domain/venue.ts';

const SYSTEM = '11111111111111111111111111111111';
const TOKEN = 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA';

/** Bytes that look random and are the same for the same name. */
const bytesNamed = (name: string, length: number): Buffer =>
  Buffer.concat(
    Array.from({ length: Math.ceil(length / 64) }, (_, index) =>
      createHash('sha512').update(`${name} ${index}`).digest(),
    ),
  ).subarray(0, length);

const addressNamed = (name: string): string => bs58.encode(bytesNamed(name, 32));

type Shape = {
  readonly program: string;
  readonly data: Buffer;
  readonly accounts: number;
  readonly known: Readonly<Record<number, string>>;
};

const swap = (name: string): Shape => ({
  program: VENUE_PROGRAMS['pump-swap'],
  data: Buffer.concat([Buffer.from('66063d1201daebea', 'hex'), bytesNamed(name, 17)]),
  accounts: 23,
  known: {},
});

const launch = (name: string): Shape => ({
  program: VENUE_PROGRAMS['pump-fun'],
  data: Buffer.concat([
    Buffer.from('d6904cec5f8b31b4', 'hex'),
    Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    bytesNamed(`${name} creator`, 32),
    Buffer.alloc(2),
  ]),
  accounts: 19,
  known: { 16: WRAPPED_SOL },
});

const pool = (name: string): Shape => ({
  program: VENUE_PROGRAMS['raydium-cpmm'],
  data: Buffer.concat([
    Buffer.from('afaf6d1f0d989bed', 'hex'),
    bytesNamed(name, 16),
    Buffer.alloc(8),
  ]),
  accounts: 20,
  known: { 4: WRAPPED_SOL },
});

/**
 * Bodies of a raw webhook, as JSON text: swaps with the calls, events, logs and balances that real
 * ones carry (some 12 KB each), one in twenty-five a launch and one in fifty a new pool.
 */
export function* webhookBodies(count: number, transactionsEach: number): Generator<string> {
  for (let body = 0; body < count; body += 1) {
    const transactions = Array.from({ length: transactionsEach }, (_, index) => {
      const at = body * transactionsEach + index;
      const name = `transaction ${at}`;
      if (at % 25 === 3) return transactionOf(name, launch(name));
      return transactionOf(name, at % 50 === 7 ? pool(name) : swap(name));
    });
    yield JSON.stringify(transactions);
  }
}

function transactionOf(name: string, { program, data, accounts, known }: Shape): object {
  const main = Array.from(
    { length: accounts },
    (_, at) => known[at] ?? addressNamed(`${name} ${at}`),
  );
  const keys = [...new Set([addressNamed(`${name} payer`), ...main, SYSTEM, TOKEN, program])];
  const loaded = keys.slice(8, 14);
  const own = keys.filter((key) => !loaded.includes(key));
  const all = [...own, ...loaded];
  const indexes = (names: readonly string[]): number[] => names.map((key) => all.indexOf(key));
  const call = (of: string, size: number, names: readonly string[], at: number) => ({
    programIdIndex: all.indexOf(of),
    accounts: indexes(names),
    data: bs58.encode(bytesNamed(`${name} call ${at}`, size)),
    stackHeight: 2,
  });
  const balance = (at: number) => ({
    accountIndex: at,
    mint: main[3],
    owner: main[2],
    programId: TOKEN,
    uiTokenAmount: {
      amount: '793100000000000',
      decimals: 6,
      uiAmount: 793_100_000,
      uiAmountString: '793100000',
    },
  });
  const lamports = all.map((_, at) => 2_039_280 + at);
  const balances = Array.from({ length: 5 }, (_, at) => balance(at + 1));
  return {
    blockTime: 1_790_000_000,
    indexWithinBlock: 7,
    meta: {
      err: null,
      fee: 5_000,
      innerInstructions: [
        {
          index: 1,
          instructions: [
            ...Array.from({ length: 8 }, (_, at) => call(TOKEN, 9, main.slice(at, at + 4), at)),
            call(program, 360, main.slice(0, 1), 8),
          ],
        },
      ],
      loadedAddresses: { writable: loaded.slice(0, 3), readonly: loaded.slice(3) },
      logMessages: Array.from({ length: 48 }, (_, at) =>
        at % 2 === 0
          ? `Program ${TOKEN} invoke [2]`
          : `Program ${TOKEN} consumed 4645 of ${200_000 - at} compute units`,
      ),
      preBalances: lamports,
      postBalances: lamports,
      preTokenBalances: balances,
      postTokenBalances: balances,
      rewards: [],
    },
    slot: 400_000_000,
    transaction: {
      message: {
        accountKeys: own,
        addressTableLookups: [],
        header: {
          numRequiredSignatures: 1,
          numReadonlySignedAccounts: 0,
          numReadonlyUnsignedAccounts: 5,
        },
        instructions: [
          { programIdIndex: all.indexOf(SYSTEM), accounts: [0, 1], data: '3Bxs4Bc3VYuGVB19' },
          {
            programIdIndex: all.indexOf(program),
            accounts: indexes(main),
            data: bs58.encode(data),
          },
        ],
        recentBlockhash: addressNamed('blockhash'),
      },
      signatures: [bs58.encode(bytesNamed(`${name} signature`, 64))],
    },
    version: 0,
  };
}
