import { asksVerdictOnly, matches } from './decision-filter.ts';
import type { DecisionIndex } from './decision-index.ts';
import type { DecisionWish } from './decision-options.ts';
import { newestFirst, scanNewestFirst } from './decision-query.ts';
import { type DecisionRow, rowOfItem } from './decision-row.ts';
import type { ProgressLine } from './progress-line.ts';

/** What was met on the way, besides the rows. */
export type ReadingNotes = {
  /** Items that are none of ours, or of another version. */
  unreadable: number;
  /** True when the limit ended the reading: there may be more. */
  limited: boolean;
};

export type Reading = {
  readonly rows: AsyncGenerator<DecisionRow>;
  readonly notes: ReadingNotes;
};

/** Rows that a wish asks for, newest first, at most `limit` of them; progress while it takes time. */
export function readDecisions(
  index: DecisionIndex,
  { filter, span, scan }: Pick<DecisionWish, 'filter' | 'span' | 'scan'>,
  limit: number,
  progress: ProgressLine,
): Reading {
  const notes: ReadingNotes = { unreadable: 0, limited: false };
  let read = 0;

  async function* items() {
    if (scan) {
      const all = await scanNewestFirst(index, (soFar) => progress.show(`${soFar} rows scanned`));
      yield* all;
      return;
    }
    yield* newestFirst(index, {
      span,
      verdicts: filter.verdicts,
      // One more than wanted tells whether there are more.
      atMost: asksVerdictOnly(filter) && Number.isFinite(limit) ? limit + 1 : undefined,
      onHour: (done, of) => progress.show(`${read} rows read, hour ${done} of ${of}`),
    });
  }

  async function* rows(): AsyncGenerator<DecisionRow> {
    let given = 0;
    try {
      for await (const item of items()) {
        read += 1;
        if (read % 1_000 === 0) progress.show(`${read} rows read`);
        const row = rowOfItem(item);
        if (row === undefined) {
          notes.unreadable += 1;
          continue;
        }
        const inSpan = row.decidedAt >= span.sinceMs && row.decidedAt < span.untilMs;
        if (!inSpan || !matches(row, filter)) continue;
        if (given === limit) {
          notes.limited = true;
          return;
        }
        given += 1;
        yield row;
      }
    } finally {
      progress.clear();
    }
  }

  return { rows: rows(), notes };
}
