import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';

import { RESPONSE_RESERVE_MS } from '#shared/runtime/deadline.ts';
import { type RecordContext, sqsHandler } from '#shared/runtime/sqs-handler.ts';
import { logger, metrics } from '#shared/runtime/telemetry.ts';
import { lambdaContext } from '../../support/lambda-context.ts';

const schema = z.object({ mint: z.string(), look: z.number() });
type Message = z.infer<typeof schema>;

const record = (messageId: string, body: unknown, receives = 1): SQSRecord => ({
  messageId,
  receiptHandle: 'handle',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  attributes: {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: '0',
    SenderId: 'x',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:tokens',
  awsRegion: 'us-east-1',
});

const run = async (
  handle: (message: Message, context: RecordContext) => Promise<void>,
  records: SQSRecord[],
  remainingMs = 15_000,
) => {
  const event: SQSEvent = { Records: records };
  return sqsHandler(schema, handle)(event, lambdaContext(remainingMs));
};

const lines: string[] = [];
beforeEach(() => {
  vi.spyOn(logger, 'error').mockImplementation((...line) => void lines.push(JSON.stringify(line)));
  vi.spyOn(metrics, 'publishStoredMetrics').mockReturnThis();
});
afterEach(() => {
  vi.restoreAllMocks();
  lines.length = 0;
});

describe('a handler of a queue', () => {
  it('hands on each message with its name and its deliveries', async () => {
    const seen: unknown[] = [];
    const response = await run(
      async (message, { messageId, receiveCount }) => {
        seen.push({ ...message, messageId, receiveCount });
      },
      [
        record('one', { mint: 'a', look: 1, later: true }),
        record('two', { mint: 'b', look: 2 }, 3),
      ],
    );
    expect(response).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual([
      { mint: 'a', look: 1, messageId: 'one', receiveCount: 1 },
      { mint: 'b', look: 2, messageId: 'two', receiveCount: 3 },
    ]);
  });

  it('reports a message that failed, and no other', async () => {
    const response = await run(
      async ({ mint }) => {
        if (mint === 'bad') throw new Error('the table is down');
      },
      [
        record('one', { mint: 'a', look: 1 }),
        record('two', { mint: 'bad', look: 1 }),
        record('three', { mint: 'c', look: 1 }),
      ],
    );
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'two' }] });
    expect(lines.join(' ')).toContain('the table is down');
  });

  it.each([
    ['is no JSON', 'hello'],
    ['is of another shape', { mint: 5 }],
    ['is nothing', ''],
    ['is null', 'null'],
  ])('reports a message whose body %s, and hands it to nobody', async (_what, body) => {
    const handled: string[] = [];
    const response = await run(
      async ({ mint }) => {
        handled.push(mint);
      },
      [record('bad', body), record('good', { mint: 'a', look: 1 })],
    );
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'bad' }] });
    expect(handled).toEqual(['a']);
    expect(lines.join(' ')).toContain('message.malformed');
  });

  it('starts all messages of a batch at once', async () => {
    let together = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    await run(async () => {
      together += 1;
      if (together === 2) resolve();
      await promise;
    }, [record('one', { mint: 'a', look: 1 }), record('two', { mint: 'b', look: 1 })]);
    expect(together).toBe(2);
  });

  it('ends the work before Lambda does', async () => {
    let reason: unknown;
    const startedAt = performance.now();
    await run(
      async (_message, { signal }) => {
        expect(signal.aborted).toBe(false);
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            reason = signal.reason;
            resolve();
          });
        });
      },
      [record('one', { mint: 'a', look: 1 })],
      RESPONSE_RESERVE_MS + 30,
    );
    expect(performance.now() - startedAt).toBeGreaterThan(20);
    expect(performance.now() - startedAt).toBeLessThan(RESPONSE_RESERVE_MS);
    expect(reason).toMatchObject({ name: 'TimeoutError' });
  });

  it('has no time at all when Lambda has none', async () => {
    let aborted: boolean | undefined;
    await run(
      async (_message, { signal }) => {
        await new Promise((resolve) => {
          setTimeout(resolve, 2);
        });
        aborted = signal.aborted;
      },
      [record('one', { mint: 'a', look: 1 })],
      100,
    );
    expect(aborted).toBe(true);
  });
});
