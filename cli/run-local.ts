import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

import { longestLookDelaySeconds } from '#config/look-delays.ts';
import { LOCAL_AUTHORIZATION, type LocalStack, startLocalStack } from '#infra/local/local-stack.ts';
import type { ARRIVALS } from '#infra/local/market-process.ts';
import { closePositions } from './close-positions.ts';
import { announceStack } from './announce-stack.ts';
import { confusionLines } from './confusion-lines.ts';
import { LOCAL_STACK_FILE, connect } from './connection.ts';
import { fundedWallet } from './local-wallet.ts';
import { moneyOf } from './run-money.ts';
import { liveView, type LiveView } from './live-view.ts';
import { allDecisions, boughtMints } from './local-tables.ts';
import type { PageServer } from './page/page-server.ts';
import { startPage } from './page/start-page.ts';
import type { ExitCode } from './run-command.ts';
import { problemOf, runObserver, type RunObserver } from './run-observer.ts';
import { type RunSummary, summarize } from './run-summary.ts';
import { stackConfig } from './stack-config.ts';

export type RunOptions = {
  readonly tokens: number | undefined;
  readonly exit: boolean;
  readonly json: boolean;
  readonly ratePerSecond: number;
  readonly arrivals: (typeof ARRIVALS)[number];
  readonly poolSize: number | undefined;
  readonly latencyMs: number | undefined;
  readonly sigma: number | undefined;
  readonly seed: number;
  readonly environmentHost: 'process' | 'inline';
  /** `live`: real swaps, signed by the local KMS, on the embedded chain. */
  readonly mode: 'paper' | 'live';
  /** Positions are held this long at most, and a run that ends waits for it; undefined: as configured. */
  readonly holdSeconds: number | undefined;
};

const WARM_ANALYZERS = 20;
/** Tokens opened at a time while the run has no end: few, so that Ctrl-C stops at once. */
const ENDLESS_BATCH = 20;
/** Without a new decision for this long, what is missing is lost. A redelivery takes less. */
const PATIENCE_MS = 20_000;

/** Runs the system here until it is told to stop, or until the tokens asked for are decided. */
export async function runLocal(options: RunOptions): Promise<ExitCode> {
  const stopping = new AbortController();
  const stopNow = () => stopping.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stopNow);

  const observer = runObserver((line) => view.decision(line));
  const view: LiveView = liveView({
    output: process.stderr,
    observer: () => (started ? observer : undefined),
    startedAtMs: Date.now(),
  });
  let started = false;
  const stack = await startLocalStack({
    market: { seed: options.seed, latencyMs: options.latencyMs, sigma: options.sigma },
    environmentHost: options.environmentHost,
    settings: settingsOf(options),
    // In AWS every environment starts on a machine of its own; here twenty at once would take the
    // cores away from everything else, and the first tokens would wait for them.
    warm: {
      detector: 2,
      analyzer: Math.min(options.poolSize ?? WARM_ANALYZERS, WARM_ANALYZERS),
      executor: 1,
    },
    onProgress: (step) => view.step(step),
    onEvent: (event) => {
      observer.onEvent(event);
      const problem = problemOf(event);
      if (problem !== undefined) view.problem(problem);
    },
  });
  let page: PageServer | undefined;
  try {
    announceStack(stack, stack.market);
    // Nobody looks at a run that ends by itself or that a script reads.
    if (!options.exit && !options.json) {
      page = await startPage({
        connection: await connect(),
        localChain: true,
        config: stackConfig({}),
      });
      announceStack(stack, stack.market, page);
    }
    view.step(addresses(stack, page?.url));
    const wallet = options.mode === 'live' ? await fundedWallet(stack) : undefined;
    const before = await wallet?.lamports();
    started = true;
    await trade(stack, observer, options, stopping.signal);
    await executed(observer);
    if (options.exit && options.holdSeconds !== undefined) {
      await closePositions(stack, options.holdSeconds);
    }
    const after = await wallet?.lamports();
    const summary = {
      ...(await settle(stack, observer)),
      ...(await moneyOf(stack, wallet, before, after)),
    };
    view.end();
    tell(summary, options);
    return options.exit && (summary.lost > 0 || summary.duplicated > 0) ? 1 : 0;
  } finally {
    rmSync(LOCAL_STACK_FILE, { force: true });
    await page?.stop();
    await stack.stop();
  }
}

const settingsOf = ({ poolSize, mode, holdSeconds }: RunOptions) => ({
  mode,
  ...(poolSize === undefined ? {} : { parallel_processing: { pool_size: poolSize } }),
  ...(holdSeconds === undefined
    ? {}
    : { plan: { max_hold_seconds: holdSeconds }, exits: { interval_seconds: 1 } }),
});

/** Opens pools until all asked for are decided, or until `signal` aborts. */
async function trade(
  { market }: LocalStack,
  observer: RunObserver,
  { tokens, exit, ratePerSecond, arrivals }: RunOptions,
  signal: AbortSignal,
): Promise<void> {
  if (tokens !== undefined) {
    await market.open({ tokens, ratePerSecond, arrivals });
    await untilQuiet(
      () => (exit ? observer.decided.size >= tokens : false),
      observer,
      exit,
      signal,
    );
    return;
  }
  while (!signal.aborted) {
    await market.open({ tokens: ENDLESS_BATCH, ratePerSecond, arrivals });
    const { opened } = await market.status();
    await untilQuiet(
      () => observer.firstLatenciesMs.length >= opened - ENDLESS_BATCH / 2,
      observer,
      true,
      signal,
    );
  }
}

/** How long nothing may happen because a look is waited for. */
const longestLookMs = (): number =>
  1_000 * longestLookDelaySeconds(stackConfig({}).synthesis.looks_after_seconds);

/** Waits until `done`, or until nothing was decided for a while (when `patient`), or for the end. */
async function untilQuiet(
  done: () => boolean,
  observer: RunObserver,
  patient: boolean,
  signal: AbortSignal,
): Promise<void> {
  const patienceMs = PATIENCE_MS + longestLookMs();
  let lastCount = observer.stored();
  let lastChangeMs = Date.now();
  while (!done() && !signal.aborted) {
    await pause(50);
    if (observer.stored() !== lastCount) {
      lastCount = observer.stored();
      lastChangeMs = Date.now();
    }
    if (patient && Date.now() - lastChangeMs > patienceMs) return;
  }
}

/** Lets the executor finish what was approved. */
async function executed(observer: RunObserver): Promise<void> {
  const giveUpAtMs = Date.now() + PATIENCE_MS / 2;
  while (observer.executed() < observer.approved() && Date.now() < giveUpAtMs) await pause(50);
}

/** Reads the tables. */
async function settle(stack: LocalStack, observer: RunObserver): Promise<RunSummary> {
  const [truth, rows, bought] = await Promise.all([
    stack.market.truth(),
    allDecisions(stack.dynamodb, stack.output('DecisionsTable')),
    boughtMints(stack.dynamodb, stack.output('TradesTable')),
  ]);
  return summarize({
    truth,
    rows,
    bought,
    seen: observer.seen,
    duplicated: observer.duplicated(),
  });
}

const addresses = ({ cloud, market, output }: LocalStack, page: string | undefined): string =>
  [
    '',
    ...(page === undefined ? [] : [`  page       ${page}`]),
    `  detector   ${output('DetectorUrl')}   POST transactions, header authorization: ${LOCAL_AUTHORIZATION}`,
    `  dynamodb   ${cloud.endpoints.dynamodb}   table ${output('DecisionsTable')}`,
    `  sqs        ${cloud.endpoints.sqs}`,
    `  market     ${market.url}`,
    '',
    '  npm run decisions, npm run trades and any AWS client can look in. Ctrl-C stops everything.',
    '',
  ].join('\n');

function tell(summary: RunSummary, { json, exit }: RunOptions): void {
  if (json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else if (exit || summary.decided > 0) {
    const { truth, latencyMs } = summary;
    process.stdout.write(
      `${summary.decided} of ${summary.decided + summary.lost} tokens decided, ` +
        `${summary.duplicated} twice, p50 ${latencyMs.p50} ms, p99 ${latencyMs.p99} ms.\n` +
        `Bought ${truth.soundBought} sound tokens and ${truth.trapsBought} traps; ` +
        `missed ${truth.soundMissed} sound ones, refused ${truth.trapsRefused} traps.\n` +
        `\n${confusionLines(truth.archetypes).join('\n')}\n`,
    );
  }
}
