import * as z from 'zod';

import { addressSchema } from './address.ts';
import { lookSchema, poolOpeningSchema } from './detection.ts';
import { CHECK_IDS, evidenceSchema } from './evidence.ts';
import { amountSchema, bpsSchema } from './units.ts';

/** What a look came to. `WATCH`: another look is due. `EXPIRED`: too late to be worth looking. */
export const VERDICTS = ['BUY', 'SKIP', 'WATCH', 'EXPIRED'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What one hard rule said. `unknown` carries what the strategy makes of not knowing. */
export const ruleAnswerSchema = z.object({
  rule: z.string().max(40),
  status: z.enum(['passed', 'failed', 'unknown']),
  reason: z.string().max(200),
  /** Only for `unknown`: does not knowing refuse the token, lower its coverage, or nothing? */
  cost: z.enum(['refuse', 'lower', 'ignore']).optional(),
  /** True for `unknown` where the upstream does not know it yet: another look may learn it. */
  absent: z.boolean().optional(),
});
export type RuleAnswer = z.infer<typeof ruleAnswerSchema>;

/** One weighted part of the score. */
export const factorResultSchema = z.object({
  factor: z.string().max(40),
  /** 0..1 of the weight, or null when it is not known and stays out of the score. */
  quality: z.number().min(0).max(1).nullable(),
  weight: z.number().nonnegative(),
  /** The measured value in words, with its unit. */
  value: z.string().max(120),
});
export type FactorResult = z.infer<typeof factorResultSchema>;

/** Sell `sellBps` of the position when the price stands at `atMultipleBps` of the entry. */
export const takeProfitSchema = z.object({ atMultipleBps: z.number().int(), sellBps: bpsSchema });

/** How the trade is to be made and ended. */
export const tradePlanSchema = z.object({
  stakeLamports: amountSchema,
  slippageBps: bpsSchema,
  maxPriceImpactBps: bpsSchema,
  takeProfit: z.array(takeProfitSchema).max(5),
  /** Sell all when the price has fallen this far below the entry. */
  stopLossBps: bpsSchema,
  /** Sell all when the price has fallen this far below its highest since entry. */
  trailingStopBps: bpsSchema,
  maxHoldSeconds: z.number().int().positive(),
});
export type TradePlan = z.infer<typeof tradePlanSchema>;

/** The pure part of a decision: what the synthesis says of (evidence, strategy). */
export const synthesisSchema = z.object({
  verdict: z.enum(VERDICTS),
  /** True for `BUY` only. */
  shouldTrade: z.boolean(),
  /** 0..100, over what is known; 0 when a veto fell. */
  score: z.number().min(0).max(100),
  /** 0..1, the share of the score's weight that is known. */
  coverage: z.number().min(0).max(1),
  /** Sentences, the decisive one first, at most eight. */
  reasons: z.array(z.string().max(240)).max(8),
  rules: z.array(ruleAnswerSchema).max(60),
  factors: z.array(factorResultSchema).max(30),
  plan: tradePlanSchema.nullable(),
  /** Hash of the strategy's content: which rules decided. */
  strategyVersion: z.string().max(32),
});
export type TradingDecision = z.infer<typeof synthesisSchema>;

export const checkSummarySchema = z.object({
  status: z.enum(['known', 'absent', 'failed']),
  startedMs: z.number().nonnegative(),
  latencyMs: z.number().nonnegative(),
  attempts: z.number().int().nonnegative(),
});

/** What a strategy says that judged along and decided nothing. */
export const shadowVerdictSchema = z.object({
  name: z.string().max(16),
  version: z.string().max(32),
  /** Null: a veto of the deciding strategy ended the analysis before this one could tell. */
  verdict: z.enum(VERDICTS).nullable(),
  score: z.number().min(0).max(100),
  /** The decisive rule, or `coverage`, `score` or `stake`; null when none refused. */
  refuser: z.string().max(40).nullable(),
});
export type ShadowVerdict = z.infer<typeof shadowVerdictSchema>;

/** One row of the decisions table: the immutable result of one look. */
export const decisionSchema = synthesisSchema.extend({
  opening: poolOpeningSchema,
  look: lookSchema,
  signature: z.string().nullable(),
  slot: z.number().int().nullable(),
  source: z.string(),
  /** Unix milliseconds. */
  detectedAt: z.number().int(),
  /** Block time to detection; block times have whole seconds. Null when the source did not carry one. */
  lagMs: z.number().int().nonnegative().nullable().default(null),
  decidedAt: z.number().int(),
  /** Detection to decision. */
  latencyMs: z.number().int().nonnegative(),
  /** From being due until an analyzer picked it up. */
  queuedMs: z.number().int().nonnegative(),
  checks: z.partialRecord(z.enum(CHECK_IDS), checkSummarySchema),
  /** Name and symbol for people, already cleaned; empty when unknown. */
  name: z.string().max(64),
  symbol: z.string().max(32),
  /** True when a veto ended the other checks before they were done. */
  endedEarly: z.boolean(),
  /** Null for `EXPIRED`: nothing was asked. */
  evidence: evidenceSchema.nullable(),
  /** What other strategies say of the same evidence, by name; absent where none judged along. */
  shadows: z.array(shadowVerdictSchema).max(3).optional(),
});
export type Decision = z.infer<typeof decisionSchema>;

/** The part of a decision that is stored compressed beside the attributes in the clear. */
export const decisionDetailSchema = decisionSchema.pick({
  opening: true,
  rules: true,
  factors: true,
  checks: true,
  evidence: true,
});

/** What the executor needs of a stored decision: a part of the row that its stream carries. */
export const tradeOrderSchema = z.object({
  mint: addressSchema,
  look: z.string(),
  opening: poolOpeningSchema.pick({ pool: true, venue: true, quoteMint: true }),
  decidedAt: z.number().int(),
  detectedAt: z.number().int(),
  strategyVersion: z.string(),
  plan: tradePlanSchema,
});
export type TradeOrder = z.infer<typeof tradeOrderSchema>;
