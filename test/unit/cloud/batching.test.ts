import { describe, expect, it } from 'vitest';

import { batchBuffer } from '#infra/local/cloud/sources/batch-buffer.ts';
import { batchVerdict } from '#infra/local/cloud/sources/batch-response.ts';
import { nextStep, unfinished } from '#infra/local/cloud/sources/stream-batch.ts';
import { type ReadRecord, readRecord } from '#infra/local/cloud/sources/stream-record.ts';

const record = (sequence: string): ReadRecord => ({
  createdAtMs: 0,
  record: {
    eventID: sequence,
    eventName: 'INSERT',
    dynamodb: { Keys: {}, SequenceNumber: sequence, ApproximateCreationDateTime: 0 },
  },
});
const records = (sequences: string): readonly ReadRecord[] => sequences.split('').map(record);
const named = (list: readonly ReadRecord[]): string =>
  list.map((one) => one.record.dynamodb.SequenceNumber).join('');

const report = (...failed: string[]): string =>
  JSON.stringify({ batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) });

describe('batchBuffer', () => {
  it('gives out at once, in full batches, when there is no window', () => {
    const buffer = batchBuffer<number>({ size: 2, windowMs: 0 });
    buffer.add([1, 2, 3], 0);

    expect([buffer.take(0), buffer.take(0), buffer.take(0)]).toEqual([[1, 2], [3], undefined]);
  });

  it('waits for the window of the oldest item, or a full batch', () => {
    const buffer = batchBuffer<number>({ size: 3, windowMs: 100 });
    buffer.add([1], 0);
    buffer.add([2], 60);

    expect(buffer.take(99)).toBeUndefined();
    expect(buffer.dueInMs(60)).toBe(40);
    expect(buffer.take(100)).toEqual([1, 2]);
    expect(buffer.dueInMs(100)).toBeUndefined();

    buffer.add([3, 4, 5, 6], 200);
    expect(buffer.dueInMs(200)).toBe(0);
    expect(buffer.take(200)).toEqual([3, 4, 5]);
    expect(buffer.take(200)).toBeUndefined();
    expect(buffer.size()).toBe(1);
  });
});

describe('batchVerdict', () => {
  it.each([
    { payload: 'null', failed: 'none' },
    { payload: '', failed: 'none' },
    { payload: '{}', failed: 'none' },
    { payload: '{"batchItemFailures":null}', failed: 'none' },
    { payload: '{"batchItemFailures":[]}', failed: 'none' },
    { payload: '{"batchItemFailures":[{"itemIdentifier":"b"}]}', failed: ['b'] },
    { payload: '{"batchItemFailures":[{"itemIdentifier":""}]}', failed: 'all' },
    { payload: '{"batchItemFailures":[{"itemIdentifier":null}]}', failed: 'all' },
    { payload: '{"batchItemFailures":[{"itemId":"b"}]}', failed: 'all' },
    { payload: '{"batchItemFailures":[{"itemIdentifier":"z"}]}', failed: 'all' },
    { payload: '"done"', failed: 'all' },
    { payload: '{', failed: 'all' },
  ])('reads $payload as $failed', ({ payload, failed }) => {
    expect(batchVerdict(payload, new Set(['a', 'b']))).toEqual({ failed });
  });
});

describe('a batch of stream records', () => {
  it.each([
    { payload: report('c', 'b'), reports: true, left: 'bcd' },
    { payload: report(), reports: true, left: '' },
    { payload: report('z'), reports: true, left: 'abcd' },
    { payload: report('a'), reports: false, left: '' },
  ])('has $left left after $payload', ({ payload, reports, left }) => {
    expect(named(unfinished(records('abcd'), payload, reports))).toBe(left);
  });

  it.each([
    { when: 'all is done', left: '', attempts: 0, bisect: false, does: 'done' },
    { when: 'it failed', left: 'abcd', attempts: 0, bisect: false, does: 'retry abcd#1' },
    { when: 'its end failed', left: 'cd', attempts: 1, bisect: false, does: 'retry cd#2' },
    { when: 'it failed too often', left: 'cd', attempts: 2, bisect: false, does: 'drop cd' },
    { when: 'it may be split', left: 'abcd', attempts: 2, bisect: true, does: 'retry ab#2 cd#2' },
    { when: 'its end may stand alone', left: 'cd', attempts: 2, bisect: true, does: 'retry cd#2' },
  ])('does "$does" when $when', ({ left, attempts, bisect, does }) => {
    const step = nextStep({ records: records('abcd'), attempts }, records(left), {
      maximumRetryAttempts: 2,
      bisect,
    });

    const told =
      step.step === 'retry'
        ? step.batches.map((batch) => ` ${named(batch.records)}#${batch.attempts}`).join('')
        : step.step === 'drop'
          ? ` ${named(step.records)}`
          : '';
    expect(step.step + told).toBe(does);
  });

  it('splits two records as well', () => {
    const step = nextStep({ records: records('ab'), attempts: 0 }, records('ab'), {
      maximumRetryAttempts: 0,
      bisect: true,
    });

    expect(step).toEqual({
      step: 'retry',
      batches: [
        { records: records('a'), attempts: 0 },
        { records: records('b'), attempts: 0 },
      ],
    });
  });

  it('never splits a single record, and tries it for ever without a limit', () => {
    const single = { records: records('a'), attempts: 9_999 };

    expect(
      nextStep(single, records('a'), { maximumRetryAttempts: undefined, bisect: true }),
    ).toEqual({ step: 'retry', batches: [{ records: records('a'), attempts: 10_000 }] });
  });
});

describe('readRecord', () => {
  const minute = 1_795_380_480;

  it.each([
    {
      when: 'cut to the minute of reading',
      reported: minute,
      nowMs: minute * 1_000 + 15_250,
      is: minute + 15,
    },
    {
      when: 'cut to an earlier minute',
      reported: minute,
      nowMs: minute * 1_000 + 90_000,
      is: minute + 59,
    },
    { when: 'exact', reported: minute + 7, nowMs: minute * 1_000 + 15_250, is: minute + 7 },
  ])('gives a time of creation that is $when', ({ reported, nowMs, is }) => {
    const raw = record('1').record;
    const read = readRecord(
      { ...raw, dynamodb: { ...raw.dynamodb, ApproximateCreationDateTime: reported } },
      { region: 'eu-west-1', streamArn: 'arn:stream', nowMs },
    );

    expect(read.record.dynamodb.ApproximateCreationDateTime).toBe(is);
    expect(read.record).toMatchObject({ awsRegion: 'eu-west-1', eventSourceARN: 'arn:stream' });
  });
});
