import { describe, expect, it } from 'vitest';

import { feedHub } from '#cli/page/feed-hub.ts';
import { feedPage } from '#cli/page/feed-page.ts';
import type { FeedEvent, FeedRow } from '#cli/page/protocol.ts';
import type { DecisionIndex, IndexItem } from '#cli/decision-index.ts';
import { NO_FILTER, filtered } from '#cli/page/browser/feed-filter.ts';
import { MAX_ROWS_KEPT, RowList } from '#cli/page/browser/merge-rows.ts';
import { scrollTopFor, visibleRows } from '#cli/page/browser/visible-rows.ts';
import { decisionItem } from '#shared/adapters/aws/decision-item.ts';
import { DECISIONS } from '#shared/domain/table-keys.ts';
import { DECIDED_AT_MS, aDecision } from '../../support/decisions.ts';

const AT = DECIDED_AT_MS;
const item = (token: string, decidedAt: number, over = {}): IndexItem =>
  decisionItem(aDecision({}, { token, decidedAt, ...over }), 30);

const never = () => {
  throw new Error('not to be asked');
};
const sortKey = (each: IndexItem) => each[DECISIONS.byVerdict.sortKey]?.S ?? '';

/** The index in memory: pages as DynamoDB gives them. */
function memoryIndex(items: IndexItem[], onPage: () => void = () => undefined): DecisionIndex {
  return {
    count: never,
    scan: never,
    looks: never,
    async page({ partition, bounds: [low, high], pageSize, from }) {
      onPage();
      const found = items
        .filter((each) => each[DECISIONS.byVerdict.partitionKey]?.S === partition)
        .filter((each) => sortKey(each) >= low && sortKey(each) <= high)
        .sort((a, b) => (sortKey(a) < sortKey(b) ? 1 : -1));
      const start = from === undefined ? 0 : Number(from['at']?.N);
      const end = start + pageSize;
      return {
        items: found.slice(start, end),
        next: end < found.length ? { at: { N: String(end) } } : undefined,
      };
    },
  };
}

describe('a page of the feed', () => {
  const span = { sinceMs: AT - 3_600_000, untilMs: AT + 1 };
  // Three at a time in the same millisecond: a page must not end among them.
  const items = Array.from({ length: 30 }, (_, n) =>
    item(`token ${n}`, AT - Math.floor(n / 3) * 7_000),
  );

  it('leads through every row once, in whatever sizes', async () => {
    for (const limit of [1, 4, 7, 100]) {
      const seen: FeedRow[] = [];
      let until: number | null = span.untilMs;
      while (until !== null) {
        const page = await feedPage(memoryIndex(items), { ...span, untilMs: until }, limit);
        seen.push(...page.rows);
        until = page.next;
      }
      expect(new Set(seen.map(({ mint }) => mint)).size).toBe(30);
      expect(seen).toHaveLength(30);
      expect(seen.map(({ decidedAt }) => decidedAt)).toEqual(
        seen.map(({ decidedAt }) => decidedAt).toSorted((a, b) => b - a),
      );
    }
  });

  it('counts what is none of ours, and goes on', async () => {
    const odd = { ...item('odd', AT - 1), score: { S: 'high' } };
    const page = await feedPage(memoryIndex([...items, odd]), span, 100);
    expect(page).toMatchObject({ next: null, unreadable: 1 });
    expect(page.rows).toHaveLength(30);
  });

  it('sends text without what reorders or hides it, and names who refused', async () => {
    const evil = item('evil', AT, { symbol: 'A\u202EB\u001B[31m' });
    const refused = decisionItem(
      aDecision({ holders: { top1Bps: 9_000 } }, { token: 'refused', decidedAt: AT - 1 }),
      30,
    );
    const { rows } = await feedPage(memoryIndex([evil, refused]), span, 10);
    expect(rows[0]).toMatchObject({ symbol: 'AB[31m', verdict: 'BUY', refusedBy: null });
    expect(rows[1]).toMatchObject({ verdict: 'SKIP', refusedBy: 'largest-holder' });
  });
});

describe('the hub', () => {
  it('reads once for all listeners, tells each row once, and stops with the last', async () => {
    const items = [item('first', AT - 1_000)];
    let pages = 0;
    const polls: (() => void)[] = [];
    const paused = { now: Promise.withResolvers<void>() };
    const hub = feedHub({
      index: memoryIndex(items, () => (pages += 1)),
      clock: { now: () => AT },
      pause: async (_ms, signal) =>
        new Promise((resolve, reject) => {
          polls.push(resolve);
          signal.addEventListener('abort', () => reject(new Error('left')), { once: true });
          paused.now.resolve();
        }),
    });
    const told: FeedEvent[][] = [[], []];
    const leave = [hub.subscribe((event) => told[0]?.push(event))];
    await paused.now.promise;
    leave.push(hub.subscribe((event) => told[1]?.push(event)));
    const perPoll = pages;
    items.push(item('second', AT - 500));
    paused.now = Promise.withResolvers();
    polls.shift()?.();
    await paused.now.promise;
    const symbolsTold = told.map((events) =>
      events.flatMap((event) =>
        event.kind === 'rows' ? event.rows.map(({ decidedAt }) => decidedAt) : [],
      ),
    );
    // The newcomer was told of the recent past.
    expect(symbolsTold).toEqual([
      [AT - 1_000, AT - 500],
      [AT - 1_000, AT - 500],
    ]);
    expect(pages).toBe(2 * perPoll);
    leave[0]?.();
    paused.now = Promise.withResolvers();
    polls.shift()?.();
    await paused.now.promise;
    // One is still there.
    expect(pages).toBe(3 * perPoll);
    leave[1]?.();
    expect(polls).toHaveLength(1);
    polls.shift()?.();
    await Promise.resolve();
    expect(pages).toBe(3 * perPoll);
  });

  it('says why nothing can be read, and tries again', async () => {
    let broken = true;
    const pages = memoryIndex([item('late', AT)]);
    const recovered = Promise.withResolvers<void>();
    const told: FeedEvent[] = [];
    const hub = feedHub({
      index: {
        ...pages,
        page: async (request) => {
          if (broken) throw new Error('the token is expired');
          return pages.page(request);
        },
      },
      clock: { now: () => AT },
      pause: async (_ms, signal) => {
        if (broken) {
          broken = false;
          return;
        }
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('left')), { once: true });
        });
      },
    });
    const leave = hub.subscribe((event) => {
      told.push(event);
      if (event.kind === 'rows') recovered.resolve();
    });
    await recovered.promise;
    leave();
    expect(told[0]).toEqual({ kind: 'trouble', reason: 'Error: the token is expired' });
    expect(told[1]).toMatchObject({ kind: 'rows', rows: [{ decidedAt: AT }] });
  });
});

const row = (n: number, over: Partial<FeedRow> = {}): FeedRow => ({
  mint: `mint${n}`,
  pool: `pool${n}`,
  look: 1,
  verdict: 'SKIP',
  score: 0,
  coverage: 1,
  symbol: `S${n}`,
  venue: 'pump-fun',
  reasons: ['top-holders: they have 9000 bps'],
  refusedBy: 'top-holders',
  decidedAt: n,
  latencyMs: 100,
  ...over,
});

const order = (list: RowList) => list.rows.map(({ decidedAt }) => decidedAt);

describe('the list of rows', () => {
  it('keeps each once, newest first, however they come', () => {
    const list = new RowList();
    expect(list.add([row(5), row(7)])).toBe(true);
    expect(list.add([row(9), row(7)])).toBe(true);
    expect(list.add([row(1), row(2)])).toBe(true);
    expect(list.add([row(6)])).toBe(true);
    expect(list.add([row(6), row(9)])).toBe(false);
    expect(order(list)).toEqual([9, 7, 6, 5, 2, 1]);
  });

  it('lets the oldest go when there are too many', () => {
    const list = new RowList();
    list.add(Array.from({ length: MAX_ROWS_KEPT }, (_, n) => row(n)));
    list.add([row(MAX_ROWS_KEPT)]);
    expect(list.rows).toHaveLength(MAX_ROWS_KEPT);
    expect(list.rows[0]?.decidedAt).toBe(MAX_ROWS_KEPT);
    expect(list.rows.at(-1)?.decidedAt).toBe(1);
  });
});

describe('the filter', () => {
  const rows = [
    row(1, { verdict: 'BUY', symbol: 'Gary' }),
    row(2, { venue: 'raydium-cpmm' }),
    row(3, { reasons: ['score 40 of 100'] }),
  ];
  it.each([
    { says: 'nothing', filter: {}, finds: [1, 2, 3] },
    { says: 'a verdict', filter: { verdicts: new Set(['BUY'] as const) }, finds: [1] },
    { says: 'no verdict', filter: { verdicts: new Set<never>() }, finds: [] },
    { says: 'a venue', filter: { venue: 'raydium-cpmm' }, finds: [2] },
    { says: 'a symbol in any case', filter: { text: 'gARY' }, finds: [1] },
    { says: 'words of several columns', filter: { text: 'pump 9000 mint1' }, finds: [1] },
    { says: 'words across columns', filter: { text: 'garymint' }, finds: [] },
  ])('by $says', ({ filter, finds }) => {
    expect(filtered(rows, { ...NO_FILTER, ...filter }).map(({ decidedAt }) => decidedAt)).toEqual(
      finds,
    );
  });
});

describe('the window of a long list', () => {
  it.each([
    { scrollTop: 0, from: 0, to: 28 },
    { scrollTop: 3_000, from: 92, to: 128 },
    { scrollTop: 2_999_400, from: 99_972, to: 100_000 },
    { scrollTop: 99_999_999, from: 100_000, to: 100_000 },
  ])('at $scrollTop px holds $from to $to', ({ scrollTop, from, to }) => {
    expect(visibleRows({ count: 100_000, rowHeight: 30, scrollTop, height: 600 })).toEqual({
      from,
      to,
    });
  });

  it('moves only as far as a row needs', () => {
    const window = { rowHeight: 30, scrollTop: 300, height: 600 };
    expect(scrollTopFor(15, window)).toBe(300);
    expect(scrollTopFor(5, window)).toBe(150);
    expect(scrollTopFor(30, window)).toBe(330);
  });
});
