import bs58 from 'bs58';

import type { Address } from '#shared/domain/address.ts';
import { VENUE_PROGRAMS, WRAPPED_SOL } from '#shared/domain/venue.ts';
import { DETECTED_AT_MS, addressNamed, signatureNamed } from './detections.ts';

/** One outer instruction, accounts by name. */
export type TestInstruction = {
  readonly program: Address;
  readonly accounts: readonly Address[];
  readonly data: Uint8Array;
};

type TransactionFacts = {
  readonly name: string;
  readonly slot?: number;
  /** Unix seconds. */
  readonly blockTime?: number | null;
  readonly failed?: boolean;
};

/** A transaction as `getTransaction` answers it with encoding json, and as Helius's raw webhook lists it. */
export function aTransaction(
  {
    name,
    slot = 400_000_000,
    blockTime = DETECTED_AT_MS / 1_000,
    failed = false,
  }: TransactionFacts,
  instructions: readonly TestInstruction[] = [],
) {
  const payer = addressNamed(`${name} payer`);
  const accountKeys = [
    ...new Set([payer, ...instructions.flatMap(({ program, accounts }) => [program, ...accounts])]),
  ];
  return {
    slot,
    blockTime,
    version: 0,
    meta: {
      err: failed ? { InstructionError: [0, { Custom: 1 }] } : null,
      fee: 5_000,
      innerInstructions: [],
      loadedAddresses: { writable: [], readonly: [] },
      logMessages: [],
      preBalances: [],
      postBalances: [],
      preTokenBalances: [],
      postTokenBalances: [],
      rewards: [],
    },
    transaction: {
      signatures: [signatureNamed(name)],
      message: {
        accountKeys,
        header: {
          numRequiredSignatures: 1,
          numReadonlySignedAccounts: 0,
          numReadonlyUnsignedAccounts: 1,
        },
        instructions: instructions.map(({ program, accounts, data }) => ({
          programIdIndex: accountKeys.indexOf(program),
          accounts: accounts.map((account) => accountKeys.indexOf(account)),
          data: bs58.encode(data),
        })),
        recentBlockhash: addressNamed('blockhash'),
      },
    },
  };
}

/** Names the mint and the pool of `aLaunch` and `aPool` by the transaction's name. */
export const openedBy = (name: string) => ({
  mint: addressNamed(`${name} mint`),
  pool: addressNamed(`${name} pool`),
});

const named = (name: string, count: number, known: Readonly<Record<number, Address>>): Address[] =>
  Array.from(
    { length: count },
    (_, index) => known[index] ?? addressNamed(`${name} account ${index}`),
  );

/** A token born on Pump.fun's curve: `create_v2`, name, symbol and URI empty. */
export const aLaunch = (facts: TransactionFacts) => {
  const { mint, pool } = openedBy(facts.name);
  return aTransaction(facts, [
    {
      program: VENUE_PROGRAMS['pump-fun'],
      accounts: named(facts.name, 16, { 0: mint, 2: pool }),
      data: Buffer.concat([Buffer.from('d6904cec5f8b31b4', 'hex'), Buffer.alloc(12 + 32 + 8, 0)]),
    },
  ]);
};

/** A pool on Raydium AMM v4, the token on the "pc" side unless another quote is named. */
export const aPool = (facts: TransactionFacts & { readonly quoteMint?: Address }) => {
  const { mint, pool } = openedBy(facts.name);
  return aTransaction(facts, [
    {
      program: VENUE_PROGRAMS['raydium-amm-v4'],
      accounts: named(facts.name, 21, { 4: pool, 8: facts.quoteMint ?? WRAPPED_SOL, 9: mint }),
      data: Buffer.concat([Buffer.from([1, 254]), Buffer.alloc(24, 0)]),
    },
  ]);
};
