import { readFileSync, rmSync } from 'node:fs';

import { loadTradingConfig } from '#config/load-trading-config.ts';
import { parseTradingConfig } from '#config/parse-trading-config.ts';
import type { TradingConfig } from '#config/trading-config.ts';
import { liveKeys } from '#infra/local/live/live-keys.ts';
import { type Stream, startStream } from '#infra/local/live/start-stream.ts';
import type { StreamKind } from '#infra/local/live/subscriptions.ts';
import { type CloudParts, LOCAL_STAGE, startCloudParts } from '#infra/local/local-stack.ts';
import { announceStack } from './announce-stack.ts';
import { CommandError } from './command-error.ts';
import { LOCAL_STACK_FILE } from './connection.ts';
import { liveView } from './live-view.ts';
import { percentiles } from './percentiles.ts';
import type { ExitCode } from './run-command.ts';
import { problemOf, runObserver, type RunObserver } from './run-observer.ts';

export type LiveOptions = {
  readonly stream: StreamKind;
  readonly json: boolean;
  readonly poolSize: number | undefined;
  readonly environmentHost: 'process' | 'inline';
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** The stage whose looks suit real upstreams. */
const REAL_STAGE = 'paper';
/** Fewer than the pool: real pools come one or two a second, and the rest start when needed. */
const WARM_ANALYZERS = 4;
/** The same problem is told again after this long. */
const TELL_AGAIN_MS = 60_000;

/**
 * The system on this machine with real upstreams, on paper, until it is told to stop.
 * @throws {CommandError} when a key is missing, or the configuration asks for real money.
 */
export async function runLive(options: LiveOptions): Promise<ExitCode> {
  const keys = requireKeys(loadTradingConfig({ stage: LOCAL_STAGE }), options.environment);
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => stopping.abort());
  }
  const realLooks = loadTradingConfig({ stage: REAL_STAGE }).synthesis.looks_after_seconds;
  let started = false;
  const observer = runObserver((line) => view.decision(line));
  const view = liveView({
    output: process.stderr,
    observer: () => (started ? observer : undefined),
    startedAtMs: Date.now(),
  });
  for (const name of keys.without)
    view.step(`without ${name}: that upstream is asked less, or not`);
  const parts = await startCloudParts({
    environmentHost: options.environmentHost,
    keys: keys.keys,
    settings: {
      // Real indexes take their time: the short looks of the local stage are for the local market.
      synthesis: { looks_after_seconds: realLooks },
      ...(options.poolSize === undefined
        ? {}
        : { parallel_processing: { pool_size: options.poolSize } }),
    },
    warm: { analyzer: WARM_ANALYZERS, executor: 1 },
    onProgress: (step) => view.step(step),
    onEvent: (event) => {
      observer.onEvent(event);
      const problem = problemOf(event);
      if (problem !== undefined) view.problem(problem);
    },
  });
  try {
    announceStack(parts);
    const stream = openStream(parts, options, keys.keys, view);
    started = true;
    await new Promise((resolve) => {
      if (stopping.signal.aborted) resolve(undefined);
      stopping.signal.addEventListener('abort', resolve, { once: true });
    });
    await stream.stop();
    view.end();
    tell(observer, stream, options.json);
    return 0;
  } finally {
    rmSync(LOCAL_STACK_FILE, { force: true });
    await parts.stop();
  }
}

/** @throws {CommandError} that names each key which is missing. */
function requireKeys(config: TradingConfig, environment: LiveOptions['environment']) {
  if (config.mode !== 'paper') {
    throw new CommandError(
      `--live trades on paper only, and the configuration says mode = "${config.mode}"`,
    );
  }
  const found = liveKeys(config, environment);
  if (found.missing.length === 0) return found;
  throw new CommandError(
    `--live asks real upstreams, and config/trading.toml needs ${found.missing.join(', ')} for them: ` +
      `set ${found.missing.length === 1 ? 'an environment variable of that name' : 'environment variables of these names'}` +
      `, or name other addresses in config/trading.${LOCAL_STAGE}.toml`,
  );
}

function openStream(
  { cloud, output, configPath }: CloudParts,
  options: LiveOptions,
  keys: Readonly<Record<string, string>>,
  view: ReturnType<typeof liveView>,
): Stream {
  const toldAtMs = new Map<string, number>();
  return startStream({
    // As the functions have it.
    config: parseTradingConfig(JSON.parse(readFileSync(configPath, 'utf8'))),
    keys,
    kind: options.stream,
    url: options.environment['RPC_WS_URL'],
    cloud: {
      sqs: cloud.endpoints.sqs,
      dynamodb: cloud.endpoints.dynamodb,
      queueUrl: output('TokensQueueUrl'),
      stateTable: output('StateTable'),
      decisionsTable: output('DecisionsTable'),
    },
    onReady: (accounts) => {
      view.step(
        [
          `listening on ${accounts.length} accounts:`,
          ...accounts.map(({ venue, account, reason }) => `  ${venue}  ${account}  ${reason}`),
        ].join('\n'),
      );
    },
    onProblem: (reason) => {
      // Each pause before the next connection is another one: that makes no other problem.
      const problem = reason.replace(/again in [\d.]+ s/, '');
      const lastMs = toldAtMs.get(problem);
      if (lastMs !== undefined && Date.now() - lastMs < TELL_AGAIN_MS) return;
      if (toldAtMs.size > 1_000) toldAtMs.clear();
      toldAtMs.set(problem, Date.now());
      view.problem(reason);
    },
  });
}

function tell(observer: RunObserver, { tally }: Stream, json: boolean): void {
  const latencyMs = percentiles(observer.firstLatenciesMs);
  const summary = {
    decided: observer.decided.size,
    watched: observer.watched(),
    approved: observer.approved(),
    latencyMs,
    stream: tally,
  };
  process.stdout.write(
    json
      ? `${JSON.stringify(summary)}\n`
      : `${summary.decided} tokens decided, ${summary.approved} approved, ` +
          `p50 ${latencyMs.p50} ms, p99 ${latencyMs.p99} ms; ` +
          `${tally.transactions} transactions heard of, ${tally.missed} left to the sweep.\n`,
  );
}
