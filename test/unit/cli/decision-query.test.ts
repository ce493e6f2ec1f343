import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';

import { hoursOf, partitionsOf, sortKeyBounds } from '#cli/decision-buckets.ts';
import type { DecisionIndex, IndexItem, PageRequest } from '#cli/decision-index.ts';
import { countByVerdict, newestFirst, scanNewestFirst } from '#cli/decision-query.ts';
import { type Verdict, VERDICTS } from '#shared/domain/decision.ts';

const at = (text: string): number => Date.parse(`2026-11-20T${text}Z`);
const iso = (ms: number): string => new Date(ms).toISOString();

type Stored = { readonly verdict: Verdict; readonly atMs: number; readonly shard: number };
const keyOf = ({ atMs }: Stored, position: number): string => `${iso(atMs)}#mint${position}`;

/** An index in memory that pages as DynamoDB does, and remembers what it was asked. */
function memoryIndex(rows: readonly Stored[], pageLimit = 3) {
  const asked: PageRequest[] = [];
  let underWay = 0;
  let most = 0;
  const items = rows.map((row, position) => ({
    partition: `${row.verdict}#${iso(row.atMs).slice(0, 13)}#${row.shard}`,
    key: keyOf(row, position),
    item: marshall({ decidedAtMint: keyOf(row, position), verdict: row.verdict }),
  }));
  const within = ({ partition, bounds: [from, to] }: Pick<PageRequest, 'partition' | 'bounds'>) =>
    items
      .filter((row) => row.partition === partition && row.key >= from && row.key <= to)
      .sort((a, b) => (a.key < b.key ? 1 : -1));
  const index: DecisionIndex = {
    async page(request) {
      asked.push(request);
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      underWay -= 1;
      const start = Number(request.from?.['at']?.N ?? 0);
      const end = start + Math.min(pageLimit, request.pageSize);
      const all = within(request);
      return {
        items: all.slice(start, end).map(({ item }) => item),
        next: end < all.length ? marshall({ at: end }) : undefined,
      };
    },
    count: async (request) => within(request).length,
    async scan(segment, segments, from) {
      const mine = items.filter((_, position) => position % segments === segment);
      const start = Number(from?.['at']?.N ?? 0);
      const next = start + 1 < mine.length ? marshall({ at: start + 1 }) : undefined;
      return { items: mine.slice(start, start + 1).map(({ item }) => item), next };
    },
    looks: async () => [],
  };
  return { index, asked, most: () => most };
}

async function keys(items: AsyncIterable<IndexItem> | Iterable<IndexItem>): Promise<string[]> {
  const found: string[] = [];
  for await (const item of items) found.push(item['decidedAtMint']?.S ?? '');
  return found;
}

describe('the hours of a span', () => {
  it.each([
    ['within one hour', '10:05:00', '10:55:00', ['10']],
    ['newest first', '09:59:59', '11:00:01', ['11', '10', '09']],
    ['without the hour that it ends at', '09:00:00', '10:00:00', ['09']],
    ['over midnight', '23:30:00', '23:59:59.999', ['23']],
  ])('are told %s', (_how, from, to, expected) => {
    const hours = hoursOf({ sinceMs: at(from), untilMs: at(to) });
    expect(hours.map((hour) => iso(hour).slice(11, 13))).toEqual(expected);
  });

  it('are four partitions for each verdict', () => {
    expect(partitionsOf(at('10:00:00'), ['BUY', 'SKIP'])).toEqual([
      'BUY#2026-11-20T10#0',
      'BUY#2026-11-20T10#1',
      'BUY#2026-11-20T10#2',
      'BUY#2026-11-20T10#3',
      'SKIP#2026-11-20T10#0',
      'SKIP#2026-11-20T10#1',
      'SKIP#2026-11-20T10#2',
      'SKIP#2026-11-20T10#3',
    ]);
  });

  it('bound the sort key, the end left out', () => {
    const [from, to] = sortKeyBounds({ sinceMs: at('10:00:00'), untilMs: at('11:00:00') });
    expect(`${iso(at('10:00:00'))}#mint` >= from).toBe(true);
    expect(`${iso(at('11:00:00'))}#mint` > to).toBe(true);
  });
});

/** Rows of all shards and verdicts, 7 minutes apart over five hours. */
const spread: Stored[] = Array.from({ length: 43 }, (_, n) => ({
  verdict: VERDICTS[n % 4] ?? 'SKIP',
  atMs: at('07:00:00') + n * 7 * 60_000,
  shard: (n * 3) % 4,
}));
const everything = { sinceMs: at('06:00:00'), untilMs: at('13:00:00') };

describe('reading newest first', () => {
  it('merges shards, verdicts, pages and hours by time', async () => {
    const { index } = memoryIndex(spread, 1);
    const read = await keys(newestFirst(index, { span: everything, verdicts: VERDICTS }));
    expect(read).toEqual(spread.map(keyOf).toReversed());
  });

  it('reads the verdicts asked for, within the span', async () => {
    const { index, asked } = memoryIndex(spread);
    const span = { sinceMs: at('08:30:00'), untilMs: at('10:10:00') };
    const read = await keys(newestFirst(index, { span, verdicts: ['BUY'] }));
    const expected = spread
      .map((row, n) => ({ ...row, key: keyOf(row, n) }))
      .filter((row) => row.verdict === 'BUY')
      .filter((row) => row.atMs >= span.sinceMs && row.atMs < span.untilMs)
      .map(({ key }) => key)
      .toReversed();
    expect(read).toEqual(expected);
    expect(expected.length).toBeGreaterThan(2);
    expect(new Set(asked.map(({ partition }) => partition)).size).toBe(3 * 4);
  });

  it('asks for the newest hour alone while that suffices, in pages no larger than wanted', async () => {
    const { index, asked } = memoryIndex(spread, 100);
    const span = { sinceMs: at('00:00:00'), untilMs: at('12:00:00') };
    const reading = newestFirst(index, { span, verdicts: VERDICTS, atMost: 4 });
    for (let taken = 0; taken < 4; taken += 1) await reading.next();
    await reading.return(undefined);
    expect(new Set(asked.map(({ partition }) => partition.slice(-4, -2)))).toEqual(new Set(['11']));
    expect(new Set(asked.map(({ pageSize }) => pageSize))).toEqual(new Set([4]));
  });

  it('holds the number of queries under way', async () => {
    const { index, most } = memoryIndex(spread);
    await keys(newestFirst(index, { span: everything, verdicts: VERDICTS }));
    expect(most()).toBeLessThanOrEqual(24);
    expect(most()).toBeGreaterThan(8);
  });

  it('goes on over an empty page that is not the last', async () => {
    const { index } = memoryIndex(spread, 100);
    const sparse: DecisionIndex = {
      ...index,
      async page(request) {
        if (request.from === undefined) return { items: [], next: marshall({ at: 0 }) };
        return index.page(request);
      },
    };
    const read = await keys(newestFirst(sparse, { span: everything, verdicts: VERDICTS }));
    expect(read).toHaveLength(spread.length);
  });

  it('passes on what DynamoDB refuses, also on a page read ahead', async () => {
    const { index } = memoryIndex(spread, 1);
    const failing: DecisionIndex = {
      ...index,
      async page(request) {
        if (request.from !== undefined) throw new Error('throttled');
        return index.page(request);
      },
    };
    await expect(
      keys(newestFirst(failing, { span: everything, verdicts: VERDICTS })),
    ).rejects.toThrow('throttled');
  });

  it('tells how far it is', async () => {
    const { index } = memoryIndex(spread);
    const told: string[] = [];
    const onHour = (done: number, of: number) => told.push(`${done} of ${of}`);
    await keys(newestFirst(index, { span: everything, verdicts: ['BUY'], onHour }));
    expect(told).toEqual(Array.from({ length: 7 }, (_, n) => `${n + 1} of 7`));
  });
});

describe('reading otherwise', () => {
  it('scans every segment to its end, newest first', async () => {
    const { index } = memoryIndex(spread);
    expect(await keys(await scanNewestFirst(index))).toEqual(spread.map(keyOf).toReversed());
  });

  it('counts by verdict and leaves out what is not there', async () => {
    const { index } = memoryIndex(spread.filter(({ verdict }) => verdict !== 'WATCH'));
    expect([...(await countByVerdict(index, everything))]).toEqual([
      ['BUY', 11],
      ['SKIP', 11],
      ['EXPIRED', 10],
    ]);
  });
});
