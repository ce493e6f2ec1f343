import * as z from 'zod';

import { MAX_LOOKS } from '#shared/domain/detection.ts';
import { bpsSchema } from '#shared/domain/units.ts';
import { venueSchema } from '#shared/domain/venue.ts';

/** `https`, or `http` on this machine: a proxy or the local market may stand in for any upstream. */
const baseUrl = z
  .string()
  .refine((text) => /^https:\/\/|^http:\/\/(127\.0\.0\.1|localhost)(:|\/|$)/.test(text), {
    error: 'an https URL, or an http URL on this machine',
  });
const manners = {
  timeout_ms: z.number().int().min(50).max(10_000),
  /** Of all analyzers together; 0 for no limit. */
  requests_per_second: z.number().min(0.05).max(10_000).or(z.literal(0)),
};
const upstream = { url: baseUrl, ...manners };
const seconds = (max: number) => z.number().int().min(1).max(max);
/** The longest that SQS holds a message back (SendMessage, DelaySeconds). */
const MAX_LOOK_DELAY_SECONDS = 900;
/** The numbers of days that CloudWatch Logs takes, up to a year. */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365];
/** What not knowing the answer to a rule costs. */
const unknownCost = z.enum(['refuse', 'lower', 'ignore']);
const rule = <Limits extends z.core.$ZodLooseShape>(limits: Limits) =>
  z.strictObject({ ...limits, unknown: unknownCost });

/** The part of the configuration that decides on tokens. Its hash is the strategy version. */
export const strategySchema = z.strictObject({
  synthesis: z.strictObject({
    buy_score: z.number().min(0).max(100),
    min_coverage: z.number().min(0).max(1),
    looks_after_seconds: z
      .array(seconds(MAX_LOOK_DELAY_SECONDS))
      .max(MAX_LOOKS - 1)
      .refine(
        (offsets) => offsets.every((offset, at) => at === 0 || offset > (offsets[at - 1] ?? 0)),
        {
          error: 'each look later than the one before',
        },
      ),
    watch_margin: z.number().min(0).max(100),
    rules: z.strictObject({
      'token-program': rule({}),
      'mint-authority': rule({}),
      'freeze-authority': rule({}),
      'transfer-fee': rule({ max_bps: bpsSchema }),
      extensions: rule({}),
      'largest-holder': rule({ max_share_bps: bpsSchema }),
      'top-holders': rule({ max_share_bps: bpsSchema }),
      'creator-share': rule({ max_share_bps: bpsSchema }),
      bundle: rule({ max_share_bps: bpsSchema }),
      liquidity: rule({
        min_quote_sol: z.number().min(0).max(100_000),
        min_quote_usd: z.number().min(0).max(10_000_000),
        min_curve_sol: z.number().min(0).max(1_000),
      }),
      'price-impact': rule({ max_bps: bpsSchema }),
      'pool-open': rule({}),
      'rugcheck-risk': rule({ max_score: z.number().min(0).max(100) }),
      rugged: rule({}),
      suspicious: rule({}),
      'serial-creator': rule({ max_failed: z.number().int().min(0).max(1_000_000) }),
      'liquidity-lock': rule({ min_bps: bpsSchema }),
    }),
    weights: z.strictObject({
      concentration: z.number().min(0).max(100),
      creator: z.number().min(0).max(100),
      liquidity: z.number().min(0).max(100),
      demand: z.number().min(0).max(100),
      rugcheck: z.number().min(0).max(100),
      organic: z.number().min(0).max(100),
      social: z.number().min(0).max(100),
    }),
  }),
  plan: z.strictObject({
    stake_sol: z.number().min(0.001).max(1_000),
    max_pool_share_bps: bpsSchema.min(1),
    slippage_bps: bpsSchema.max(5_000),
    max_price_impact_bps: bpsSchema.max(5_000),
    take_profit: z
      .array(
        z.strictObject({
          at_multiple_bps: z.number().int().min(10_001).max(10_000_000),
          sell_bps: bpsSchema.min(1),
        }),
      )
      .max(5)
      .superRefine((steps, context) => {
        const sold = steps.reduce((sum, step) => sum + step.sell_bps, 0);
        if (sold <= 10_000) return;
        const message = 'the shares sold add up to more than the whole (10_000)';
        context.addIssue({ code: 'custom', input: sold, message });
      }),
    stop_loss_bps: bpsSchema.min(1),
    trailing_stop_bps: bpsSchema.min(1),
    max_hold_seconds: seconds(7 * 86_400),
  }),
});
export type Strategy = z.infer<typeof strategySchema>;
export type RuleId = keyof Strategy['synthesis']['rules'];
export type FactorId = keyof Strategy['synthesis']['weights'];

/** Name of a strategy: its file in `config/strategies`, without `.toml`. */
const strategyName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,15}$/, 'a name of at most 16 small letters, digits and dashes');

/** A strategy that also judges each token, and decides nothing. */
export const namedStrategySchema = strategySchema.extend({ name: strategyName });
export type NamedStrategy = z.infer<typeof namedStrategySchema>;

/** `trading.toml` with its stage overlay. One schema at synth and at run time. */
export const tradingConfigSchema = strategySchema
  .extend({
    mode: z.enum(['paper', 'live']),
    strategy: strategyName,
    shadow: z.strictObject({
      /** Names in the file; the loader puts the strategies in their place. */
      strategies: z
        .array(namedStrategySchema)
        .max(3)
        .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
          error: 'each strategy once',
        }),
    }),
    parallel_processing: z.strictObject({
      pool_size: z.number().int().min(2).max(1_000),
      task_timeout_seconds: z.number().int().min(3).max(900),
    }),
    detector: z.strictObject({
      venues: z.array(venueSchema).min(1),
      analyze_launches: z.boolean(),
      max_body_bytes: z.number().int().min(10_000).max(6_000_000),
      reserved_concurrency: z.number().int().min(1).max(100),
      sweep_interval_seconds: z.number().int().min(5).max(60),
      sweep_programs: z.boolean(),
      max_tokens_per_minute: z.number().int().min(0).max(1_000_000),
      max_tokens_per_day: z.number().int().min(0).max(100_000_000),
    }),
    analyzer: z.strictObject({
      max_age_seconds: seconds(600),
      early_exit: z.boolean(),
      check_timeout_ms: z.number().int().min(100).max(60_000),
      absent_retry_ms: z.number().int().min(10).max(5_000),
      absent_retries: z.number().int().min(0).max(5),
      memory_mb: z.number().int().min(128).max(10_240),
    }),
    execution: z.strictObject({
      max_decision_age_seconds: seconds(600),
      max_quote_deviation_bps: bpsSchema,
      max_priority_fee_sol: z.number().min(0).max(0.1),
      max_attempts: z.number().int().min(1).max(5),
      memory_mb: z.number().int().min(128).max(10_240),
    }),
    exits: z.strictObject({
      interval_seconds: z.number().int().min(1).max(60),
      pulled_liquidity_bps: bpsSchema,
      max_price_impact_bps: bpsSchema.min(1),
      max_slippage_bps: bpsSchema.min(1).max(9_000),
      retry_seconds: z.number().int().min(1).max(600),
      max_retry_seconds: z.number().int().min(1).max(3_600),
      stuck_after_tries: z.number().int().min(1).max(1_000),
      memory_mb: z.number().int().min(128).max(10_240),
    }),
    limits: z.strictObject({
      max_open_positions: z.number().int().min(1).max(1_000),
      daily_spend_sol: z.number().min(0.001).max(100_000),
      max_losses_in_row: z.number().int().min(1).max(1_000),
      max_drawdown_sol: z.number().min(0.001).max(100_000),
      cooldown_seconds: z.number().int().min(0).max(86_400),
    }),
    upstreams: z.strictObject({
      rpc: z.strictObject({
        urls: z.array(baseUrl).min(1).max(5),
        ...manners,
      }),
      jupiter: z.strictObject({ ...upstream, api_key: z.string() }),
      rugcheck: z.strictObject(upstream),
      dexscreener: z.strictObject(upstream),
      x: z.strictObject({ ...upstream, bearer_token: z.string() }),
      metadata: z.strictObject({
        ipfs_gateway: baseUrl,
        arweave_gateway: baseUrl,
        timeout_ms: manners.timeout_ms,
        max_bytes: z.number().int().min(1_024).max(1_048_576),
      }),
    }),
    decisions: z.strictObject({ keep_days: z.number().int().min(1).max(3_650) }),
    deploy: z.strictObject({
      reserve_concurrency: z.boolean(),
      log_retention_days: z.literal(LOG_RETENTION_DAYS),
      alarm_email: z.email().or(z.literal('')),
    }),
  })
  .superRefine((config, context) => {
    const timeoutMs = config.parallel_processing.task_timeout_seconds * 1_000;
    if (config.analyzer.check_timeout_ms > timeoutMs - 1_500) {
      context.addIssue({
        code: 'custom',
        path: ['analyzer', 'check_timeout_ms'],
        input: config.analyzer.check_timeout_ms,
        message: `at most ${timeoutMs - 1_500}: 1.5 s less than parallel_processing.task_timeout_seconds`,
      });
    }
    if (config.mode === 'live' && new Set(config.upstreams.rpc.urls).size < 2) {
      context.addIssue({
        code: 'custom',
        path: ['upstreams', 'rpc', 'urls'],
        input: config.upstreams.rpc.urls.length,
        message: 'two different endpoints for mode "live": one node alone proves nothing',
      });
    }
  });
export type TradingConfig = z.infer<typeof tradingConfigSchema>;
