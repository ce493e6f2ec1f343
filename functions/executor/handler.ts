/** Executor Lambda: stream of the `decisions` table in, `trades` table out. See ./execute.ts. */
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';

import { CLIENT_DEFAULTS } from '#shared/adapters/aws/client-defaults.ts';
import { dynamoHaltSwitch } from '#shared/adapters/aws/dynamo-halt-switch.ts';
import { dynamoTradeLedger } from '#shared/adapters/aws/dynamo-trade-ledger.ts';
import { readUpstreamKeys } from '#shared/adapters/aws/secrets.ts';
import { jsonClient } from '#shared/adapters/http/json-client.ts';
import { jupiterQuoteApi } from '#shared/adapters/http/jupiter-quote-api.ts';
import { Fault } from '#shared/domain/fault.ts';
import { fillPlaceholders } from '#shared/domain/fill-placeholders.ts';
import { DECISIONS } from '#shared/domain/table-keys.ts';
import { lamportsOfSol } from '#shared/domain/units.ts';
import { systemClock } from '#shared/ports/clock.ts';
import { systemPause } from '#shared/ports/pause.ts';
import { breakerLimits } from '#shared/runtime/breaker-limits.ts';
import { bundledConfig } from '#shared/runtime/bundled-config.ts';
import { readEnv } from '#shared/runtime/env.ts';
import { streamHandler } from '#shared/runtime/stream-handler.ts';
import { logger, metrics } from '#shared/runtime/telemetry.ts';
import { type ExecuteDeps, execute } from './execute.ts';
import { orderImageSchema } from './order-image.ts';
import { paperFill } from './paper-fill.ts';
import { reportOutcome } from './report-outcome.ts';

// Cold start: a bad environment or configuration fails here and whole, before the first trade.
const env = readEnv({
  TRADES_TABLE: z.string(),
  STATE_TABLE: z.string(),
  UPSTREAM_SECRET_ARN: z.string(),
});
const config = bundledConfig();
const { mode, execution, limits, upstreams } = config;
if (mode === 'live') {
  throw new Fault('live.unsupported', {
    reason:
      'this version trades on paper only: set mode = "paper" in trading.toml and deploy again',
  });
}

const keys = await readUpstreamKeys(env.UPSTREAM_SECRET_ARN);
const apiKey = fillPlaceholders(upstreams.jupiter.api_key, keys);
const dynamodb = new DynamoDBClient(CLIENT_DEFAULTS);
const ledger = dynamoTradeLedger({
  client: dynamodb,
  tradesTable: env.TRADES_TABLE,
  stateTable: env.STATE_TABLE,
  breakers: breakerLimits(config),
});
const quotes = jupiterQuoteApi(
  jsonClient({
    upstream: 'jupiter',
    url: fillPlaceholders(upstreams.jupiter.url, keys),
    timeoutMs: upstreams.jupiter.timeout_ms,
    headers: apiKey === '' ? {} : { 'x-api-key': apiKey },
  }),
);

const deps: ExecuteDeps = {
  ledger,
  haltSwitch: dynamoHaltSwitch(dynamodb, env.STATE_TABLE),
  clock: systemClock,
  limits: {
    dailySpendLamports: lamportsOfSol(limits.daily_spend_sol),
    maxOpenPositions: limits.max_open_positions,
  },
  maxDecisionAgeMs: execution.max_decision_age_seconds * 1_000,
  mode,
  buy: paperFill({ ledger, quotes, clock: systemClock, pause: systemPause }),
};

// Each record: one decision to buy, until `signal` says that time is up.
export const handler = streamHandler(
  { schema: orderImageSchema, partitionKey: DECISIONS.partitionKey },
  async (order, { signal }) => {
    const outcome = await execute(deps, order, signal);
    const { counter, details, decisionToTradeMs } = reportOutcome(order, outcome);
    metrics.addMetric(counter, MetricUnit.Count, 1);
    if (decisionToTradeMs !== undefined) {
      metrics.addMetric('DecisionToTradeMs', MetricUnit.Milliseconds, decisionToTradeMs);
    }
    logger.info(outcome.kind, { mint: order.mint, look: order.look, mode, ...details });
  },
);
