import { setTimeout as pause } from 'node:timers/promises';

import { paginateScan } from '@aws-sdk/client-dynamodb';

import { percentile } from '#cli/percentiles.ts';
import { type RunObserver, runObserver } from '#cli/run-observer.ts';
import { poolKey } from '#cli/run-summary.ts';
import { type LocalStack, startLocalStack } from '#infra/local/local-stack.ts';
import { decisionOfItem } from '#shared/adapters/aws/decision-item.ts';
import type { Decision } from '#shared/domain/decision.ts';
import { openAndWait } from './throughput.ts';

export type FaultsOptions = {
  /** Tokens opened under each fault, at `ratePerSecond`. */
  readonly tokens: number;
  readonly ratePerSecond: number;
  readonly poolSize: number;
  readonly seed: number;
  /** Only faults whose name contains this. */
  readonly only?: string | undefined;
  readonly onProgress: (step: string) => void;
};

export type FaultFigures = {
  /** `upstream kind`, or several of them. */
  readonly fault: string;
  readonly tokens: number;
  readonly decided: number;
  /** The longest analysis: to be below the task's time limit. */
  readonly slowestMs: number | null;
  /** Detection to decision. */
  readonly p95Ms: number | null;
  readonly bought: number;
  readonly boughtTraps: number;
  /** Bought although a rule whose answer the strategy calls essential was not known. */
  readonly boughtBlind: number;
};

export type FaultsTable = {
  readonly taskTimeoutMs: number;
  readonly faults: readonly FaultFigures[];
};

type Switch = { readonly upstream: string; readonly kind: string };

const SINGLE_UPSTREAMS = ['rpc', 'jupiter', 'rugcheck', 'dexscreener', 'metadata'];
const KINDS = ['down', 'slow', '429', 'garbage', 'hang'];
const PAIRS: readonly (readonly Switch[])[] = [
  [
    { upstream: 'rpc', kind: 'hang' },
    { upstream: 'jupiter', kind: 'hang' },
  ],
  [
    { upstream: 'jupiter', kind: 'down' },
    { upstream: 'rugcheck', kind: 'hang' },
  ],
  [
    { upstream: 'rugcheck', kind: '429' },
    { upstream: 'dexscreener', kind: 'garbage' },
  ],
];

/** The first is none: what the others are to be compared with. */
const scenarios = (): readonly (readonly Switch[])[] => [
  [],
  ...SINGLE_UPSTREAMS.flatMap((upstream) => KINDS.map((kind) => [{ upstream, kind }])),
  ...PAIRS,
];

const nameOf = (switches: readonly Switch[]): string =>
  switches.map(({ upstream, kind }) => `${upstream} ${kind}`).join(' + ') || 'none';

/** Circuits that a fault opened are closed again after at most this time. */
const RECOVERY_MS = 9_000;
const TASK_TIMEOUT_SECONDS = 15;

/** Runs the real path on the local stack under one fault after the other. */
export async function benchFaults(options: FaultsOptions): Promise<FaultsTable> {
  const observer = runObserver();
  const stack = await startLocalStack({
    market: { seed: options.seed },
    environmentHost: 'process',
    settings: {
      parallel_processing: {
        pool_size: options.poolSize,
        task_timeout_seconds: TASK_TIMEOUT_SECONDS,
      },
      // One look a token: what is decided is decided under the fault.
      synthesis: { looks_after_seconds: [] },
    },
    warm: { detector: 2, analyzer: options.poolSize, executor: 1 },
    onEvent: observer.onEvent,
    onProgress: options.onProgress,
  });
  const faults: FaultFigures[] = [];
  try {
    await openAndWait(stack, observer, options.poolSize, 'burst', undefined);
    for (const switches of scenarios()) {
      const fault = nameOf(switches);
      if (!fault.includes(options.only ?? '')) continue;
      options.onProgress(`fault: ${fault}`);
      faults.push(await under(stack, observer, switches, options));
      await pause(RECOVERY_MS);
    }
  } finally {
    await stack.stop();
  }
  return { taskTimeoutMs: TASK_TIMEOUT_SECONDS * 1_000, faults };
}

async function under(
  stack: LocalStack,
  observer: RunObserver,
  switches: readonly Switch[],
  { tokens, ratePerSecond }: FaultsOptions,
): Promise<FaultFigures> {
  const before = new Set((await stack.market.truth()).map(poolKey));
  for (const fault of switches) await setFault(stack, fault);
  try {
    await openAndWait(stack, observer, tokens, 'poisson', ratePerSecond);
  } finally {
    await setFault(stack, { upstream: 'all', kind: 'none' });
  }
  const truth = (await stack.market.truth()).filter((token) => !before.has(poolKey(token)));
  const traps = new Set(truth.filter(({ trap }) => trap).map(poolKey));
  const opened = new Set(truth.map(poolKey));
  const decisions = (await storedDecisions(stack)).filter(({ opening }) =>
    opened.has(poolKey(opening)),
  );
  const bought = decisions.filter(({ verdict }) => verdict === 'BUY');
  return {
    fault: nameOf(switches),
    tokens: truth.length,
    decided: new Set(decisions.map(({ opening }) => poolKey(opening))).size,
    slowestMs: percentile(
      decisions.map((one) => one.latencyMs - one.queuedMs),
      1,
    ),
    p95Ms: percentile(
      decisions.map(({ latencyMs }) => latencyMs),
      0.95,
    ),
    bought: bought.length,
    boughtTraps: bought.filter(({ opening }) => traps.has(poolKey(opening))).length,
    boughtBlind: bought.filter(isBlind).length,
  };
}

const isBlind = ({ rules }: Decision): boolean =>
  rules.some((rule) => rule.status === 'unknown' && rule.cost === 'refuse');

async function setFault({ market }: LocalStack, fault: Switch): Promise<void> {
  const response = await fetch(`${market.url}/market/faults`, {
    method: 'POST',
    body: JSON.stringify(fault),
  });
  if (!response.ok) throw new Error(`market faults: HTTP ${response.status}`);
}

async function storedDecisions({ dynamodb, output }: LocalStack): Promise<Decision[]> {
  const decisions: Decision[] = [];
  const table = { TableName: output('DecisionsTable'), ConsistentRead: true };
  for await (const page of paginateScan({ client: dynamodb }, table)) {
    for (const item of page.Items ?? []) decisions.push(decisionOfItem(item));
  }
  return decisions;
}
