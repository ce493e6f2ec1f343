import * as z from 'zod';

/** How the market is started: flags of `main.ts`, or an object in tests. */
export const marketOptionsSchema = z.object({
  /** 0: any free port. */
  port: z.number().int().min(0).max(65_535).default(0),
  /** Same seed: same tokens, latencies and errors, as far as requests come in the same order. */
  seed: z.string().default('1'),
  /** Median latency of every upstream call, in place of each route's own. 0: none at all. */
  latencyMs: z.number().nonnegative().optional(),
  /** Spread of the latencies (log-normal), in place of each route's own. */
  sigma: z.number().nonnegative().optional(),
  /** `real`: upstreams fail by themselves at their usual rates. */
  faults: z.enum(['none', 'real']).default('none'),
  /** How soon Jupiter, RugCheck and DexScreener know a token. */
  indexing: z.enum(['instant', 'fast', 'real']).default('fast'),
  /** Weights by opening (`pump-fun/create_v2`) or venue (`pump-fun`); others get none. */
  venues: z.record(z.string(), z.number().nonnegative()).optional(),
  /** Transactions that open nothing, for each that does: 0..1. */
  noise: z.number().min(0).max(1).default(0.3),
  /** Share of the webhook bodies that are delivered twice. */
  duplicateRate: z.number().min(0).max(1).default(0.02),
});
export type MarketOptions = z.input<typeof marketOptionsSchema> & {
  /** Clock of the chain in Unix milliseconds; the system's by default. */
  readonly now?: (() => number) | undefined;
};
