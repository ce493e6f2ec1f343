/**
 * What the page's server and its browser code say to each other. Times are Unix milliseconds, amounts
 * of SOL are for display only. Written with zod/mini, since the browser loads it.
 */
import * as z from 'zod/mini';

import type { Verdict } from '#shared/domain/decision.ts';

export const VERDICT_NAMES = [
  'BUY',
  'SKIP',
  'WATCH',
  'EXPIRED',
] as const satisfies readonly Verdict[];
export const verdictSchema = z.enum(VERDICT_NAMES);

/** One decision in lists and figures. */
export const feedRowSchema = z.object({
  mint: z.string(),
  pool: z.string(),
  look: z.number(),
  verdict: verdictSchema,
  score: z.number(),
  /** 0..1 */
  coverage: z.number(),
  symbol: z.string(),
  venue: z.string(),
  /** The decisive one first. */
  reasons: z.array(z.string()),
  /** Of a SKIP, the rule that refused, `score`, `coverage` or `other`; null otherwise. */
  refusedBy: z.nullable(z.string()),
  decidedAt: z.number(),
  /** Detection to decision. */
  latencyMs: z.number(),
});
export type FeedRow = z.infer<typeof feedRowSchema>;

/** Rows newest first. `next`: ask again with it as `until`; null on the last page. */
export const feedPageSchema = z.object({
  rows: z.array(feedRowSchema),
  next: z.nullable(z.number()),
  /** Items of another version, left out. */
  unreadable: z.number(),
});
export type FeedPage = z.infer<typeof feedPageSchema>;

/** A server-sent event: new rows (none, as a sign of life), or why none can be read for now. */
export const feedEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rows'), rows: z.array(feedRowSchema) }),
  z.object({ kind: z.literal('trouble'), reason: z.string() }),
]);
export type FeedEvent = z.infer<typeof feedEventSchema>;

export const aboutSchema = z.object({
  /** `the local stack` or `stage prod`. */
  where: z.string(),
  /** True when its chain is a local one, which no public explorer knows. */
  localChain: z.boolean(),
  mode: z.nullable(z.enum(['paper', 'live'])),
  /** Tokens analysed at once, as configured; null when the configuration is not known. */
  poolSize: z.nullable(z.number()),
  maxOpenPositions: z.nullable(z.number()),
  dailySpendSol: z.nullable(z.number()),
});
export type About = z.infer<typeof aboutSchema>;

const runs = z.enum(['running', 'halted']);

/** How the queues and the halt switch stand now. Counts are SQS's own approximations; null: unread. */
export const statusSchema = z.object({
  queued: z.nullable(z.number()),
  inFlight: z.nullable(z.number()),
  /** Looks that are due later. */
  delayed: z.nullable(z.number()),
  deadLetters: z.nullable(z.number()),
  halt: z.object({ buys: runs, exits: runs, by: z.string() }),
  /** Why something could not be read, in sentences. */
  troubles: z.array(z.string()),
});
export type Status = z.infer<typeof statusSchema>;

export const tradeRowSchema = z.object({
  mint: z.string(),
  state: z.string(),
  phase: z.enum(['buying', 'open', 'selling', 'stuck', 'closed', 'abandoned']),
  mode: z.enum(['paper', 'live']),
  venue: z.string(),
  stakeSol: z.number(),
  /** Stake, fees and rent; null before anything was bought. */
  costSol: z.nullable(z.number()),
  proceedsSol: z.number(),
  /** Profit or loss of what was sold so far, all costs included; null while nothing was sold. */
  realisedSol: z.nullable(z.number()),
  /** 0..1 of the tokens that are still held; null before anything was bought. */
  heldShare: z.nullable(z.number()),
  /** Highest price since entry, as a multiple of the entry price. */
  peakMultiple: z.nullable(z.number()),
  decidedAt: z.number(),
  claimedAt: z.number(),
  openedAt: z.nullable(z.number()),
  closedAt: z.nullable(z.number()),
  /** Sells so far, oldest first. */
  exits: z.array(
    z.object({
      cause: z.string(),
      soldAt: z.number(),
      /** 0..1 of what was bought. */
      share: z.number(),
      proceedsSol: z.number(),
      /** Proceeds less the same share of the cost. */
      realisedSol: z.number(),
      signature: z.nullable(z.string()),
    }),
  ),
  /** Transactions on chain, oldest first. Empty for a paper trade. */
  transactions: z.array(z.object({ side: z.string(), signature: z.string(), end: z.string() })),
  note: z.string(),
});
export type TradeRow = z.infer<typeof tradeRowSchema>;

export const tradesSchema = z.object({
  /** The newest first. */
  trades: z.array(tradeRowSchema),
  /** Mints of rows of another version. */
  unreadable: z.array(z.string()),
  books: z.object({ openPositions: z.number(), spentSol: z.number() }),
});
export type Trades = z.infer<typeof tradesSchema>;

const checkViewSchema = z.object({
  id: z.string(),
  status: z.enum(['known', 'absent', 'failed']),
  /** Milliseconds since the analysis began. */
  startedMs: z.number(),
  endedMs: z.number(),
  /** Questions put to upstreams. */
  attempts: z.number(),
  /** Why nothing was learned; empty when something was. */
  reason: z.string(),
  /** Rules that read this check and refused. */
  refusals: z.array(z.string()),
  facts: z.array(z.object({ label: z.string(), value: z.string() })),
});
export type CheckView = z.infer<typeof checkViewSchema>;

const ruleViewSchema = z.object({
  rule: z.string(),
  status: z.enum(['passed', 'failed', 'unknown']),
  refuses: z.boolean(),
  reason: z.string(),
});

const factorViewSchema = z.object({
  factor: z.string(),
  /** 0..1, null when unknown. */
  quality: z.nullable(z.number()),
  /** Points of the score, and the most it could bring. */
  points: z.number(),
  most: z.number(),
  value: z.string(),
});
export type FactorView = z.infer<typeof factorViewSchema>;

export const lookViewSchema = z.object({
  look: z.number(),
  pool: z.string(),
  verdict: verdictSchema,
  score: z.number(),
  coverage: z.number(),
  name: z.string(),
  symbol: z.string(),
  venue: z.string(),
  event: z.string(),
  source: z.string(),
  creator: z.nullable(z.string()),
  /** Of the transaction that opened the pool. */
  signature: z.nullable(z.string()),
  slot: z.nullable(z.number()),
  reasons: z.array(z.string()),
  detectedAt: z.number(),
  decidedAt: z.number(),
  latencyMs: z.number(),
  queuedMs: z.number(),
  endedEarly: z.boolean(),
  strategyVersion: z.string(),
  scoreSentence: z.string(),
  checks: z.array(checkViewSchema),
  /** Those that refuse first, the passed ones last. */
  rules: z.array(ruleViewSchema),
  factors: z.array(factorViewSchema),
  plan: z.array(z.string()),
  /** What would have changed the verdict. */
  changes: z.array(z.string()),
});
export type LookView = z.infer<typeof lookViewSchema>;

export const tokenViewSchema = z.object({
  mint: z.string(),
  /** The oldest first. */
  looks: z.array(lookViewSchema),
  unreadable: z.number(),
  trade: z.nullable(tradeRowSchema),
});
export type TokenView = z.infer<typeof tokenViewSchema>;

/** Body of every answer that is no 2xx. */
export const problemSchema = z.object({ error: z.string() });
