import type { FeedRow } from '../protocol.ts';

/** One look, by name. */
export const rowKey = ({ mint, pool, look }: Pick<FeedRow, 'mint' | 'pool' | 'look'>): string =>
  `${mint}/${pool}/${look}`;

/** The page forgets the oldest rows beyond these. */
export const MAX_ROWS_KEPT = 200_000;

/**
 * Rows newest first, each once. Fresh ones usually belong on top and older ones at the end, so that
 * neither costs more than a copy of the list.
 */
export class RowList {
  #rows: readonly FeedRow[] = [];
  readonly #keys = new Set<string>();

  get rows(): readonly FeedRow[] {
    return this.#rows;
  }

  /** Takes in what is not known yet. False when that was nothing. */
  add(batch: readonly FeedRow[]): boolean {
    const fresh = batch.filter((row) => {
      const key = rowKey(row);
      if (this.#keys.has(key)) return false;
      this.#keys.add(key);
      return true;
    });
    if (fresh.length === 0) return false;
    fresh.sort(newestFirst);
    const all = merged(fresh, this.#rows);
    for (const row of all.slice(MAX_ROWS_KEPT)) this.#keys.delete(rowKey(row));
    this.#rows = all.length > MAX_ROWS_KEPT ? all.slice(0, MAX_ROWS_KEPT) : all;
    return true;
  }
}

const newestFirst = (a: FeedRow, b: FeedRow): number => b.decidedAt - a.decidedAt;

function merged(a: readonly FeedRow[], b: readonly FeedRow[]): readonly FeedRow[] {
  const [newest, oldest] = [b[0], b.at(-1)];
  if (newest === undefined || oldest === undefined) return a;
  const [firstOfA, lastOfA] = [a[0], a.at(-1)];
  if (lastOfA !== undefined && lastOfA.decidedAt >= newest.decidedAt) return a.concat(b);
  if (firstOfA !== undefined && firstOfA.decidedAt <= oldest.decidedAt) return b.concat(a);
  // The usual case of a late row: all but the first few of `b` stay as they are.
  return a.concat(b).sort(newestFirst);
}
