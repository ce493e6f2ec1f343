/** Analyzer Lambda: tokens queue in, decisions table out. The thinking is in ./analyze.ts. */
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';

import { CLIENT_DEFAULTS } from '#shared/adapters/aws/client-defaults.ts';
import { dynamoDecisionLedger } from '#shared/adapters/aws/dynamo-decision-ledger.ts';
import { readUpstreamKeys } from '#shared/adapters/aws/secrets.ts';
import type { Verdict } from '#shared/domain/decision.ts';
import { tokenDetectedSchema } from '#shared/domain/detection.ts';
import { bundledConfig } from '#shared/runtime/bundled-config.ts';
import { readEnv } from '#shared/runtime/env.ts';
import { sqsHandler } from '#shared/runtime/sqs-handler.ts';
import { logger, metrics } from '#shared/runtime/telemetry.ts';
import { analyze, type AnalyzeDeps } from './analyze.ts';
import { analyzeDeps } from './wiring.ts';

// Cold start: a bad environment fails here and whole, before the first token.
const env = readEnv({ DECISIONS_TABLE: z.string().min(1), UPSTREAM_SECRET_ARN: z.string().min(1) });
const config = bundledConfig();
const deps: AnalyzeDeps = {
  ...analyzeDeps(config, await readUpstreamKeys(env.UPSTREAM_SECRET_ARN)),
  decisions: dynamoDecisionLedger({
    client: new DynamoDBClient(CLIENT_DEFAULTS),
    tableName: env.DECISIONS_TABLE,
    keepDays: config.decisions.keep_days,
  }),
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
    // Delivered before: the decision may be there already, and then nobody needs to be asked again.
    if (receiveCount > 1 && (await deps.decisions.has(mint, pool, look, signal))) {
      metrics.addMetric('TokensSeenAgain', MetricUnit.Count, 1);
      return;
    }
    const { result, decision } = await analyze(deps, detected, signal);
    const { verdict, score, coverage, latencyMs, queuedMs, endedEarly, reasons, checks } = decision;
    metrics.addMetric(
      result === 'stored' ? METRIC[verdict] : 'TokensSeenAgain',
      MetricUnit.Count,
      1,
    );
    metrics.addMetric('DecisionLatencyMs', MetricUnit.Milliseconds, latencyMs);
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
