import * as z from 'zod';

import { reasonOf } from '#shared/domain/fault.ts';
import { CommandError } from '../command-error.ts';

/** Which mints turned out good. */
export type Outcomes = ReadonlyMap<string, boolean>;

const rowSchema = z.object({
  mint: z.string().min(1),
  label: z.enum(['good', 'bad']).optional(),
  /** Price reached, as a multiple of the price at the decision. */
  multiple: z.coerce.number().nonnegative().optional(),
});

/**
 * Reads what became of mints: CSV with a header, or JSON lines, with `mint` and either `label` (good,
 * bad) or `multiple`, which is good from `goodMultiple` on.
 * @throws {CommandError} the line, and what is wrong with it.
 */
export function parseOutcomes(text: string, goodMultiple: number): Outcomes {
  const lines = text.split(/\r?\n/).map((line, at) => ({ line: line.trim(), number: at + 1 }));
  const filled = lines.filter(({ line }) => line !== '');
  const outcomes = new Map<string, boolean>();
  for (const { number, value } of rowsOf(filled)) {
    const row = rowSchema.safeParse(value);
    const issue = row.success ? undefined : row.error.issues[0];
    if (!row.success) throw wrong(number, `${issue?.path.join('.')}: ${issue?.message}`);
    const { mint, label, multiple } = row.data;
    if (label === undefined && multiple === undefined) {
      throw wrong(number, 'it has neither a label (good, bad) nor a multiple');
    }
    const isGood = label === undefined ? (multiple ?? 0) >= goodMultiple : label === 'good';
    if ((outcomes.get(mint) ?? isGood) !== isGood) {
      throw wrong(number, `${mint} stands there before, with the other outcome`);
    }
    outcomes.set(mint, isGood);
  }
  return outcomes;
}

type Line = { readonly line: string; readonly number: number };

function* rowsOf(lines: readonly Line[]): Generator<{ number: number; value: unknown }> {
  const [first, ...rest] = lines;
  if (first === undefined) return;
  if (first.line.startsWith('{')) {
    for (const { line, number } of lines) yield { number, value: jsonOf(line, number) };
    return;
  }
  const header = cellsOf(first.line).map((cell) => cell.toLowerCase());
  if (!header.includes('mint')) throw wrong(first.number, 'the header names no column "mint"');
  for (const { line, number } of rest) {
    const cells = cellsOf(line).map((cell, at) => [header[at] ?? '', cell] as const);
    yield { number, value: Object.fromEntries(cells.filter(([, cell]) => cell !== '')) };
  }
}

function jsonOf(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw wrong(number, reasonOf(error));
  }
}

/** Cells of a line of CSV (RFC 4180); none of ours has a line break in it. */
const cellsOf = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    (quoted?.replaceAll('""', '"') ?? plain ?? '').trim(),
  );

const wrong = (number: number, why: string): CommandError =>
  new CommandError(`--outcomes, line ${number}: ${why}`);
