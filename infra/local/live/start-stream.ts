import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';

import type { TradingConfig } from '#config/trading-config.ts';
import { recentLooks } from '#functions/detector/recent-looks.ts';
import { sweep } from '#functions/detector/sweep.ts';
import { type WatchedAccount, accountsFor } from '#functions/detector/watched-accounts.ts';
import { dynamoDecisionLookup } from '#shared/adapters/aws/dynamo-decision-lookup.ts';
import { dynamoSweepCursors } from '#shared/adapters/aws/dynamo-sweep-cursors.ts';
import { dynamoTokenCaps } from '#shared/adapters/aws/dynamo-token-caps.ts';
import { sqsTokenQueue } from '#shared/adapters/aws/sqs-token-queue.ts';
import { jsonClient } from '#shared/adapters/http/json-client.ts';
import { rpcChainHistory } from '#shared/adapters/solana/rpc-chain-history.ts';
import { rpcClient } from '#shared/adapters/solana/rpc-client.ts';
import { fillPlaceholders } from '#shared/domain/fill-placeholders.ts';
import { systemClock } from '#shared/ports/clock.ts';
import { systemPause } from '#shared/ports/pause.ts';
import { listen } from './listen.ts';
import type { StreamTally } from './stream-source.ts';
import type { StreamKind } from './subscriptions.ts';
import { websocketUrl } from './websocket-url.ts';

export type StreamOptions = {
  readonly config: Pick<TradingConfig, 'detector' | 'upstreams'>;
  /** Values of the placeholders in the configured addresses. */
  readonly keys: Readonly<Record<string, string>>;
  readonly kind: StreamKind;
  /** WebSocket address; undefined: worked out from the first RPC endpoint. */
  readonly url: string | undefined;
  readonly cloud: {
    readonly sqs: string;
    readonly dynamodb: string;
    readonly queueUrl: string;
    readonly stateTable: string;
    readonly decisionsTable: string;
  };
  readonly onReady: (accounts: readonly WatchedAccount[]) => void;
  readonly onProblem: (reason: string) => void;
};

export type Stream = {
  readonly accounts: readonly WatchedAccount[];
  readonly tally: Readonly<StreamTally>;
  /** Resolves when all that was told so far is dealt with. */
  readonly idle: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const HEARTBEAT_MS = 20_000;
const PATIENCE_MS = 10_000;
const LOCAL = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

/** Listens to the chain over WebSocket and puts new pools on the local tokens queue, until stopped. */
export function startStream(options: StreamOptions): Stream {
  const { config, kind, cloud } = options;
  const { detector, upstreams } = config;
  const stopping = new AbortController();
  const scope = { venues: new Set(detector.venues), analyzeLaunches: detector.analyze_launches };
  const accounts = accountsFor(scope, { programs: detector.sweep_programs });
  const urls = upstreams.rpc.urls.map((url) => fillPlaceholders(url, options.keys));
  const dynamodb = new DynamoDBClient({ ...LOCAL, endpoint: cloud.dynamodb });
  const sqs = new SQSClient({ ...LOCAL, endpoint: cloud.sqs });

  const clients = urls.map((url, index) =>
    jsonClient({ upstream: `rpc${index + 1}`, url, timeoutMs: upstreams.rpc.timeout_ms }),
  );
  const deps = {
    clock: systemClock,
    history: rpcChainHistory(rpcClient({ clients })),
    recent: recentLooks(systemClock),
    scope,
    queue: sqsTokenQueue({ queueUrl: cloud.queueUrl, client: sqs }),
    caps: dynamoTokenCaps({
      tableName: cloud.stateTable,
      perMinute: detector.max_tokens_per_minute,
      perDay: detector.max_tokens_per_day,
      client: dynamodb,
    }),
  };
  const sweepDeps = {
    ...deps,
    cursors: dynamoSweepCursors({ tableName: cloud.stateTable, client: dynamodb }),
    decisions: dynamoDecisionLookup({ tableName: cloud.decisionsTable, client: dynamodb }),
  };
  const [firstUrl = ''] = urls;
  const { tally, idle, ended } = listen(
    {
      ...deps,
      pause: systemPause,
      sweep: async (within) => sweep(sweepDeps, accounts, within),
      onProblem: options.onProblem,
    },
    {
      url: options.url ?? websocketUrl(firstUrl, kind),
      kind,
      accounts: accounts.map(({ account }) => account),
      heartbeatMs: HEARTBEAT_MS,
      patienceMs: PATIENCE_MS,
      random: Math.random,
      onReady: () => options.onReady(accounts),
    },
    stopping.signal,
  );
  return {
    accounts,
    tally,
    idle,
    stop: async () => {
      stopping.abort();
      await ended;
      await idle();
      await Promise.all(clients.map(async (client) => client.close()));
      dynamodb.destroy();
      sqs.destroy();
    },
  };
}
