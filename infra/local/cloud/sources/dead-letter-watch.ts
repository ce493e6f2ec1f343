import type { OnCloudEvent } from '../cloud-event.ts';
import type { QueueServer } from '../emulators/queue-server.ts';

const LOOK_INTERVAL_MS = 250;

/** Tells when messages that used up their receives have reached the dead-letter queue. */
export type DeadLetterWatch = {
  /** A message failed; if that was its last receive, it is looked for from now on. */
  readonly expect: (messageId: string, receiveCount: number) => void;
  readonly count: () => number;
  readonly stop: () => Promise<void>;
};

/**
 * Looks into the dead-letter queue, but only while a message is on its way there: SQS moves it at
 * the receive after its last one and tells nobody.
 */
export function deadLetterWatch(
  {
    redrive,
  }: {
    readonly redrive:
      | { readonly deadLetterQueue: string; readonly maxReceiveCount: number }
      | undefined;
  },
  server: QueueServer,
  onEvent: OnCloudEvent,
): DeadLetterWatch {
  const expected = new Set<string>();
  let dead = 0;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  async function look(queue: string): Promise<void> {
    for (const { messageId, body } of await server.inspect(queue)) {
      if (!expected.delete(messageId)) continue;
      dead += 1;
      onEvent({ type: 'deadLetter', queue, messageId, body });
    }
    if (expected.size === 0) stopTimer();
  }

  function stopTimer(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    expect(messageId, receiveCount) {
      if (redrive === undefined || receiveCount < redrive.maxReceiveCount) return;
      expected.add(messageId);
      timer ??= setInterval(() => {
        looking = look(redrive.deadLetterQueue).catch((error: unknown) => {
          onEvent({ type: 'cloudError', part: redrive.deadLetterQueue, reason: String(error) });
        });
      }, LOOK_INTERVAL_MS);
    },
    count: () => dead,
    async stop() {
      stopTimer();
      await looking;
    },
  };
}
