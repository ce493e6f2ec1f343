import * as z from 'zod';

import type { Address } from '#shared/domain/address.ts';
import { signatureSchema } from '#shared/domain/detection.ts';

/**
 * What is subscribed to: `logs` tells signatures, and every node has it; `transactions` brings the
 * whole transaction, and is Helius's own.
 */
export const STREAMS = ['logs', 'transactions'] as const;
export type StreamKind = (typeof STREAMS)[number];

/** A JSON-RPC call without its id. */
export type SubscriptionCall = { readonly method: string; readonly params: readonly unknown[] };

const CONFIRMED = { commitment: 'confirmed' } as const;

/** The calls that subscribe to all transactions which name one of the accounts. */
export const subscriptionCalls = (
  kind: StreamKind,
  accounts: readonly Address[],
): SubscriptionCall[] =>
  kind === 'logs'
    ? // `mentions` takes one account only (Solana RPC reference, logsSubscribe).
      accounts.map((account) => ({
        method: 'logsSubscribe',
        params: [{ mentions: [account] }, CONFIRMED],
      }))
    : [
        {
          method: 'transactionSubscribe',
          params: [
            { vote: false, failed: false, accountInclude: [...accounts] },
            {
              ...CONFIRMED,
              encoding: 'jsonParsed',
              transactionDetails: 'full',
              showRewards: false,
              maxSupportedTransactionVersion: 1,
            },
          ],
        },
      ];

/** A transaction as a notification tells of it. */
export type Told = {
  readonly signature: string;
  /** Failed on chain: it opened nothing. */
  readonly failed: boolean;
  /** The notification itself where it carries the whole transaction; else it has to be asked for. */
  readonly body: unknown;
};

const logsSchema = z.object({
  method: z.literal('logsNotification'),
  params: z.object({
    result: z.object({ value: z.object({ signature: signatureSchema, err: z.unknown() }) }),
  }),
});
const transactionSchema = z.object({
  method: z.literal('transactionNotification'),
  params: z.object({
    result: z.object({
      signature: signatureSchema,
      transaction: z.object({ meta: z.object({ err: z.unknown() }) }),
    }),
  }),
});

/** Reads a notification; undefined for anything else. */
export function toldIn(message: unknown): Told | undefined {
  const logs = logsSchema.safeParse(message);
  if (logs.success) {
    const { signature, err } = logs.data.params.result.value;
    return { signature, failed: isFailure(err), body: undefined };
  }
  const full = transactionSchema.safeParse(message);
  if (!full.success) return undefined;
  const { signature, transaction } = full.data.params.result;
  return { signature, failed: isFailure(transaction.meta.err), body: message };
}

const isFailure = (err: unknown): boolean => err !== null && err !== undefined;
