import * as z from 'zod';

import type { OnCloudEvent } from '../cloud-event.ts';
import type { QueueServer } from '../emulators/queue-server.ts';
import type { FunctionPool } from '../lambda/function-pool.ts';
import type { InvocationOutcome } from '../lambda/invocation-outcome.ts';
import { pause } from '../pause.ts';
import { batchBuffer } from './batch-buffer.ts';
import { batchedDeletion } from './batched-deletion.ts';
import { batchVerdict } from './batch-response.ts';
import { deadLetterWatch } from './dead-letter-watch.ts';
import { type QueueMessage, queueRecord, receiveSchema } from './queue-event.ts';

/** Longest wait of one receive. Source: SQS long polling. */
const LONG_POLL_SECONDS = 20;
/** `ReceiveMessage` gives no more at once. */
const RECEIVE_LIMIT = 10;
/** Pause before a throttled batch is tried again. */
const THROTTLE_PAUSE_MS = 250;

/** An SQS event source mapping as the template declares it. */
export type QueueMappingSpec = {
  readonly queue: {
    readonly name: string;
    readonly url: string;
    readonly arn: string;
    readonly visibilityTimeoutSeconds: number;
    /** `undefined`: no dead-letter queue. */
    readonly redrive:
      | { readonly deadLetterQueue: string; readonly maxReceiveCount: number }
      | undefined;
  };
  readonly batchSize: number;
  readonly windowSeconds: number;
  /** `ScalingConfig.MaximumConcurrency`; `undefined` is Lambda's own limit. */
  readonly maximumConcurrency: number | undefined;
  readonly reportBatchItemFailures: boolean;
  readonly region: string;
  /** See `deliverSoonAgain`. */
  readonly crashRedeliveryMs: number;
};

/** Messages since the start. `maxInFlight` counts messages inside the function at the same time. */
export type QueueStats = {
  readonly received: number;
  readonly deleted: number;
  readonly dead: number;
  readonly maxInFlight: number;
};

export type QueueMapping = {
  readonly stats: () => QueueStats;
  readonly stop: () => Promise<void>;
};

/** Concurrency of an SQS event source without a limit of its own. Source: Lambda, "Scaling SQS event sources". */
const MAPPING_CONCURRENCY = 1_250;

/**
 * Moves messages from a queue to a function, as Lambda's SQS pollers do: it receives no more than
 * it can hand over at once, deletes what succeeded, and leaves what failed to the queue's own
 * visibility timeout and redrive policy.
 */
export function startQueueMapping(
  spec: QueueMappingSpec,
  server: QueueServer,
  pool: FunctionPool,
  onEvent: OnCloudEvent,
): QueueMapping {
  const { queue } = spec;
  const slots = spec.maximumConcurrency ?? MAPPING_CONCURRENCY;
  const buffer = batchBuffer<QueueMessage>({
    size: spec.batchSize,
    windowMs: spec.windowSeconds * 1_000,
  });
  const count = { received: 0, maxInFlight: 0 };
  const running = new Set<Promise<void>>();
  const deadLetters = deadLetterWatch(queue, server, onEvent);
  const deletions = batchedDeletion(queue.url, server, report);
  let inFlight = 0;
  const stopping = new AbortController();
  let wake: (() => void) | undefined;

  function report(error: unknown): void {
    if (!stopping.signal.aborted)
      onEvent({ type: 'cloudError', part: `queue ${queue.name}`, reason: String(error) });
  }

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      startDueBatches();
      const free = slots - running.size;
      const room = Math.min(RECEIVE_LIMIT, free * spec.batchSize - buffer.size());
      if (free <= 0 || room <= 0) {
        await woken(buffer.dueInMs(Date.now()));
        continue;
      }
      const due = buffer.dueInMs(Date.now());
      const messages = await receive(room, due === undefined ? LONG_POLL_SECONDS : due / 1_000);
      count.received += messages.length;
      buffer.add(messages, Date.now());
    }
  }

  function startDueBatches(): void {
    while (running.size < slots) {
      const batch = buffer.take(Date.now());
      if (batch === undefined) return;
      const work = deliver(batch)
        .catch(report)
        .finally(() => {
          running.delete(work);
          wake?.();
        });
      running.add(work);
    }
  }

  /** Until a slot is free, or a batch's window is over. */
  async function woken(limitMs: number | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer =
        limitMs === undefined || running.size >= slots ? undefined : setTimeout(resolve, limitMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = undefined;
  }

  async function receive(most: number, waitSeconds: number): Promise<readonly QueueMessage[]> {
    const { Messages } = await server.sqs(
      'ReceiveMessage',
      {
        QueueUrl: queue.url,
        MaxNumberOfMessages: most,
        WaitTimeSeconds: Math.min(LONG_POLL_SECONDS, waitSeconds),
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      },
      receiveSchema,
    );
    return Messages;
  }

  async function deliver(batch: readonly QueueMessage[]): Promise<void> {
    inFlight += batch.length;
    count.maxInFlight = Math.max(count.maxInFlight, inFlight);
    try {
      const outcome = await invokeUntilHidden(
        JSON.stringify({
          Records: batch.map((message) => queueRecord(message, queue.arn, spec.region)),
        }),
      );
      const failed = failedOf(batch, outcome);
      const lost = outcome.kind === 'failed' && outcome.cause !== 'error';
      if (lost) await deliverSoonAgain(failed);
      for (const message of failed)
        deadLetters.expect(
          message.MessageId,
          Number(message.Attributes['ApproximateReceiveCount']),
        );
      for (const message of batch)
        if (!failed.includes(message)) deletions.add(message.ReceiptHandle);
    } finally {
      inFlight -= batch.length;
    }
  }

  /**
   * Lambda tries a throttled batch again until its visibility timeout, then drops it: the messages
   * come back with a higher receive count. Source: Lambda, "SQS error handling".
   */
  async function invokeUntilHidden(payload: string): Promise<InvocationOutcome> {
    const until = Date.now() + queue.visibilityTimeoutSeconds * 1_000;
    for (;;) {
      const outcome = await pool.invoke(payload);
      if (
        outcome.kind !== 'throttled' ||
        stopping.signal.aborted ||
        Date.now() + THROTTLE_PAUSE_MS >= until
      )
        return outcome;
      await pause(THROTTLE_PAUSE_MS, stopping.signal);
    }
  }

  function failedOf(
    batch: readonly QueueMessage[],
    outcome: InvocationOutcome,
  ): readonly QueueMessage[] {
    if (outcome.kind !== 'response') return batch;
    if (!spec.reportBatchItemFailures) return [];
    const known = new Set(batch.map(({ MessageId }) => MessageId));
    const { failed } = batchVerdict(outcome.payload, known);
    if (failed === 'none') return [];
    return failed === 'all' ? batch : batch.filter(({ MessageId }) => failed.includes(MessageId));
  }

  /**
   * Not as on AWS, where the messages of a lost environment stay hidden for the rest of the
   * visibility timeout. That is six function timeouts (90 s), and whoever kills an environment to
   * see what happens should not have to wait so long; receive counts and redelivery are the same.
   */
  async function deliverSoonAgain(messages: readonly QueueMessage[]): Promise<void> {
    const VisibilityTimeout = Math.min(
      spec.crashRedeliveryMs / 1_000,
      queue.visibilityTimeoutSeconds,
    );
    for (const { ReceiptHandle } of messages)
      await server
        .sqs(
          'ChangeMessageVisibility',
          { QueueUrl: queue.url, ReceiptHandle, VisibilityTimeout },
          z.unknown(),
        )
        .catch(report);
  }

  const polling = (async () => {
    while (!stopping.signal.aborted)
      await poll().catch(async (error: unknown) => {
        report(error);
        await pause(THROTTLE_PAUSE_MS, stopping.signal);
      });
  })();

  return {
    stats: () => ({ ...count, deleted: deletions.count(), dead: deadLetters.count() }),
    /** The queue server has to be stopped first or soon after: a long poll ends with it. */
    async stop() {
      stopping.abort();
      wake?.();
      await Promise.allSettled(running);
      await deletions.flush();
      await deadLetters.stop();
      void polling;
    },
  };
}
