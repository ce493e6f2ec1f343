import { CommandError } from './command-error.ts';

/** A stretch of time in Unix milliseconds: from `sinceMs` on, before `untilMs`. */
export type TimeSpan = { readonly sinceMs: number; readonly untilMs: number };

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const AGE = /^(\d{1,6}(?:\.\d+)?)\s*(s|m|h|d)$/;
const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * A point in time as people write it: an age (`30m`, `24h`, `7d`) or a date; a date without a zone
 * is UTC, as all that the commands print.
 * @throws {CommandError} wrong usage, naming the option.
 */
export function parseTime(text: string, option: string, nowMs: number): number {
  const [, count, unit = ''] = AGE.exec(text) ?? [];
  if (count !== undefined) return nowMs - Number(count) * (UNIT_MS[unit] ?? 0);
  const date = DATE.exec(text);
  const at = date === null ? Number.NaN : Date.parse(isoOf(text, date[1] !== undefined));
  if (Number.isFinite(at)) return at;
  throw new CommandError(
    `${option} "${text}" is no time: write an age such as 30m, 24h or 7d, or a date such as 2026-11-20T10:00Z`,
    { exitCode: 2 },
  );
}

function isoOf(text: string, hasZone: boolean): string {
  const spaced = text.replace(' ', 'T');
  const hour = /T\d\d(?=$|Z|[+-])/.test(spaced) ? spaced.replace(/T\d\d/, '$&:00') : spaced;
  return hasZone || !hour.includes('T') ? hour : `${hour}Z`;
}

/** `2026-11-20 10:00:00`, UTC. */
export const utcText = (ms: number): string =>
  new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
