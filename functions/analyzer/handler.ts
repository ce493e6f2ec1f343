/** Analyzer Lambda: tokens queue in, decisions table out. The thinking is in ./analyze.ts. */
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';

import { CLIENT_DEFAULTS } from '#shared/adapters/aws/client-defaults.ts';
import { dynamoBudgetStore } from '#shared/adapters/aws/dynamo-budget-store.ts';
import { dynamoDecisionLedger } from '#shared/adapters/aws/dynamo-decision-ledger.ts';
import { readUpstreamKeys } from '#shared/adapters/aws/secrets.ts';
import { sqsTokenQueue } from '#shared/adapters/aws/sqs-token-queue.ts';
import type { UpstreamEvent } from '#shared/adapters/http/guarded-client.ts';
import type { Verdict } from '#shared/domain/decision.ts';
import { tokenDetectedSchema } from '#shared/domain/detection.ts';
import { bundledConfig } from '#shared/runtime/bundled-config.ts';
import { readEnv } from '#shared/runtime/env.ts';
import { sqsHandler } from '#shared/runtime/sqs-handler.ts';
import { logger, metrics } from '#shared/runtime/telemetry.ts';
import type { AnalyzeDeps } from './analyze.ts';
import { takeLook } from './take-look.ts';
import { analyzeDeps } from './wiring.ts';

// Cold start: a bad environment fails here and whole, before the first token.
const env = readEnv({
  DECISIONS_TABLE: z.string().min(1),
  STATE_TABLE: z.string().min(1),
  TOKENS_QUEUE_URL: z.url(),
  UPSTREAM_SECRET_ARN: z.string().min(1),
});
const UPSTREAM_METRIC = {
  throttled: 'UpstreamThrottled',
  opened: 'BreakerOpened',
  hedged: 'HedgedCalls',
} satisfies Record<UpstreamEvent, string>;

const config = bundledConfig();
const dynamodb = new DynamoDBClient(CLIENT_DEFAULTS);
const deps: AnalyzeDeps = {
  ...analyzeDeps(config, await readUpstreamKeys(env.UPSTREAM_SECRET_ARN), {
    budgets: dynamoBudgetStore({ client: dynamodb, tableName: env.STATE_TABLE }),
    onEvent: (event, upstream) => {
      metrics.addMetric(UPSTREAM_METRIC[event], MetricUnit.Count, 1);
      if (event === 'opened') logger.warn('upstream left alone: it kept failing', { upstream });
    },
  }),
  decisions: dynamoDecisionLedger({
    client: dynamodb,
    tableName: env.DECISIONS_TABLE,
    keepDays: config.decisions.keep_days,
  }),
  tokens: sqsTokenQueue({ queueUrl: env.TOKENS_QUEUE_URL }),
};

const METRIC = {
  BUY: 'TokensApproved',
  SKIP: 'TokensRejected',
  WATCH: 'TokensWatched',
  EXPIRED: 'TokensExpired',
} satisfies Record<Verdict, string>;

// Each message: one look at one token, until `signal` says that time is up.
export const handler = sqsHandler(
  tokenDetectedSchema,
  async (detected, { receiveCount, signal }) => {
    const { mint, pool, look } = detected;
    const outcome = await takeLook(deps, detected, { receiveCount, signal });
    if (outcome.result === 'seen' || outcome.result === 'ended') {
      metrics.addMetric('TokensSeenAgain', MetricUnit.Count, 1);
      return;
    }
    const { result, decision } = outcome;
    const { verdict, score, coverage, latencyMs, queuedMs, endedEarly, reasons, checks } = decision;
    metrics.addMetric(
      result === 'stored' ? METRIC[verdict] : 'TokensSeenAgain',
      MetricUnit.Count,
      1,
    );
    // A later look waits on purpose: only the first says how fast we are.
    if (look === 1) metrics.addMetric('DecisionLatencyMs', MetricUnit.Milliseconds, latencyMs);
    logger.info('decision', {
      mint,
      pool,
      look,
      signature: detected.signature,
      result,
      verdict,
      score,
      coverage,
      reason: reasons[0],
      latencyMs,
      queuedMs,
      endedEarly,
      checks,
    });
  },
);
