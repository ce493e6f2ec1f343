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
import { fillPlaceholders } from '#shared/domain/fill-placeholders.ts';
import { DECISIONS } from '#shared/domain/table-keys.ts';
import { lamportsOfSol } from '#shared/domain/units.ts';
import { systemClock } from '#shared/ports/clock.ts';
import { systemPause } from '#shared/ports/pause.ts';
import { breakerLimits } from '#shared/runtime/breaker-limits.ts';
import { bundledConfig } from '#shared/runtime/bundled-config.ts';
import { liveTrading } from '#shared/runtime/live-trading.ts';
import { readEnv } from '#shared/runtime/env.ts';
import { streamHandler } from '#shared/runtime/stream-handler.ts';
import { logger, metrics } from '#shared/runtime/telemetry.ts';
import { type ExecuteDeps, execute } from './execute.ts';
import type { Buy } from './buy.ts';
import { liveFill } from './live-fill.ts';
import { orderImageSchema } from './order-image.ts';
import { paperFill } from './paper-fill.ts';
import { reportOutcome } from './report-outcome.ts';

// Cold start: a bad environment or configuration fails here and whole, before the first trade.
const env = readEnv({
  TRADES_TABLE: z.string(),
  STATE_TABLE: z.string(),
  UPSTREAM_SECRET_ARN: z.string(),
  WALLET_KEY_ID: z.string(),
});
const config = bundledConfig();
const { mode, execution, limits, upstreams } = config;
const keys = await readUpstreamKeys(env.UPSTREAM_SECRET_ARN);
const apiKey = fillPlaceholders(upstreams.jupiter.api_key, keys);
const dynamodb = new DynamoDBClient(CLIENT_DEFAULTS);
const ledger = dynamoTradeLedger({
  client: dynamodb,
  tradesTable: env.TRADES_TABLE,
  stateTable: env.STATE_TABLE,
  breakers: breakerLimits(config),
});
const jupiter = jsonClient({
  upstream: 'jupiter',
  url: fillPlaceholders(upstreams.jupiter.url, keys),
  timeoutMs: upstreams.jupiter.timeout_ms,
  headers: apiKey === '' ? {} : { 'x-api-key': apiKey },
});
const haltSwitch = dynamoHaltSwitch(dynamodb, env.STATE_TABLE);
const shared = {
  ledger,
  quotes: jupiterQuoteApi(jupiter),
  clock: systemClock,
  pause: systemPause,
};

/** Time for one attempt's answer; the rest of the invocation is for storing it. */
const PATIENCE_MS = 30_000;

function buyLive(): Buy {
  const live = liveTrading({ config, keys, jupiter, walletKeyId: env.WALLET_KEY_ID });
  return liveFill({
    ...shared,
    ...live,
    haltSwitch,
    maxAttempts: execution.max_attempts,
    patienceMs: PATIENCE_MS,
  });
}

const deps: ExecuteDeps = {
  ledger,
  haltSwitch,
  clock: systemClock,
  limits: {
    dailySpendLamports: lamportsOfSol(limits.daily_spend_sol),
    maxOpenPositions: limits.max_open_positions,
  },
  maxDecisionAgeMs: execution.max_decision_age_seconds * 1_000,
  mode,
  buy: mode === 'live' ? buyLive() : paperFill(shared),
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
