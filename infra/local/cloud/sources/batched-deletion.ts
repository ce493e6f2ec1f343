import { setTimeout as delay } from 'node:timers/promises';

import * as z from 'zod';

import type { QueueServer } from '../emulators/queue-server.ts';

/** Deletes wait this long for company, well under the 20 ms that anyone would notice. */
const WINDOW_MS = 10;
/** `DeleteMessageBatch` takes no more at once. */
const BATCH_LIMIT = 10;

/** Deletes messages of one queue, several at a time. */
export type BatchedDeletion = {
  readonly add: (receiptHandle: string) => void;
  /** Deletes now what still waits. */
  readonly flush: () => Promise<void>;
  readonly count: () => number;
};

export function batchedDeletion(
  queueUrl: string,
  server: QueueServer,
  onError: (error: unknown) => void,
): BatchedDeletion {
  let waiting: string[] = [];
  let timer: Promise<void> | undefined;
  let deleted = 0;

  async function flush(): Promise<void> {
    timer = undefined;
    const handles = waiting;
    waiting = [];
    if (handles.length === 0) return;
    try {
      await server.sqs(
        'DeleteMessageBatch',
        {
          QueueUrl: queueUrl,
          Entries: handles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle })),
        },
        z.unknown(),
      );
      deleted += handles.length;
    } catch (error) {
      onError(error);
    }
  }

  return {
    add(receiptHandle) {
      waiting.push(receiptHandle);
      if (waiting.length >= BATCH_LIMIT) void flush();
      else timer ??= delay(WINDOW_MS).then(flush);
    },
    flush,
    count: () => deleted,
  };
}
