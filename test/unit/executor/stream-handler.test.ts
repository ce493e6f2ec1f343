import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';

import { streamHandler } from '#shared/runtime/stream-handler.ts';
import { plainImage } from '#shared/runtime/stream-image.ts';
import { lambdaContext } from '../../support/lambda-context.ts';

const schema = z.object({ mint: z.string(), look: z.string() });
type Row = z.infer<typeof schema>;

const record = (sequence: number, image: Record<string, AttributeValue>): DynamoDBRecord => ({
  eventName: 'INSERT',
  dynamodb: {
    SequenceNumber: String(sequence),
    Keys: { ...(image['mint'] && { mint: image['mint'] }) },
    NewImage: image,
  },
});
const row = (sequence: number, mint: string, look: string): DynamoDBRecord =>
  record(sequence, { mint: { S: mint }, look: { S: look } });

// The handler logs what fails, and these tests make it fail on purpose.
vi.hoisted(() => {
  process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
  process.env['POWERTOOLS_METRICS_DISABLED'] = 'true';
  // Without it the metrics' warnings bypass the console of the tests.
  process.env['POWERTOOLS_DEV'] = 'true';
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});

const handling = (handle: (row: Row, signal: AbortSignal) => Promise<void>) => {
  const handler = streamHandler({ schema, partitionKey: 'mint' }, async (each, { signal }) =>
    handle(each, signal),
  );
  return async (records: DynamoDBRecord[], remainingMs?: number) =>
    handler({ Records: records }, lambdaContext(remainingMs));
};

describe('a stream handler', () => {
  it('reports nothing when every record was handled', async () => {
    const seen: string[] = [];
    const invoke = handling(async ({ look }) => void seen.push(look));
    expect(await invoke([row(1, 'a', '1'), row(2, 'b', '2')])).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual(['1', '2']);
  });

  it('handles one mint in order and different mints at once', async () => {
    const log: string[] = [];
    const gates = new Map<string, () => void>();
    const invoke = handling(async ({ mint, look }) => {
      log.push(`${mint}${look} begins`);
      await new Promise<void>((resolve) => gates.set(mint + look, resolve));
      log.push(`${mint}${look} ends`);
    });
    const done = invoke([row(1, 'a', '1'), row(2, 'a', '2'), row(3, 'b', '1')]);
    await vi.waitFor(() => expect(log).toEqual(['a1 begins', 'b1 begins']));
    gates.get('a1')?.();
    await vi.waitFor(() => expect(log).toContain('a2 begins'));
    gates.get('a2')?.();
    gates.get('b1')?.();
    await done;
    expect(log).toEqual(['a1 begins', 'b1 begins', 'a1 ends', 'a2 begins', 'a2 ends', 'b1 ends']);
  });

  it('reports only the lowest sequence number that failed, and stops that mint alone', async () => {
    const seen: string[] = [];
    const invoke = handling(async ({ mint, look }) => {
      seen.push(mint + look);
      if (look === 'bad') throw new Error('no');
    });
    const result = await invoke([
      row(9, 'a', '1'),
      row(10, 'b', 'bad'),
      row(100, 'c', 'bad'),
      row(101, 'b', 'after'),
      row(102, 'a', '2'),
    ]);
    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: '10' }] });
    expect(seen.toSorted()).toEqual(['a1', 'a2', 'bbad', 'cbad']);
  });

  it.each<[string, DynamoDBRecord]>([
    ['not of the schema', record(7, { mint: { S: 'a' }, look: { N: '1' } })],
    ['without an image', { eventName: 'REMOVE', dynamodb: { SequenceNumber: '7' } }],
  ])('fails a record that is %s, without handling it', async (_what, malformed) => {
    const invoke = handling(async () => {
      throw new Error('must not be called');
    });
    expect(await invoke([malformed])).toEqual({ batchItemFailures: [{ itemIdentifier: '7' }] });
  });

  it('fails the whole batch when a failed record has no number', async () => {
    const invoke = handling(async () => {});
    expect(await invoke([{ eventName: 'INSERT' }])).toEqual({
      // An empty identifier means the whole batch to Lambda.
      batchItemFailures: [{ itemIdentifier: '' }],
    });
  });

  it('ends the signal before Lambda ends the invocation', async () => {
    const invoke = handling(async (_row, signal) => {
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    });
    // 1.5 s are kept back: of 1.51 s, ten milliseconds are left.
    expect(await invoke([row(1, 'a', '1')], 1_510)).toEqual({
      batchItemFailures: [{ itemIdentifier: '1' }],
    });
  });
});

describe('an image of a stream record', () => {
  it('becomes plain values', () => {
    expect(
      plainImage({
        text: { S: '' },
        number: { N: '1795608000000' },
        yes: { BOOL: false },
        nothing: { NULL: true },
        map: { M: { inner: { L: [{ N: '1' }, { S: 'x' }] } } },
        texts: { SS: ['a'] },
        numbers: { NS: ['1', '2'] },
        bytes: { B: 'AQ==' },
        many: { BS: ['AQ=='] },
      }),
    ).toEqual({
      text: '',
      number: 1_795_608_000_000,
      yes: false,
      nothing: null,
      map: { inner: [1, 'x'] },
      texts: ['a'],
      numbers: [1, 2],
      bytes: 'AQ==',
      many: ['AQ=='],
    });
  });
});
