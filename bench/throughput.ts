import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

import { type LocalStack, startLocalStack } from '#infra/local/local-stack.ts';
import type { ARRIVALS } from '#infra/local/market-process.ts';
import { type AnalysedRow, analysedRows } from './analysed-rows.ts';
import { type Percentiles, percentiles } from '#cli/percentiles.ts';
import { type RunObserver, runObserver } from '#cli/run-observer.ts';
import { poolKey } from '#cli/run-summary.ts';

export type ThroughputOptions = {
  readonly tokens: number;
  readonly poolSize: number;
  readonly latencyMs: number | undefined;
  readonly sigma: number | undefined;
  readonly arrivals: (typeof ARRIVALS)[number];
  readonly ratePerSecond: number | undefined;
  readonly warmUpTokens: number;
  readonly seed: number;
  readonly environmentHost: 'process' | 'inline';
  readonly earlyExit: boolean;
  readonly onProgress: (step: string) => void;
};

export type ThroughputFigures = {
  readonly tokens: number;
  readonly poolSize: number;
  /** Decisions a second, from the first detection to the last decision. */
  readonly tokensPerSecond: number;
  /** `pool_size / mean analysis time`: what the slots can carry at these upstream latencies. */
  readonly bound: number;
  readonly efficiency: number;
  /** Detection to decision. */
  readonly latencyMs: Percentiles;
  readonly analysisMs: Percentiles;
  readonly queuedMs: Percentiles;
  /** Our own time in the analyzer: analysis and put, less the slowest check that was needed. */
  readonly overheadMs: Percentiles;
  /** Processor time of the analyzer's environments. */
  readonly cpuMsPerToken: number;
  readonly requestsPerToken: number;
  readonly endedEarlyShare: number;
  readonly lost: number;
  readonly duplicated: number;
  /** Where the processor time went, in seconds, and what limited the run. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
  readonly machineUse: number;
  readonly limitedBy: 'machine' | 'pool' | 'arrivals';
};

const PATIENCE_MS = 20_000;
/** Above this share of all cores in use, the machine and not the design was the bound. */
const MACHINE_BOUND = 0.85;

/** Runs the real path on the local stack and measures it. */
export async function benchThroughput(options: ThroughputOptions): Promise<ThroughputFigures> {
  const observer = runObserver();
  const stack = await startLocalStack({
    market: { seed: options.seed, latencyMs: options.latencyMs, sigma: options.sigma },
    environmentHost: options.environmentHost,
    settings: {
      parallel_processing: { pool_size: options.poolSize },
      analyzer: { early_exit: options.earlyExit, max_age_seconds: 600 },
      // One look a token: a wait for the next would count as analysis.
      synthesis: { looks_after_seconds: [] },
    },
    warm: { detector: 2, analyzer: options.poolSize, executor: 2 },
    onEvent: observer.onEvent,
    onProgress: options.onProgress,
  });
  try {
    options.onProgress(`warming up with ${options.warmUpTokens} tokens`);
    await openAndWait(stack, observer, options.warmUpTokens, 'burst', undefined);
    options.onProgress(`measuring ${options.tokens} tokens`);
    return await measure(stack, observer, options);
  } finally {
    await stack.stop();
  }
}

async function measure(
  stack: LocalStack,
  observer: RunObserver,
  options: ThroughputOptions,
): Promise<ThroughputFigures> {
  const warmedUp = new Set(observer.seen);
  const before = await usage(stack);
  await openAndWait(stack, observer, options.tokens, options.arrivals, options.ratePerSecond);
  const after = await usage(stack);
  const rows = (await analysedRows(stack.dynamodb, stack.output('DecisionsTable'))).filter(
    (row) => !warmedUp.has(poolKey(row)),
  );
  return figures(rows, observer, before, after, options);
}

/** Opens tokens and waits until all are decided, or nothing moves any more. */
export async function openAndWait(
  { market }: LocalStack,
  observer: RunObserver,
  tokens: number,
  arrivals: ThroughputOptions['arrivals'],
  ratePerSecond: number | undefined,
): Promise<void> {
  const target = observer.decided.size + tokens;
  await market.open({ tokens, arrivals, ratePerSecond });
  let lastCount = observer.decided.size;
  let lastChangeMs = Date.now();
  while (observer.decided.size < target && Date.now() - lastChangeMs < PATIENCE_MS) {
    await pause(20);
    if (observer.decided.size === lastCount) continue;
    lastCount = observer.decided.size;
    lastChangeMs = Date.now();
  }
}

type Usage = {
  readonly atMs: number;
  readonly requests: number;
  readonly cpuMs: Readonly<Record<string, number>>;
};

async function usage({ cloud, market }: LocalStack): Promise<Usage> {
  const stats = await market.stats();
  const own = process.cpuUsage();
  const functions = Object.entries(cloud.stats().functions).map(
    ([name, { cpuMs }]) => [name, cpuMs] as const,
  );
  return {
    atMs: Date.now(),
    requests: stats.requests.reduce((sum, { requests }) => sum + requests, 0),
    cpuMs: {
      ...Object.fromEntries(functions),
      market: stats.cpuMs,
      'emulators (SQS, Lambda, KMS) and bench': (own.user + own.system) / 1_000,
    },
  };
}

function figures(
  rows: readonly AnalysedRow[],
  observer: RunObserver,
  before: Usage,
  after: Usage,
  { tokens, poolSize }: ThroughputOptions,
): ThroughputFigures {
  const firstMs = Math.min(...rows.map(({ detectedAt }) => detectedAt));
  const lastMs = Math.max(...rows.map(({ decidedAt }) => decidedAt));
  const seconds = Math.max(0.001, (lastMs - firstMs) / 1_000);
  const analysisMs = rows.map((row) => row.latencyMs - row.queuedMs);
  const meanAnalysisMs = analysisMs.reduce((sum, ms) => sum + ms, 0) / Math.max(1, rows.length);
  const tokensPerSecond = rows.length / seconds;
  const bound = poolSize / (meanAnalysisMs / 1_000);
  const cpuMs = Object.fromEntries(
    Object.entries(after.cpuMs).map(([part, ms]) => [part, ms - (before.cpuMs[part] ?? 0)]),
  );
  const allCpuMs = Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0);
  const machineUse = allCpuMs / ((after.atMs - before.atMs) * cpus().length);
  const efficiency = tokensPerSecond / bound;
  const analyzerCpuMs = Object.entries(cpuMs).find(([name]) => /analyzer/i.test(name))?.[1] ?? 0;
  return {
    tokens,
    poolSize,
    tokensPerSecond: round(tokensPerSecond),
    bound: round(bound),
    efficiency: round(efficiency),
    latencyMs: percentiles(rows.map(({ latencyMs }) => latencyMs)),
    analysisMs: percentiles(analysisMs),
    queuedMs: percentiles(rows.map(({ queuedMs }) => queuedMs)),
    overheadMs: percentiles(rows.map(({ overheadMs }) => overheadMs)),
    cpuMsPerToken: round(analyzerCpuMs / Math.max(1, rows.length)),
    requestsPerToken: round((after.requests - before.requests) / Math.max(1, rows.length)),
    endedEarlyShare: round(
      rows.filter(({ endedEarly }) => endedEarly).length / Math.max(1, rows.length),
    ),
    lost: tokens - rows.length,
    duplicated: observer.duplicated(),
    cpuSeconds: Object.fromEntries(
      Object.entries(cpuMs).map(([part, ms]) => [part, round(ms / 1_000)]),
    ),
    machineUse: round(machineUse),
    limitedBy: machineUse > MACHINE_BOUND ? 'machine' : efficiency > 0.8 ? 'pool' : 'arrivals',
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;
