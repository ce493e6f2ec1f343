import type { SQSClient, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';

import { sqsTokenQueue } from '#shared/adapters/aws/sqs-token-queue.ts';
import { DETECTED_AT_MS, aDetection } from '../../support/detections.ts';

type Batch = SendMessageBatchCommand['input'];
const { signal } = new AbortController();

const idsOf = ({ Entries = [] }: Batch): string[] => Entries.map(({ Id }) => Id ?? '');

/** The adapter on a client that answers what `answer` says of each batch. */
function bench(answer: (batch: Batch, attempt: number) => unknown) {
  const batches: Batch[] = [];
  const pauses: number[] = [];
  let underWay = 0;
  let mostUnderWay = 0;
  const client = {
    async send({ input }: { input: Batch }) {
      batches.push(input);
      underWay += 1;
      mostUnderWay = Math.max(mostUnderWay, underWay);
      await Promise.resolve();
      underWay -= 1;
      return answer(input, batches.length);
    },
  };
  const queue = sqsTokenQueue({
    queueUrl: 'https://sqs.test/tokens',
    client: client as unknown as SQSClient,
    clock: { now: () => DETECTED_AT_MS },
    pause: async (ms) => {
      pauses.push(ms);
    },
  });
  return { queue, batches, pauses, mostUnderWay: () => mostUnderWay };
}

const acceptsAll = (batch: Batch) => ({ Successful: idsOf(batch).map((Id) => ({ Id })) });
const refuses = (Id: string) => ({ Id, SenderFault: false, Code: 'ServiceUnavailable' });
const looks = (count: number) =>
  Array.from({ length: count }, (_, index) => aDetection({ name: `t${index}` }));

describe('sqsTokenQueue', () => {
  it('shares the queue fairly by venue and source', async () => {
    const { queue, batches } = bench(acceptsAll);
    await queue.send(
      [aDetection(), aDetection({ name: 'b', venue: 'raydium-cpmm', source: 'sweep' })],
      signal,
    );
    expect(batches[0]?.Entries?.map(({ MessageGroupId }) => MessageGroupId)).toEqual([
      'pump-fun/webhook',
      'raydium-cpmm/sweep',
    ]);
  });

  it.each([
    { dueInMs: -1, seconds: 0 },
    { dueInMs: 0, seconds: 0 },
    { dueInMs: 1, seconds: 1 },
    { dueInMs: 15_000, seconds: 15 },
    { dueInMs: 15_001, seconds: 16 },
    { dueInMs: 900_001, seconds: 900 },
  ])('waits $seconds s for a look due in $dueInMs ms', async ({ dueInMs, seconds }) => {
    const { queue, batches } = bench(acceptsAll);
    await queue.send([aDetection({ dueAt: DETECTED_AT_MS + dueInMs })], signal);
    expect(batches[0]?.Entries?.[0]?.DelaySeconds).toBe(seconds);
  });

  it('fills batches of ten, a few at once', async () => {
    const { queue, batches, mostUnderWay } = bench(acceptsAll);
    await queue.send(looks(205), signal);
    expect(batches.map(({ Entries }) => Entries?.length).sort((a = 0, b = 0) => b - a)).toEqual([
      ...Array.from({ length: 20 }, () => 10),
      5,
    ]);
    expect(mostUnderWay()).toBeLessThanOrEqual(8);
    expect(mostUnderWay()).toBeGreaterThan(1);
  });

  it('never sends more than a mebibyte at once', async () => {
    const { queue, batches } = bench(acceptsAll);
    // No field of a real look grows so long; the limit must hold all the same.
    const venue = 'x'.repeat(300_000) as 'pump-fun';
    const large = Array.from({ length: 7 }, (_, index) => aDetection({ name: `t${index}`, venue }));
    await queue.send(large, signal);
    const sizes = batches.map(({ Entries = [] }) =>
      Entries.reduce((sum, { MessageBody = '' }) => sum + MessageBody.length, 0),
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_048_576);
    expect(batches.flatMap(idsOf)).toHaveLength(7);
    expect(batches).toHaveLength(3);
  });

  it('sends again only what was refused', async () => {
    const { queue, batches, pauses } = bench((batch, attempt) =>
      attempt === 1
        ? {
            Successful: idsOf(batch)
              .filter((id) => id !== '1')
              .map((Id) => ({ Id })),
            Failed: [refuses('1')],
          }
        : acceptsAll(batch),
    );
    await queue.send(looks(3), signal);
    expect(batches.map(idsOf)).toEqual([['0', '1', '2'], ['1']]);
    expect(pauses).toHaveLength(1);
  });

  it('gives up after three tries, and says how many were refused and why', async () => {
    const { queue, batches, pauses } = bench(() => ({
      Successful: [{ Id: '0' }],
      Failed: [refuses('1'), refuses('2')],
    }));
    await expect(queue.send(looks(3), signal)).rejects.toMatchObject({
      code: 'queue.refused',
      context: { refused: 2, reason: 'ServiceUnavailable' },
    });
    expect(batches.map(idsOf)).toEqual([
      ['0', '1', '2'],
      ['1', '2'],
      ['1', '2'],
    ]);
    expect(pauses).toHaveLength(2);
  });

  it('takes silence about an entry for a refusal', async () => {
    const { queue } = bench(() => ({ Successful: [{ Id: '0' }] }));
    await expect(queue.send(looks(2), signal)).rejects.toMatchObject({
      context: { refused: 1 },
    });
  });

  it('sends the other batches when one call fails', async () => {
    const cause = new Error('socket hang up');
    const { queue, batches } = bench((batch) => {
      if (idsOf(batch).includes('0')) throw cause;
      return acceptsAll(batch);
    });
    await expect(queue.send(looks(25), signal)).rejects.toMatchObject({
      code: 'queue.refused',
      context: { refused: 10, reason: 'Error: socket hang up' },
      cause,
    });
    expect(batches).toHaveLength(3);
  });
});
