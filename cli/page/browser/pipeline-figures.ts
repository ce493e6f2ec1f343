import { type FeedRow, VERDICT_NAMES } from '../protocol.ts';

/**
 * One stretch of time. Rates are per second, null for the stretch that is not over yet; percentiles
 * are null where nothing was decided.
 */
export type Bucket = {
  /** Beginning, in Unix milliseconds. */
  readonly at: number;
  readonly detectedPerSecond: number | null;
  readonly decidedPerSecond: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
};

export type Share = { readonly name: string; readonly count: number };

export type PipelineFigures = {
  readonly decided: number;
  readonly bucketMs: number;
  /** Oldest first, without gaps. */
  readonly buckets: readonly Bucket[];
  /** Detection to decision of first looks that were analysed, in milliseconds. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly verdicts: readonly Share[];
  /** SKIPs by the rule that decided, most first. */
  readonly refusedBy: readonly Share[];
  readonly venues: readonly Share[];
};

/** Bucket sizes that people read easily, in seconds. */
const STEPS_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600];
const MAX_BUCKETS = 120;

/** Figures of the rows from `sinceMs` on; the time axis begins with the first of them. */
export function pipelineFigures(
  rows: readonly FeedRow[],
  sinceMs: number,
  nowMs: number,
): PipelineFigures {
  const inSpan = rows.filter(({ decidedAt }) => decidedAt >= sinceMs);
  const latencies = sorted(inSpan.filter(isTimed));
  const first = inSpan.reduce((least, row) => Math.min(least, detectedAt(row)), nowMs);
  const stepSeconds =
    STEPS_SECONDS.find((step) => nowMs - first <= step * 1_000 * MAX_BUCKETS) ?? 86_400;
  const bucketMs = stepSeconds * 1_000;
  return {
    decided: inSpan.length,
    bucketMs,
    buckets: bucketsOf(inSpan, { first, nowMs, bucketMs }),
    ...percentiles(latencies),
    verdicts: VERDICT_NAMES.map((name) => ({
      name,
      count: inSpan.filter(({ verdict }) => verdict === name).length,
    })),
    refusedBy: counted(inSpan.flatMap(({ refusedBy }) => refusedBy ?? [])),
    venues: counted(inSpan.map(({ venue }) => venue)),
  };
}

/** Decisions a second over the last minute. */
export function recentRate(rows: readonly FeedRow[], nowMs: number): number {
  const since = nowMs - 60_000;
  let count = 0;
  for (const { decidedAt } of rows) {
    if (decidedAt < since) break;
    count += 1;
  }
  return count / 60;
}

const detectedAt = ({ decidedAt, latencyMs }: FeedRow): number => decidedAt - latencyMs;

function bucketsOf(
  rows: readonly FeedRow[],
  axis: { readonly first: number; readonly nowMs: number; readonly bucketMs: number },
): Bucket[] {
  const { bucketMs } = axis;
  const start = Math.floor(axis.first / bucketMs);
  const length = Math.floor(axis.nowMs / bucketMs) - start + 1;
  const decided: FeedRow[][] = Array.from({ length }, () => []);
  const detected = Array.from({ length }, () => 0);
  for (const row of rows) {
    decided[Math.floor(row.decidedAt / bucketMs) - start]?.push(row);
    const at = Math.floor(detectedAt(row) / bucketMs) - start;
    // A later look at a pool is no new detection.
    if (row.look === 1 && at >= 0 && at < length) detected[at] = (detected[at] ?? 0) + 1;
  }
  const rate = (count: number, at: number): number | null =>
    at === length - 1 && length > 1 ? null : (count * 1_000) / bucketMs;
  return decided.map((inBucket, at) => {
    const { p50, p95, p99 } = percentiles(sorted(inBucket.filter(isTimed)));
    return {
      at: (start + at) * bucketMs,
      detectedPerSecond: rate(detected[at] ?? 0, at),
      decidedPerSecond: rate(inBucket.length, at),
      p50,
      p95,
      p99,
    };
  });
}

/** What expired was not analysed, and later looks wait on purpose. */
const isTimed = ({ verdict, look }: FeedRow): boolean => verdict !== 'EXPIRED' && look === 1;

const sorted = (rows: readonly FeedRow[]): Float64Array =>
  Float64Array.from(rows, ({ latencyMs }) => latencyMs).sort();

/** By nearest rank. */
function percentiles(latencies: Float64Array): Pick<Bucket, 'p50' | 'p95' | 'p99'> {
  const at = (share: number) =>
    latencies[Math.max(0, Math.ceil(share * latencies.length) - 1)] ?? null;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function counted(names: readonly string[]): Share[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
