/** Exits Lambda, started each minute: prices in, sells out. See ./watch-positions.ts. */
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';

import { CLIENT_DEFAULTS } from '#shared/adapters/aws/client-defaults.ts';
import { dynamoHaltSwitch } from '#shared/adapters/aws/dynamo-halt-switch.ts';
import { dynamoTradeLedger } from '#shared/adapters/aws/dynamo-trade-ledger.ts';
import { readUpstreamKeys } from '#shared/adapters/aws/secrets.ts';
import { jsonClient } from '#shared/adapters/http/json-client.ts';
import { jupiterPriceFeed } from '#shared/adapters/http/jupiter-price-feed.ts';
import { jupiterQuoteApi } from '#shared/adapters/http/jupiter-quote-api.ts';
import { fillPlaceholders } from '#shared/domain/fill-placeholders.ts';
import { systemClock } from '#shared/ports/clock.ts';
import { systemPause } from '#shared/ports/pause.ts';
import { breakerLimits } from '#shared/runtime/breaker-limits.ts';
import { bundledConfig } from '#shared/runtime/bundled-config.ts';
import { deadlineSignal } from '#shared/runtime/deadline.ts';
import { liveTrading } from '#shared/runtime/live-trading.ts';
import { readEnv } from '#shared/runtime/env.ts';
import { logger, metrics } from '#shared/runtime/telemetry.ts';
import { finishLiveBuy } from './finish-live-buy.ts';
import { liveSell } from './live-sell.ts';
import { paperSell } from './paper-sell.ts';
import { reportEvent } from './report-watch.ts';
import { exitRules } from './rules/index.ts';
import type { SellTerms } from './sell-terms.ts';
import { type WatchMinuteDeps, watchMinute } from './watch-minute.ts';
import type { WatchReport } from './watch-positions.ts';

/** Kept back at the end of the function's time, for the look under way. */
const RESERVE_MS = 5_000;
/** Beyond the decision's own age: the stream delivers again for at most a minute. */
const ORPHANED_AFTER_MS = 90_000;

// Cold start: a bad environment, configuration or secret fails here and whole.
const env = readEnv({
  TRADES_TABLE: z.string(),
  STATE_TABLE: z.string(),
  UPSTREAM_SECRET_ARN: z.string(),
  WALLET_KEY_ID: z.string(),
});
const config = bundledConfig();
const { exits, execution, upstreams } = config;
const keys = await readUpstreamKeys(env.UPSTREAM_SECRET_ARN);
const apiKey = fillPlaceholders(upstreams.jupiter.api_key, keys);
const dynamodb = new DynamoDBClient(CLIENT_DEFAULTS);
const jupiter = jsonClient({
  upstream: 'jupiter',
  url: fillPlaceholders(upstreams.jupiter.url, keys),
  timeoutMs: upstreams.jupiter.timeout_ms,
  headers: apiKey === '' ? {} : { 'x-api-key': apiKey },
});
const ledger = dynamoTradeLedger({
  client: dynamodb,
  tradesTable: env.TRADES_TABLE,
  stateTable: env.STATE_TABLE,
  breakers: breakerLimits(config),
});
const terms: SellTerms = {
  maxPriceImpactBps: exits.max_price_impact_bps,
  maxSlippageBps: exits.max_slippage_bps,
  retryMs: exits.retry_seconds * 1_000,
  maxRetryMs: exits.max_retry_seconds * 1_000,
  stuckAfterTries: exits.stuck_after_tries,
};
const shared = {
  ledger,
  clock: systemClock,
  pause: systemPause,
  quotes: jupiterQuoteApi(jupiter),
  terms,
};
const live = {
  ...shared,
  ...liveTrading({ config, keys, jupiter, walletKeyId: env.WALLET_KEY_ID }),
  // A look goes on with the other positions meanwhile; the next look asks on.
  patienceMs: 8_000,
  orphanedAfterMs: execution.max_decision_age_seconds * 1_000 + ORPHANED_AFTER_MS,
};

const deps: WatchMinuteDeps = {
  ...shared,
  haltSwitch: dynamoHaltSwitch(dynamodb, env.STATE_TABLE),
  prices: jupiterPriceFeed(jupiter),
  rules: exitRules({ pulledLiquidityBps: exits.pulled_liquidity_bps }),
  sell: { paper: paperSell(shared), live: liveSell(live) },
  finishBuy: finishLiveBuy(live),
  intervalMs: exits.interval_seconds * 1_000,
  onReport: tell,
};

function tell({ watched, events }: WatchReport): void {
  metrics.addMetric('PositionsWatched', MetricUnit.Count, watched);
  for (const event of events) {
    const report = reportEvent(event);
    if (report === undefined) continue;
    for (const counter of report.counters) metrics.addMetric(counter, MetricUnit.Count, 1);
    const { mint, mode } = event.trade;
    logger[report.level](report.message, { mint, mode, ...report.details });
  }
}

export const handler = middy(async (_event: unknown, context: Context): Promise<void> =>
  watchMinute(
    deps,
    context.getRemainingTimeInMillis() - RESERVE_MS,
    deadlineSignal(context, RESERVE_MS),
  ),
)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(logMetrics(metrics, { captureColdStartMetric: true }));
