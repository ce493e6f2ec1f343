import type { FunctionPool } from '../lambda/function-pool.ts';
import type { InvocationOutcome } from '../lambda/invocation-outcome.ts';
import { pause } from '../pause.ts';
import { type BatchRules, batchBuffer } from './batch-buffer.ts';
import { type StreamBatch, type StreamRetryRules, nextStep, unfinished } from './stream-batch.ts';
import type { ReadRecord } from './stream-record.ts';

/** First pause before a failed batch is tried again; it doubles with each attempt. */
const RETRY_BASE_MS = 100;
const RETRY_LIMIT_MS = 5_000;
const THROTTLE_PAUSE_MS = 250;

/** Why records were given up. Source: the invocation records that Lambda sends to destinations. */
export type DropCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

/** Records that were given up, and the last attempt with them if there was one. */
export type DroppedRecords = {
  readonly condition: DropCondition;
  readonly records: readonly ReadRecord[];
  readonly invokeCount: number;
  readonly outcome: InvocationOutcome | undefined;
};

export type StreamLaneRules = BatchRules &
  StreamRetryRules & {
    readonly reportsFailures: boolean;
    /** `undefined`: until the stream forgets them. */
    readonly maximumAgeMs: number | undefined;
  };

/** What a lane tells its mapping. */
export type StreamLaneSignals = {
  readonly onAttempt: (failed: boolean) => void;
  readonly onDelivered: (records: number) => void;
  readonly onDropped: (dropped: DroppedRecords) => Promise<void>;
  readonly eventOf: (records: readonly ReadRecord[]) => string;
};

/** Delivers records one batch after the other: a failed batch holds up what comes after it. */
export type StreamLane = {
  readonly add: (records: readonly ReadRecord[]) => void;
  /** Records that wait or are being delivered. */
  readonly backlog: () => number;
  /** Resolves when everything that was added is delivered or dropped, or the lane has stopped. */
  readonly drained: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export function streamLane(
  rules: StreamLaneRules,
  pool: FunctionPool,
  { onAttempt, onDelivered, onDropped, eventOf }: StreamLaneSignals,
): StreamLane {
  const buffer = batchBuffer<ReadRecord>(rules);
  const stopping = new AbortController();
  let inHand = 0;
  let work: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const dueInMs = buffer.dueInMs(Date.now());
      if (dueInMs === undefined) return;
      const records = buffer.take(Date.now());
      if (records === undefined) {
        await pause(Math.max(1, dueInMs), stopping.signal);
        continue;
      }
      inHand = records.length;
      await deliver(records);
      inHand = 0;
    }
  }

  async function deliver(records: readonly ReadRecord[]): Promise<void> {
    const pending: StreamBatch[] = [{ records, attempts: 0 }];
    let invokeCount = 0;
    let last: InvocationOutcome | undefined;
    for (;;) {
      const next = pending.shift();
      if (next === undefined || stopping.signal.aborted) return;
      const batch = await withoutAged(next, invokeCount, last);
      if (batch.records.length === 0) continue;
      const outcome = await pool.invoke(eventOf(batch.records));
      if (outcome.kind === 'throttled') {
        // Before the function runs there is no attempt: only age ends this.
        pending.unshift(batch);
        await pause(THROTTLE_PAUSE_MS, stopping.signal);
        continue;
      }
      invokeCount += 1;
      last = outcome;
      const left =
        outcome.kind === 'response'
          ? unfinished(batch.records, outcome.payload, rules.reportsFailures)
          : batch.records;
      onAttempt(left.length > 0);
      onDelivered(batch.records.length - left.length);
      const step = nextStep(batch, left, rules);
      if (step.step === 'drop')
        await onDropped({
          condition: 'RetryAttemptsExhausted',
          records: step.records,
          invokeCount,
          outcome,
        });
      if (step.step !== 'retry') continue;
      pending.unshift(...step.batches);
      await pause(Math.min(RETRY_LIMIT_MS, RETRY_BASE_MS * 2 ** batch.attempts), stopping.signal);
    }
  }

  async function withoutAged(
    batch: StreamBatch,
    invokeCount: number,
    outcome: InvocationOutcome | undefined,
  ): Promise<StreamBatch> {
    const { maximumAgeMs } = rules;
    if (maximumAgeMs === undefined) return batch;
    const oldest = Date.now() - maximumAgeMs;
    const aged = batch.records.filter(({ createdAtMs }) => createdAtMs < oldest);
    if (aged.length === 0) return batch;
    await onDropped({ condition: 'RecordAgeExceeded', records: aged, invokeCount, outcome });
    return { ...batch, records: batch.records.filter(({ createdAtMs }) => createdAtMs >= oldest) };
  }

  async function drained(): Promise<void> {
    if (work === undefined) return;
    await work;
    await drained();
  }

  return {
    add(records) {
      buffer.add(records, Date.now());
      work ??= run().finally(() => {
        work = undefined;
      });
    },
    backlog: () => buffer.size() + inHand,
    drained,
    async stop() {
      stopping.abort();
      await drained();
    },
  };
}
