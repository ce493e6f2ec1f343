import { describe, expect, it } from 'vitest';

import { arrivalTimes } from '#infra/local/market/openings/arrivals.ts';
import { Random } from '#infra/local/market/random.ts';

/** How many arrivals lie in each window. */
function counts(times: readonly number[], windowMs: number): number[] {
  const windows = Math.ceil((times.at(-1) ?? 0) / windowMs);
  const found = Array.from({ length: windows }, () => 0);
  for (const time of times) found[Math.floor(time / windowMs)]! += 1;
  return found.slice(0, -1);
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
/** Variance over mean: 1 for independent arrivals. */
const fano = (values: readonly number[]) =>
  mean(values.map((value) => (value - mean(values)) ** 2)) / mean(values);

describe('arrivalTimes', () => {
  it('opens a burst at once', () => {
    expect(arrivalTimes('burst', 3, 10, new Random('a'))).toEqual([0, 0, 0]);
  });

  it('spreads Poisson arrivals independently at the rate asked for', () => {
    const perMinute = counts(arrivalTimes('poisson', 20_000, 1, new Random('p')), 60_000);
    expect(mean(perMinute)).toBeGreaterThan(58);
    expect(mean(perMinute)).toBeLessThan(62);
    expect(fano(perMinute)).toBeLessThan(1.5);
  });

  it('clusters a replay as launches were recorded: Fano near 20, two dozen in one second', () => {
    const times = arrivalTimes('replay', 22_858, 1, new Random('r'));
    expect(mean(counts(times, 60_000))).toBeGreaterThan(50);
    expect(mean(counts(times, 60_000))).toBeLessThan(70);
    expect(fano(counts(times, 60_000))).toBeGreaterThan(12);
    expect(fano(counts(times, 60_000))).toBeLessThan(28);
    expect(Math.max(...counts(times, 1_000))).toBeGreaterThanOrEqual(24);
  });

  it.each(['poisson', 'replay'] as const)('gives %s times in order, from 0, repeatably', (kind) => {
    const times = arrivalTimes(kind, 500, 5, new Random('s'));
    expect(times).toHaveLength(500);
    expect(times[0]).toBe(0);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times).toEqual(arrivalTimes(kind, 500, 5, new Random('s')));
    expect(times).not.toEqual(arrivalTimes(kind, 500, 5, new Random('t')));
  });
});
