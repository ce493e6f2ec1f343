import { VERDICTS } from '#shared/domain/decision.ts';
import { shadowCollector, shadowLines } from './compare-shadows.ts';
import { filterInWords } from './decision-filter.ts';
import type { DecisionIndex } from './decision-index.ts';
import type { DecisionWish } from './decision-options.ts';
import { CSV_HEADER, csvOfRow, decisionTable, jsonLineOfRow } from './decision-print.ts';
import { countByVerdict } from './decision-query.ts';
import { readDecisions } from './decision-reader.ts';
import type { DecisionRow } from './decision-row.ts';
import { statsCollector, statsLines } from './decision-stats.ts';
import { type Paint } from './explain/paint.ts';
import { progressLine } from './progress-line.ts';
import { utcText } from './time-span.ts';

/** Rows in a terminal when no limit is asked for. */
const TERMINAL_LIMIT = 50;
/** Examples of each comparison when no limit is asked for. */
const EXAMPLES = 5;

/** Where the output goes; `width` fits tables, and is infinite for pipes and files. */
export type Output = {
  readonly write: (text: string) => void;
  /** Notes for people: standard error, so that they never mix with rows. */
  readonly note: (text: string) => void;
  readonly width: number;
  readonly isTerminal: boolean;
  readonly paint: Paint;
};

/** Prints the rows of a wish, newest first. Resolves with the exit code. */
export async function listDecisions(
  index: DecisionIndex,
  wish: DecisionWish,
  where: string,
  output: Output,
): Promise<0 | 1> {
  const limit = wish.limit ?? (output.isTerminal ? TERMINAL_LIMIT : Number.POSITIVE_INFINITY);
  const { rows, notes } = readDecisions(index, wish, limit, progressLine());
  let printed = 0;
  const table: DecisionRow[] = [];
  if (wish.format === 'csv') output.write(CSV_HEADER);
  for await (const row of rows) {
    printed += 1;
    if (wish.format === 'json') output.write(jsonLineOfRow(row));
    else if (wish.format === 'csv') output.write(csvOfRow(row));
    else table.push(row);
  }
  if (table.length > 0) output.write(paintedTable(table, output));
  if (printed === 0) output.note(await nothingFound(index, wish, where));
  else if (notes.limited) output.note(`the newest ${printed}; --limit N shows more`);
  return unreadable(notes.unreadable, output);
}

/** Prints the figures of a wish. Resolves with the exit code. */
export async function decisionStats(
  index: DecisionIndex,
  wish: DecisionWish,
  where: string,
  output: Output,
): Promise<0 | 1> {
  const { rows, notes } = readDecisions(index, wish, Number.POSITIVE_INFINITY, progressLine());
  const collector = statsCollector();
  for await (const row of rows) collector.add(row);
  const stats = collector.stats();
  if (wish.format === 'json') output.write(`${JSON.stringify(stats)}\n`);
  else if (stats.total > 0) output.write(`${statsLines(stats, output.width).join('\n')}\n`);
  if (stats.total === 0) output.note(await nothingFound(index, wish, where));
  return unreadable(notes.unreadable, output);
}

/** Prints where other strategies say otherwise. Resolves with the exit code. */
export async function compareShadows(
  index: DecisionIndex,
  wish: DecisionWish,
  where: string,
  output: Output,
): Promise<0 | 1> {
  const { rows, notes } = readDecisions(index, wish, Number.POSITIVE_INFINITY, progressLine());
  const collector = shadowCollector(wish.limit ?? EXAMPLES);
  let read = 0;
  for await (const row of rows) {
    read += 1;
    collector.add(row);
  }
  const figures = collector.figures();
  const isEmpty = Object.keys(figures).length === 0;
  if (wish.format === 'json') output.write(`${JSON.stringify(figures)}\n`);
  else if (!isEmpty) output.write(shadowLines(figures, output.width).join('\n'));
  if (read === 0) output.note(await nothingFound(index, wish, where));
  else if (isEmpty)
    output.note(`no strategy judged along on these ${read}: see [shadow] strategies`);
  return unreadable(notes.unreadable, output);
}

/** The table of rows, each line in the colour of its verdict. */
export function paintedTable(
  rows: readonly DecisionRow[],
  { width, paint }: Pick<Output, 'width' | 'paint'>,
): string {
  const [header = '', ...lines] = decisionTable(rows, width);
  return [paint.bold(header), ...lines.map((line, at) => tinted(line, rows[at], paint))]
    .map((line) => `${line}\n`)
    .join('');
}

/** Most rows are refusals: they stay as they are, and what matters stands out. */
export function tinted(line: string, row: DecisionRow | undefined, paint: Paint): string {
  if (row?.verdict === 'BUY') return paint.good(line);
  return row?.verdict === 'EXPIRED' || row?.verdict === 'WATCH' ? paint.unsure(line) : line;
}

function unreadable(count: number, output: Output): 0 | 1 {
  if (count === 0) return 0;
  output.note(`${count} ${count === 1 ? 'row' : 'rows'} could not be read: of another version`);
  return 1;
}

/** What was looked for, and what is there instead. */
export async function nothingFound(
  index: DecisionIndex,
  { filter, span, scan, spanAsked }: DecisionWish,
  where: string,
): Promise<string> {
  const looked = `no ${filterInWords(filter)} ${inWords(span, scan)} (${where})`;
  if (scan) return looked;
  const counts = await countByVerdict(index, span);
  const there = VERDICTS.flatMap((verdict) =>
    counts.has(verdict) ? [`${counts.get(verdict)} ${verdict}`] : [],
  );
  if (there.length > 0) return `${looked}; in that time: ${there.join(', ')}`;
  const hint = spanAsked ? '' : '; --since 7d looks further back';
  return `${looked}: nothing was decided in that time${hint}`;
}

function inWords({ sinceMs, untilMs }: DecisionWish['span'], scan: boolean): string {
  if (scan && sinceMs === 0) return 'in the whole table';
  const until = untilMs > Date.now() ? '' : ` until ${utcText(untilMs)}`;
  return `since ${utcText(sinceMs)}${until} UTC`;
}
