import type { Random } from '../random.ts';

export const ARRIVALS = ['burst', 'poisson', 'replay'] as const;
export type Arrivals = (typeof ARRIVALS)[number];

/**
 * Mean size of a cluster of launches. With sizes of geometric law the variance of the count in a
 * minute is 2·mean − 1 = 20 times its mean, which is what a week of real launches shows; one cluster
 * in ten then brings 24 pools or more within a second, the peak of that week.
 */
const CLUSTER_MEAN = 10.5;
const CLUSTER_SECONDS = 1;

/**
 * Milliseconds after the start at which each of `count` pools opens, in order. `burst`: all at once;
 * `poisson`: independent of each other at `ratePerSecond`; `replay`: in clusters, at that rate on average.
 */
export function arrivalTimes(
  arrivals: Arrivals,
  count: number,
  ratePerSecond: number,
  random: Random,
): number[] {
  if (arrivals === 'burst') return Array.from({ length: count }, () => 0);
  const times: number[] = [];
  let seconds = 0;
  while (times.length < count) {
    if (arrivals === 'poisson') {
      seconds += random.exponential(ratePerSecond);
      times.push(seconds * 1_000);
    } else {
      seconds += random.exponential(ratePerSecond / CLUSTER_MEAN);
      const size = 1 + Math.floor(Math.log(1 - random.next()) / Math.log(1 - 1 / CLUSTER_MEAN));
      for (let member = 0; member < size; member += 1) {
        times.push((seconds + random.next() * CLUSTER_SECONDS) * 1_000);
      }
    }
  }
  const first = Math.min(...times);
  const sorted = times.sort((a, b) => a - b).slice(0, count);
  return sorted.map((time) => time - first);
}
