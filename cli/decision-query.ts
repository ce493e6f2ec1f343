import { type Verdict, VERDICTS } from '#shared/domain/decision.ts';
import { DECISIONS } from '#shared/domain/table-keys.ts';
import { mapBounded } from '#shared/runtime/map-bounded.ts';
import { hoursOf, partitionsOf, sortKeyBounds } from './decision-buckets.ts';
import type { DecisionIndex, IndexItem, IndexPage } from './decision-index.ts';
import type { TimeSpan } from './time-span.ts';

export type IndexQuery = {
  readonly span: TimeSpan;
  readonly verdicts: readonly Verdict[];
  /** How many items will be taken at most, when that is known: pages are no larger then. */
  readonly atMost?: number | undefined;
  /** Called as hours are done, with how many of all. */
  readonly onHour?: (done: number, of: number) => void;
};

/** Queries under way at once: half of the sockets that the client opens. */
const QUERIES_AT_ONCE = 24;
/** Hours whose first pages are read together: the newest alone, since it often suffices. */
const HOURS_AHEAD = [1, 2, 4] as const;
/** About 600 KB of rows, below the 1 MB at which DynamoDB ends a page by itself. */
const PAGE_SIZE = 1_000;
const SCAN_SEGMENTS = 4;

/**
 * Items of a span, newest first: hour by hour, the shards of all verdicts merged by time. Reads on
 * only while items are taken, so that whoever wants fifty pays for little more.
 */
export async function* newestFirst(
  index: DecisionIndex,
  { span, verdicts, atMost = Number.POSITIVE_INFINITY, onHour }: IndexQuery,
): AsyncGenerator<IndexItem> {
  const bounds = sortKeyBounds(span);
  const hours = hoursOf(span);
  const pageSize = Math.min(PAGE_SIZE, atMost);
  const readsAll = atMost === Number.POSITIVE_INFINITY;
  let done = 0;
  for (let round = 0; done < hours.length; round += 1) {
    const ahead = hours.slice(done, done + (HOURS_AHEAD[round] ?? 4));
    const partitions = ahead.flatMap((hour) =>
      partitionsOf(hour, verdicts).map((partition) => ({ hour, partition })),
    );
    const firsts = await mapBounded(partitions, QUERIES_AT_ONCE, async ({ hour, partition }) => {
      const next = async (from?: IndexPage['next']) =>
        index.page({ partition, bounds, pageSize, from });
      return { hour, cursor: new Cursor(await next(), next, readsAll) };
    });
    for (const hour of ahead) {
      yield* merged(firsts.filter((first) => first.hour === hour).map(({ cursor }) => cursor));
      done += 1;
      onHour?.(done, hours.length);
    }
  }
}

/** Items of one partition, a page at a time; the next page is asked for ahead where all are read. */
class Cursor {
  #items: readonly IndexItem[] = [];
  #at = 0;
  #next: (() => Promise<IndexPage>) | undefined;
  readonly #read: (from: IndexPage['next']) => Promise<IndexPage>;
  readonly #ahead: boolean;

  constructor(
    first: IndexPage,
    read: (from: IndexPage['next']) => Promise<IndexPage>,
    ahead: boolean,
  ) {
    this.#read = read;
    this.#ahead = ahead;
    this.#open(first);
  }

  #open({ items, next }: IndexPage): void {
    this.#items = items;
    this.#at = 0;
    if (next === undefined) {
      this.#next = undefined;
    } else if (this.#ahead) {
      const reading = this.#read(next);
      // Told to whoever awaits it below; nobody does when the reader has left in the meantime.
      reading.catch(() => undefined);
      this.#next = () => reading;
    } else {
      this.#next = async () => this.#read(next);
    }
  }

  /** The newest item not taken yet; undefined at the end. */
  get head(): IndexItem | undefined {
    return this.#items[this.#at];
  }

  /** Moves on, to the next page where one is due. A page may be empty and still not the last. */
  async take(): Promise<void> {
    this.#at += 1;
    await this.settle();
  }

  async settle(): Promise<void> {
    while (this.head === undefined && this.#next !== undefined) this.#open(await this.#next());
  }
}

async function* merged(cursors: readonly Cursor[]): AsyncGenerator<IndexItem> {
  await Promise.all(cursors.map(async (cursor) => cursor.settle()));
  for (;;) {
    let newest: { cursor: Cursor; item: IndexItem; key: string } | undefined;
    for (const cursor of cursors) {
      const item = cursor.head;
      const key = sortKeyOf(item);
      if (item !== undefined && (newest === undefined || key > newest.key)) {
        newest = { cursor, item, key };
      }
    }
    if (newest === undefined) return;
    yield newest.item;
    await newest.cursor.take();
  }
}

const sortKeyOf = (item: IndexItem | undefined): string =>
  item?.[DECISIONS.byVerdict.sortKey]?.S ?? '';

/** The whole index, newest first: read in parallel, sorted in memory. Costs a read of every row. */
export async function scanNewestFirst(
  index: DecisionIndex,
  onPage: (itemsSoFar: number) => void = () => undefined,
): Promise<IndexItem[]> {
  const items: IndexItem[] = [];
  await Promise.all(
    Array.from({ length: SCAN_SEGMENTS }, async (_, segment) => {
      let page = await index.scan(segment, SCAN_SEGMENTS);
      for (;;) {
        for (const item of page.items) items.push(item);
        onPage(items.length);
        if (page.next === undefined) return;
        page = await index.scan(segment, SCAN_SEGMENTS, page.next);
      }
    }),
  );
  return items.sort((a, b) => (sortKeyOf(a) < sortKeyOf(b) ? 1 : -1));
}

/** How many decisions of each verdict a span has; verdicts without any are left out. */
export async function countByVerdict(
  index: DecisionIndex,
  span: TimeSpan,
): Promise<Map<Verdict, number>> {
  const bounds = sortKeyBounds(span);
  const partitions = hoursOf(span).flatMap((hour) =>
    VERDICTS.flatMap((verdict) =>
      partitionsOf(hour, [verdict]).map((partition) => ({ verdict, partition })),
    ),
  );
  const counts = await mapBounded(partitions, QUERIES_AT_ONCE, async ({ partition }) =>
    index.count({ partition, bounds }),
  );
  const byVerdict = new Map<Verdict, number>();
  partitions.forEach(({ verdict }, at) => {
    const count = counts[at] ?? 0;
    if (count > 0) byVerdict.set(verdict, (byVerdict.get(verdict) ?? 0) + count);
  });
  return byVerdict;
}
