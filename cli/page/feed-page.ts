import { cleanText } from '#shared/domain/clean-text.ts';
import { VERDICTS } from '#shared/domain/decision.ts';
import { refuserOf } from '../decision-filter.ts';
import type { DecisionIndex } from '../decision-index.ts';
import { newestFirst } from '../decision-query.ts';
import { type DecisionRow, rowOfItem } from '../decision-row.ts';
import type { TimeSpan } from '../time-span.ts';
import type { FeedPage, FeedRow } from './protocol.ts';

const MAX_SYMBOL = 32;
const MAX_REASON = 240;

/** A row as the page gets it: every text that is not ours made harmless. */
export function feedRow(row: DecisionRow): FeedRow {
  const [decisive = ''] = row.reasons;
  return {
    mint: cleanText(row.mint, 44),
    pool: cleanText(row.pool, 44),
    look: row.look,
    verdict: row.verdict,
    score: row.score,
    coverage: row.coverage,
    symbol: cleanText(row.symbol, MAX_SYMBOL),
    venue: cleanText(row.venue, 32),
    reasons: row.reasons.map((reason) => cleanText(reason, MAX_REASON)),
    refusedBy: row.verdict === 'SKIP' ? refuserOf(decisive) : null,
    decidedAt: row.decidedAt,
    latencyMs: row.latencyMs,
  };
}

/**
 * The newest `limit` rows of a span. A page ends between two milliseconds, so that the next one, which
 * ends where this one began, has every other row and none twice; it may be a little longer for that.
 */
export async function feedPage(
  index: DecisionIndex,
  span: TimeSpan,
  limit: number,
): Promise<FeedPage> {
  const rows: FeedRow[] = [];
  let unreadable = 0;
  for await (const item of newestFirst(index, { span, verdicts: VERDICTS, atMost: limit + 1 })) {
    const row = rowOfItem(item);
    if (row === undefined) {
      unreadable += 1;
      continue;
    }
    const last = rows.at(-1);
    if (last !== undefined && rows.length >= limit && row.decidedAt !== last.decidedAt) {
      return { rows, next: last.decidedAt, unreadable };
    }
    rows.push(feedRow(row));
  }
  return { rows, next: null, unreadable };
}
