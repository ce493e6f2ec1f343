import type { Verdict } from '#shared/domain/decision.ts';
import type { Pause } from '#shared/ports/pause.ts';
import type { Clock } from '#shared/ports/clock.ts';
import { matches } from './decision-filter.ts';
import type { DecisionIndex } from './decision-index.ts';
import type { DecisionWish } from './decision-options.ts';
import { CSV_HEADER, csvOfRow, decisionTable, jsonLineOfRow } from './decision-print.ts';
import { newestFirst } from './decision-query.ts';
import { type DecisionRow, rowId, rowOfItem } from './decision-row.ts';
import { type Output, tinted } from './list-decisions.ts';

/**
 * How far each poll looks back: the index is some hundred milliseconds behind the table, and a row
 * is written a moment after the time it carries.
 */
const OVERLAP_MS = 30_000;
const POLL_MS = 1_500;
/** Clocks of this machine and the cloud's differ a little. */
const AHEAD_MS = 60_000;

export type FollowOptions = {
  readonly sinceMs: number;
  readonly verdicts: readonly Verdict[];
  readonly clock: Clock;
  readonly pause: Pause;
  readonly signal: AbortSignal;
};

/** New rows as they come, oldest first, in one batch a poll; each row once. Ends with `signal`. */
export async function* followDecisions(
  index: DecisionIndex,
  { sinceMs, verdicts, clock, pause, signal }: FollowOptions,
): AsyncGenerator<readonly DecisionRow[]> {
  const seen = new Map<string, number>();
  let from = sinceMs;
  while (!signal.aborted) {
    const startedAt = clock.now();
    const span = { sinceMs: from, untilMs: startedAt + AHEAD_MS };
    const fresh: DecisionRow[] = [];
    for await (const item of newestFirst(index, { span, verdicts })) {
      const row = rowOfItem(item);
      if (row === undefined || seen.has(rowId(row))) continue;
      seen.set(rowId(row), row.decidedAt);
      fresh.push(row);
    }
    yield fresh.toReversed();
    from = Math.max(sinceMs, startedAt - OVERLAP_MS);
    for (const [id, decidedAt] of seen) if (decidedAt < from) seen.delete(id);
    await pause(POLL_MS, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** Rows of the past that are shown before the new ones, when no limit is asked for. */
const PAST_ROWS = 20;
/** Widest usual cells: lines of different polls stand under each other. Never printed. */
const RULER: DecisionRow = {
  decidedAt: 0,
  verdict: 'EXPIRED',
  score: 100,
  coverage: 1,
  mint: 'M'.repeat(44),
  pool: '',
  look: 1,
  symbol: 'SYMBOLIC',
  venue: 'raydium-launchlab',
  creator: null,
  latencyMs: 99_999,
  reasons: ['r'.repeat(60), ''],
};

/** Prints rows as they come, until `signal`: at first the last ones of the past. */
export async function printFollowed(
  index: DecisionIndex,
  wish: DecisionWish,
  timing: Pick<FollowOptions, 'clock' | 'pause' | 'signal'>,
  output: Output,
): Promise<0> {
  const { filter, span, format, limit = PAST_ROWS } = wish;
  const { verdicts } = filter;
  let first = true;
  for await (const batch of followDecisions(index, {
    sinceMs: span.sinceMs,
    verdicts,
    ...timing,
  })) {
    const wanted = batch.filter((row) => matches(row, filter));
    const rows = first ? wanted.slice(-limit) : wanted;
    output.write(followedText(rows, format, output, first));
    first = false;
  }
  return 0;
}

function followedText(
  rows: readonly DecisionRow[],
  format: DecisionWish['format'],
  { width, paint }: Output,
  withHeader: boolean,
): string {
  if (format === 'json') return rows.map(jsonLineOfRow).join('');
  if (format === 'csv') return (withHeader ? CSV_HEADER : '') + rows.map(csvOfRow).join('');
  const [header = '', , ...lines] = decisionTable([RULER, ...rows], width, false);
  return [
    ...(withHeader ? [paint.bold(header)] : []),
    ...lines.map((line, at) => tinted(line, rows[at], paint)),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
