import {
  SQSClient,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';

import type { TokenDetected } from '../../domain/detection.ts';
import { Fault, reasonOf } from '../../domain/fault.ts';
import { type Clock, systemClock } from '../../ports/clock.ts';
import { type Pause, systemPause } from '../../ports/pause.ts';
import type { TokenQueue } from '../../ports/token-queue.ts';
import { mapBounded } from '../../runtime/map-bounded.ts';
import { CLIENT_DEFAULTS } from './client-defaults.ts';

/** Limits of SendMessageBatch (SQS API reference): entries, bytes of all bodies, longest delay. */
const MAX_ENTRIES = 10;
const MAX_BATCH_BYTES = 1_048_576;
const MAX_DELAY_SECONDS = 900;

const BATCHES_AT_ONCE = 8;
const TRIES = 3;
const BACKOFF_MS = 50;

export type SqsTokenQueueOptions = {
  readonly queueUrl: string;
  readonly client?: SQSClient;
  readonly clock?: Clock;
  /** Between the tries. */
  readonly pause?: Pause;
};

/** The queue of tokens on SQS: a standard queue, fair between venues and sources. */
export function sqsTokenQueue({
  queueUrl,
  client = new SQSClient(CLIENT_DEFAULTS),
  clock = systemClock,
  pause = systemPause,
}: SqsTokenQueueOptions): TokenQueue {
  /** Sends a batch until all of it is accepted; answers with how many were not, and why. */
  const sendBatch = async (
    entries: readonly SendMessageBatchRequestEntry[],
    signal: AbortSignal,
  ): Promise<Refusal> => {
    let left = entries;
    let reason = '';
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      try {
        const answer = await client.send(
          new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: [...left] }),
          { abortSignal: signal },
        );
        // Accepted is what the queue names as accepted: silence about an entry is a refusal.
        const accepted = new Set(answer.Successful?.map(({ Id }) => Id));
        left = left.filter(({ Id }) => !accepted.has(Id));
        if (left.length === 0) return { refused: 0, reason: '' };
        reason = answer.Failed?.[0]?.Code ?? 'the queue did not acknowledge';
        if (attempt < TRIES) await pause(BACKOFF_MS * 2 ** attempt * Math.random(), signal);
      } catch (error) {
        // The SDK has tried its times already, and the other batches are still to be told.
        return { refused: left.length, reason: reasonOf(error), cause: error };
      }
    }
    return { refused: left.length, reason };
  };

  return {
    async send(looks, signal) {
      const nowMs = clock.now();
      const entries = withoutDuplicates(looks).map((look, index) => entryOf(look, index, nowMs));
      const refusals = await mapBounded(batchesOf(entries), BATCHES_AT_ONCE, async (batch) =>
        sendBatch(batch, signal),
      );
      const refused = refusals.reduce((sum, refusal) => sum + refusal.refused, 0);
      if (refused === 0) return;
      const first = refusals.find((refusal) => refusal.refused > 0);
      throw new Fault(
        'queue.refused',
        { refused, reason: first?.reason ?? '' },
        { cause: first?.cause },
      );
    },
  };
}

type Refusal = { readonly refused: number; readonly reason: string; readonly cause?: unknown };

function withoutDuplicates(looks: readonly TokenDetected[]): TokenDetected[] {
  const byKey = new Map<string, TokenDetected>();
  for (const look of looks) {
    const key = `${look.mint}/${look.pool}/${look.look}`;
    if (!byKey.has(key)) byKey.set(key, look);
  }
  return [...byKey.values()];
}

const entryOf = (
  look: TokenDetected,
  index: number,
  nowMs: number,
): SendMessageBatchRequestEntry => ({
  Id: String(index),
  MessageBody: JSON.stringify(look),
  // Rounded up: a look is never early.
  DelaySeconds: Math.min(MAX_DELAY_SECONDS, Math.max(0, Math.ceil((look.dueAt - nowMs) / 1_000))),
  // On a standard queue the group only shares the analyzers fairly: a burst of one venue or source
  // cannot hold up the others.
  MessageGroupId: `${look.venue}/${look.source}`,
});

function batchesOf(
  entries: readonly SendMessageBatchRequestEntry[],
): SendMessageBatchRequestEntry[][] {
  const batches: SendMessageBatchRequestEntry[][] = [];
  let batch: SendMessageBatchRequestEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.MessageBody ?? '');
    if (batch.length === MAX_ENTRIES || bytes + size > MAX_BATCH_BYTES) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
