import { type FeedRow, VERDICT_NAMES } from '../protocol.ts';

/** What the feed is narrowed to. */
export type FeedFilter = {
  readonly verdicts: ReadonlySet<FeedRow['verdict']>;
  /** Empty: all venues. */
  readonly venue: string;
  /** Every word must stand in the symbol, the mint, the pool, the venue or a reason. */
  readonly text: string;
};

export const NO_FILTER: FeedFilter = {
  verdicts: new Set(VERDICT_NAMES),
  venue: '',
  text: '',
};

/** True when the filter lets everything through. */
export const isOpen = ({ verdicts, venue, text }: FeedFilter): boolean =>
  verdicts.size === VERDICT_NAMES.length && venue === '' && text.trim() === '';

export function filtered(rows: readonly FeedRow[], filter: FeedFilter): readonly FeedRow[] {
  if (isOpen(filter)) return rows;
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return rows.filter(
    (row) =>
      filter.verdicts.has(row.verdict) &&
      (filter.venue === '' || row.venue === filter.venue) &&
      words.every((word) => searchText(row).includes(word)),
  );
}

/** Lower-case text of each row, made once: a hundred thousand rows are searched at each key. */
const searchTexts = new WeakMap<FeedRow, string>();

function searchText(row: FeedRow): string {
  const found = searchTexts.get(row);
  if (found !== undefined) return found;
  const { symbol, mint, pool, venue, reasons } = row;
  const text = [symbol, mint, pool, venue, ...reasons].join('\n').toLowerCase();
  searchTexts.set(row, text);
  return text;
}
