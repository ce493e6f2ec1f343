import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import {
  type CancellationReason,
  type DynamoDBClient,
  TransactWriteItemsCommand,
  type TransactWriteItem,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';

import { Fault, reasonOf } from '../../domain/fault.ts';

/** All written, or none; then for each item whether its own condition was what failed. */
export type TransactResult =
  | { readonly kind: 'written' }
  | { readonly kind: 'refused'; readonly failedConditions: readonly boolean[] };

const MAX_TRIES = 12;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 400;
/** Reasons that say nothing about the items and pass by themselves. */
const PASSING: ReadonlySet<string> = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

/**
 * Writes items in one transaction. Conflicts with other transactions and throttles are tried again,
 * with the same token, so that a write whose answer was lost is not taken for somebody else's.
 * @throws {Fault} `ledger.unavailable` when it was neither written nor refused in time.
 */
export async function transact(
  client: DynamoDBClient,
  items: TransactWriteItem[],
  signal: AbortSignal,
): Promise<TransactResult> {
  const command = new TransactWriteItemsCommand({
    TransactItems: items,
    // One for each call, not for each mint: two callers of the same millisecond must not both be
    // told that they wrote.
    ClientRequestToken: randomUUID(),
  });
  for (let tries = 1; ; tries += 1) {
    try {
      await client.send(command, { abortSignal: signal });
      return { kind: 'written' };
    } catch (error) {
      const reasons =
        error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
      if (reasons.some(isFailedCondition)) {
        return { kind: 'refused', failedConditions: items.map((_, at) => isFailed(reasons, at)) };
      }
      const mayPass = reasons.some(({ Code }) => PASSING.has(Code ?? ''));
      if (!mayPass || tries >= MAX_TRIES) throw unavailable(error);
    }
    await backOff(tries, signal);
  }
}

const isFailedCondition = ({ Code }: CancellationReason): boolean =>
  Code === 'ConditionalCheckFailed';

const isFailed = (reasons: readonly CancellationReason[], at: number): boolean => {
  const reason = reasons[at];
  return reason !== undefined && isFailedCondition(reason);
};

/** Full jitter: parallel claims of one burst meet on the same book items. */
async function backOff(tries: number, signal: AbortSignal): Promise<void> {
  const ceilingMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
  try {
    await pause(Math.random() * ceilingMs, undefined, { signal });
  } catch (cause) {
    throw unavailable(cause);
  }
}

/** The fault of a read or write that DynamoDB did not carry out. */
export const unavailable = (cause: unknown): Fault =>
  new Fault('ledger.unavailable', { reason: reasonOf(cause) }, { cause });
