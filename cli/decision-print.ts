import { csvLine } from './csv-lines.ts';
import { type DecisionRow, jsonOfRow } from './decision-row.ts';
import { type Column, tableLines } from './terminal.ts';

/** Columns of the table for people: all of the reason's and the mint's room is given up first. */
export const DECISION_COLUMNS: readonly Column[] = [
  { header: 'UTC' },
  { header: 'verdict' },
  { header: 'score', align: 'right' },
  { header: 'mint', atLeast: 9 },
  { header: 'reason', atLeast: 40 },
  { header: 'symbol', atLeast: 6, optional: true },
  { header: 'ms', align: 'right', optional: true },
  { header: 'venue', atLeast: 9, optional: true },
  { header: 'known', align: 'right', optional: true },
  { header: 'look', align: 'right', optional: true },
];

const DAY_MS = 86_400_000;

/** Table lines of rows, header first; the date stands where the rows lie a day or more apart. */
export function decisionTable(
  rows: readonly DecisionRow[],
  width?: number,
  withDate: boolean = spread(rows.map(({ decidedAt }) => decidedAt)) >= DAY_MS,
): string[] {
  return tableLines(
    DECISION_COLUMNS,
    rows.map((row) => tableCells(row, withDate)),
    width,
  );
}

const spread = (times: readonly number[]): number => {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const time of times) [least, most] = [Math.min(least, time), Math.max(most, time)];
  return most - least;
};

function tableCells(row: DecisionRow, withDate: boolean): string[] {
  const iso = new Date(row.decidedAt).toISOString();
  return [
    withDate ? iso.slice(0, 19).replace('T', ' ') : iso.slice(11, 19),
    row.verdict,
    row.verdict === 'EXPIRED' ? '' : row.score.toFixed(1),
    row.mint,
    row.reasons.length > 1
      ? `${row.reasons[0] ?? ''} (+${row.reasons.length - 1})`
      : (row.reasons[0] ?? ''),
    row.symbol,
    String(Math.round(row.latencyMs)),
    row.venue,
    row.verdict === 'EXPIRED' ? '' : row.coverage.toFixed(2),
    String(row.look),
  ];
}

export const CSV_HEADER = csvLine([
  'decidedAt',
  'verdict',
  'score',
  'coverage',
  'mint',
  'pool',
  'look',
  'symbol',
  'venue',
  'creator',
  'latencyMs',
  'reasons',
]);

/** One row as a line of CSV; the reasons stand in one cell, the decisive one first. */
export const csvOfRow = (row: DecisionRow): string =>
  csvLine([
    new Date(row.decidedAt).toISOString(),
    row.verdict,
    row.score,
    row.coverage,
    row.mint,
    row.pool,
    row.look,
    row.symbol,
    row.venue,
    row.creator,
    row.latencyMs,
    row.reasons.join('; '),
  ]);

export const jsonLineOfRow = (row: DecisionRow): string => `${JSON.stringify(jsonOfRow(row))}\n`;
