import type { Verdict } from '#shared/domain/decision.ts';
import { VERDICT_SHARDS, verdictHourKey } from '#shared/domain/table-keys.ts';
import type { TimeSpan } from './time-span.ts';

export const HOUR_MS = 3_600_000;

/** Beginnings of the hours that a span touches, newest first, in Unix milliseconds. */
export function hoursOf({ sinceMs, untilMs }: TimeSpan): number[] {
  const hours: number[] = [];
  // The end is exclusive: a span that ends on the hour does not touch the next one.
  for (let hour = floorHour(untilMs - 1); hour >= floorHour(sinceMs); hour -= HOUR_MS) {
    hours.push(hour);
  }
  return hours;
}

const floorHour = (ms: number): number => Math.floor(ms / HOUR_MS) * HOUR_MS;

/** Partition keys of the index that hold one hour of these verdicts: one for each shard. */
export const partitionsOf = (hour: number, verdicts: readonly Verdict[]): string[] =>
  verdicts.flatMap((verdict) =>
    Array.from({ length: VERDICT_SHARDS }, (_, shard) =>
      verdictHourKey(verdict, new Date(hour), shard),
    ),
  );

/**
 * Bounds of the index's sort key for a span, to be used with BETWEEN. A key goes on with `#<mint>`
 * after its time, so those of the end's own millisecond lie above the upper bound.
 */
export const sortKeyBounds = ({ sinceMs, untilMs }: TimeSpan): readonly [string, string] => [
  new Date(sinceMs).toISOString(),
  new Date(untilMs).toISOString(),
];
