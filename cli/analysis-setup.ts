import { readFileSync } from 'node:fs';

import type { TradingConfig } from '#config/trading-config.ts';
import type { AnalyzeDeps } from '#functions/analyzer/analyze.ts';
import { analyzeDeps } from '#functions/analyzer/wiring.ts';
import { type JsonClient, jsonClient } from '#shared/adapters/http/json-client.ts';
import { type RpcClient, rpcClient } from '#shared/adapters/solana/rpc-client.ts';
import { fillPlaceholders } from '#shared/domain/fill-placeholders.ts';
import { isFault } from '#shared/domain/fault.ts';
import { CommandError } from './command-error.ts';
import { LOCAL_STACK_FILE, connect, localStackSchema } from './connection.ts';
import { type DecisionIndex, dynamoDecisionIndex } from './decision-index.ts';
import { stackConfig } from './stack-config.ts';
import { secretReader, upstreamKeys } from './upstream-keys.ts';

/** Everything that an analysis by hand needs. */
export type AnalysisSetup = {
  readonly config: TradingConfig;
  readonly deps: Omit<AnalyzeDeps, 'decisions' | 'tokens'>;
  readonly dexscreener: JsonClient;
  readonly rpc: RpcClient;
  /** The decisions of the stack. */
  readonly index: DecisionIndex;
  readonly where: string;
};

export type SetupOptions = {
  readonly stage?: string | undefined;
  readonly localFile?: string;
  readonly environment?: NodeJS.ProcessEnv;
};

/**
 * The upstreams and the strategy of the local stack that runs, or of a deployed stage.
 * @throws {CommandError} when none runs, or a key is missing.
 */
export async function analysisSetup({
  stage,
  localFile = LOCAL_STACK_FILE,
  environment = process.env,
}: SetupOptions = {}): Promise<AnalysisSetup> {
  const connection = await connect({ stage, localFile });
  const config = stackConfig({ stage, localFile });
  const local = stage === undefined ? localSecrets(localFile) : undefined;
  const readSecret = secretReader(connection.output('UpstreamSecret'), local);
  try {
    const keys = await upstreamKeys(config, environment, readSecret);
    const { rpc, dexscreener } = config.upstreams;
    const client = (upstream: string, url: string, timeoutMs: number): JsonClient =>
      jsonClient({ upstream, url: fillPlaceholders(url, keys), timeoutMs });
    const deps = analyzeDeps(config, keys);
    return {
      config,
      // A person wants to see all there is: the first veto does not end the other checks.
      deps: { ...deps, settings: { ...deps.settings, early_exit: false } },
      dexscreener: client('dexscreener', dexscreener.url, dexscreener.timeout_ms),
      rpc: rpcClient({
        clients: rpc.urls.map((url, at) => client(`rpc${at + 1}`, url, rpc.timeout_ms)),
      }),
      index: dynamoDecisionIndex(connection.dynamodb, connection.output('DecisionsTable')),
      where: connection.where,
    };
  } catch (error) {
    throw keyProblem(error);
  }
}

function localSecrets(localFile: string): { endpoint: string; region: string } | undefined {
  const { environment } = localStackSchema.parse(JSON.parse(readFileSync(localFile, 'utf8')));
  const endpoint = environment['AWS_ENDPOINT_URL_SECRETS_MANAGER'];
  return endpoint === undefined
    ? undefined
    : { endpoint, region: environment['AWS_REGION'] ?? 'us-east-1' };
}

function keyProblem(error: unknown): unknown {
  if (!isFault(error)) return error;
  if (error.code === 'secret.missing') {
    return new CommandError(
      'the upstream secret cannot be read: allow it, or set environment variables of the names that config/trading.toml asks for',
      { cause: error },
    );
  }
  if (error.code !== 'config.invalid') return error;
  const issues = 'issues' in error.context ? error.context.issues.join('; ') : error.message;
  return new CommandError(`${issues}: set an environment variable of that name, or the secret`, {
    cause: error,
  });
}
