/** Nearest-rank percentiles; null when there is nothing to rank. */
export type Percentiles = {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
};

/** The value below which `share` (0..1) of the values lie, by nearest rank. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/** Rounded to two decimals. */
export function percentiles(values: readonly number[]): Percentiles {
  const at = (share: number) => {
    const value = percentile(values, share);
    return value === null ? null : Math.round(value * 100) / 100;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
