/** Sweep Lambda, started each minute: the chain behind the webhook in, `tokens` queue out. */
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';

import { dynamoDecisionLookup } from '#shared/adapters/aws/dynamo-decision-lookup.ts';
import { dynamoSweepCursors } from '#shared/adapters/aws/dynamo-sweep-cursors.ts';
import { dynamoTokenCaps } from '#shared/adapters/aws/dynamo-token-caps.ts';
import { readUpstreamKeys } from '#shared/adapters/aws/secrets.ts';
import { sqsTokenQueue } from '#shared/adapters/aws/sqs-token-queue.ts';
import { jsonClient } from '#shared/adapters/http/json-client.ts';
import { rpcChainHistory } from '#shared/adapters/solana/rpc-chain-history.ts';
import { rpcClient } from '#shared/adapters/solana/rpc-client.ts';
import { fillPlaceholders } from '#shared/domain/fill-placeholders.ts';
import { systemClock } from '#shared/ports/clock.ts';
import { systemPause } from '#shared/ports/pause.ts';
import { bundledConfig } from '#shared/runtime/bundled-config.ts';
import { deadlineSignal } from '#shared/runtime/deadline.ts';
import { readEnv } from '#shared/runtime/env.ts';
import { logger, metrics } from '#shared/runtime/telemetry.ts';
import { recentLooks } from './recent-looks.ts';
import { type SweepMinuteDeps, sweepMinute } from './sweep-minute.ts';

/** Kept back at the end of the function's time, for the round under way. */
const RESERVE_MS = 5_000;

// Cold start: a bad environment, configuration or secret fails here and whole.
const env = readEnv({
  TOKENS_QUEUE_URL: z.url(),
  DECISIONS_TABLE: z.string().min(1),
  STATE_TABLE: z.string().min(1),
  UPSTREAM_SECRET_ARN: z.string().min(1),
});
const {
  detector,
  upstreams: { rpc },
} = bundledConfig();
const keys = await readUpstreamKeys(env.UPSTREAM_SECRET_ARN);

const deps: SweepMinuteDeps = {
  clock: systemClock,
  intervalSeconds: detector.sweep_interval_seconds,
  programs: detector.sweep_programs,
  pause: systemPause,
  scope: { venues: new Set(detector.venues), analyzeLaunches: detector.analyze_launches },
  history: rpcChainHistory(
    rpcClient({
      clients: rpc.urls.map((url, index) =>
        jsonClient({
          upstream: `rpc${index + 1}`,
          url: fillPlaceholders(url, keys),
          timeoutMs: rpc.timeout_ms,
        }),
      ),
    }),
  ),
  cursors: dynamoSweepCursors({ tableName: env.STATE_TABLE }),
  decisions: dynamoDecisionLookup({ tableName: env.DECISIONS_TABLE }),
  recent: recentLooks(systemClock),
  queue: sqsTokenQueue({ queueUrl: env.TOKENS_QUEUE_URL }),
  caps: dynamoTokenCaps({
    tableName: env.STATE_TABLE,
    perMinute: detector.max_tokens_per_minute,
    perDay: detector.max_tokens_per_day,
  }),
};

export const handler = middy(async (_event: unknown, context: Context): Promise<void> =>
  sweepMinute(
    deps,
    context.getRemainingTimeInMillis() - RESERVE_MS,
    deadlineSignal(context, RESERVE_MS),
  ),
)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(logMetrics(metrics, { captureColdStartMetric: true }));
