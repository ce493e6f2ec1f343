import * as z from 'zod';

import { addressSchema } from './address.ts';
import { tradePlanSchema } from './decision.ts';
import { type Attempt, attemptSchema, signedAttemptSchema } from './signed-attempt.ts';
import { type TRADE_STATES, TRANSITIONS, type TradeState } from './trade-states.ts';
import { amountSchema, signedAmountSchema } from './units.ts';

/** What a quote promised, kept with the trade. Amounts in base units. */
export const quoteRecordSchema = z.object({
  inAmount: amountSchema,
  outAmount: amountSchema,
  priceImpactBps: z.number(),
  feeBps: z.number(),
  router: z.string().max(32),
  requestId: z.string().max(80),
  /** Unix milliseconds. */
  quotedAt: z.number().int(),
});
export type QuoteRecord = z.infer<typeof quoteRecordSchema>;

/** Why a trade was given up before anything was bought. */
export const ABANDON_CAUSES = [
  'quote-refused',
  'quote-unavailable',
  'stale',
  'halted',
  'transaction-refused',
  'failed-on-chain',
  'expired',
] as const;
export type AbandonCause = (typeof ABANDON_CAUSES)[number];

/** Which exit rule sells. `written-off`: by hand, for a token that cannot be sold. */
export const EXIT_CAUSES = [
  'take-profit',
  'stop-loss',
  'trailing-stop',
  'max-hold',
  'liquidity-pulled',
  'manual',
  'written-off',
] as const;

/** One sell that took place. */
export const exitFillSchema = z.object({
  cause: z.enum(EXIT_CAUSES),
  /** Base units of the token sold. */
  tokens: amountSchema,
  /** Lamports received less fees: negative when the fees were higher. */
  proceedsLamports: signedAmountSchema,
  quote: quoteRecordSchema,
  /** Null for a paper fill. */
  signature: z.string().nullable(),
  soldAt: z.number().int(),
});
export type ExitFill = z.infer<typeof exitFillSchema>;

/** What is to be sold now, and by which rule. */
export const sellOrderSchema = z.object({
  cause: z.enum(EXIT_CAUSES),
  tokens: amountSchema,
  /** Index in the plan's `takeProfit`; null for every other cause. */
  step: z.number().int().min(0).nullable(),
  /** Tries that have not sold so far; absent: none. */
  tries: z.number().int().min(0).optional(),
  /** Unix milliseconds before which it is not tried again; absent: at once. */
  retryAt: z.number().int().optional(),
});
export type SellOrder = z.infer<typeof sellOrderSchema>;

/** Attempts that a row keeps. Of older ones only their fees are remembered. */
export const MAX_ATTEMPTS = 20;

const base = {
  mint: addressSchema,
  /** Sort key of the decision that this trade carries out: tells its own redelivery from another. */
  look: z.string().max(60),
  pool: addressSchema,
  venue: z.string().max(32),
  quoteMint: addressSchema,
  mode: z.enum(['paper', 'live']),
  strategyVersion: z.string().max(32),
  plan: tradePlanSchema,
  /** Unix milliseconds, as are the next three. */
  detectedAt: z.number().int(),
  decidedAt: z.number().int(),
  /** Its UTC day is the one whose budget holds the stake. */
  claimedAt: z.number().int(),
  updatedAt: z.number().int(),
  /** Raised by each transition; the condition of the next one. */
  version: z.number().int().min(1),
  /** Signed attempts with a known end, oldest first. Empty in paper mode. */
  attempts: z.array(attemptSchema).max(MAX_ATTEMPTS),
  /** Lamports of failed attempts that are no longer listed; absent: none. */
  olderLostLamports: amountSchema.optional(),
};

/** The only attempt without an answer; the same bytes are sent until the chain has given one. */
const inFlight = { quote: quoteRecordSchema, inFlight: signedAttemptSchema };
const ended = { reason: z.string().max(200) };

const held = {
  quote: quoteRecordSchema,
  entry: z.object({
    /** Lamports spent: stake, fees and rent. */
    costLamports: amountSchema,
    /** Base units of the token received. */
    tokens: amountSchema,
    openedAt: z.number().int(),
  }),
  /** Sells so far, oldest first. */
  exits: z.array(exitFillSchema).max(20),
  /** Highest price since entry, in basis points of the entry price: what a trailing stop hangs on. */
  highestMultipleBps: z.number().int().min(10_000),
  /** Most dollars seen in the pool since entry; absent: not seen yet. */
  highestLiquidityUsd: z.number().nonnegative().optional(),
};
const selling = { ...held, sell: sellOrderSchema };
const sellInFlight = { ...selling, sellQuote: quoteRecordSchema, inFlight: signedAttemptSchema };

/** A row of the trades table: for each state what it must carry. */
export const tradeSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('BUY_INTENT'), ...base }),
  z.object({ state: z.literal('BUY_SIGNED'), ...base, ...inFlight }),
  z.object({ state: z.literal('BUY_SENT'), ...base, ...inFlight }),
  z.object({ state: z.literal('BUY_FAILED'), ...base, ...ended }),
  z.object({ state: z.literal('BUY_EXPIRED'), ...base, ...ended }),
  z.object({ state: z.literal('ABANDONED'), ...base, ...ended, cause: z.enum(ABANDON_CAUSES) }),
  z.object({ state: z.literal('OPEN'), ...base, ...held }),
  z.object({ state: z.literal('SELL_INTENT'), ...base, ...selling }),
  z.object({ state: z.literal('SELL_SIGNED'), ...base, ...sellInFlight }),
  z.object({ state: z.literal('SELL_SENT'), ...base, ...sellInFlight }),
  z.object({ state: z.literal('SELL_FAILED'), ...base, ...selling, ...ended }),
  z.object({ state: z.literal('SELL_EXPIRED'), ...base, ...selling, ...ended }),
  z.object({ state: z.literal('STUCK'), ...base, ...selling, ...ended }),
  z.object({ state: z.literal('CLOSED'), ...base, ...held, closedAt: z.number().int() }),
]);
export type Trade = z.infer<typeof tradeSchema>;
export type TradeIn<State extends TradeState> = Extract<Trade, { state: State }>;

/** States that `from` may move to. */
export type NextState<From extends TradeState> = (typeof TRANSITIONS)[From][number];

export const mayMove = (from: TradeState, to: TradeState): boolean => {
  const next: readonly TradeState[] = TRANSITIONS[from];
  return next.includes(to);
};

/** Lamports that attempts have cost on chain without buying anything. */
export const lostFees = ({
  attempts,
  olderLostLamports = 0n,
}: Pick<Trade, 'attempts' | 'olderLostLamports'>): bigint =>
  attempts.reduce(
    (sum, { end }) => (end.kind === 'failed' ? sum + end.feeLamports : sum),
    olderLostLamports,
  );

/** The attempts with one more, oldest first; what no longer fits leaves its lost fee behind. */
export function withAttempt(
  { attempts, olderLostLamports }: Pick<Trade, 'attempts' | 'olderLostLamports'>,
  attempt: Attempt,
): Pick<Trade, 'attempts' | 'olderLostLamports'> {
  const all = [...attempts, attempt];
  const dropped = all.slice(0, Math.max(0, all.length - MAX_ATTEMPTS));
  const lost = lostFees({ attempts: dropped, olderLostLamports });
  return {
    attempts: all.slice(dropped.length),
    ...(lost > 0n ? { olderLostLamports: lost } : {}),
  };
}

/** Base units still held: what was received less what was sold. */
export const tokensLeft = ({ entry, exits }: Pick<TradeIn<'OPEN'>, 'entry' | 'exits'>): bigint =>
  exits.reduce((left, { tokens }) => left - tokens, entry.tokens);

/** Lamports that the wallet has more, or less, through this trade so far, all costs included. */
export function balanceChange(trade: Trade): bigint {
  const fees = lostFees(trade);
  if (!('entry' in trade)) return -fees;
  const proceeds = trade.exits.reduce((sum, { proceedsLamports }) => sum + proceedsLamports, 0n);
  return proceeds - trade.entry.costLamports - fees;
}

/** How a transition changes the books: open positions, and what the day of the claim has spent. */
export type BookChange = {
  readonly openPositions: 0 | -1;
  /** Lamports given back to the budget of the day of the claim. */
  readonly releasedLamports: bigint;
};

/** A trade given up frees its place and the stake less lost fees; a closed one only its place. */
export function bookChange(next: Trade): BookChange {
  if (next.state === 'ABANDONED') {
    const left = next.plan.stakeLamports - lostFees(next);
    return { openPositions: -1, releasedLamports: left > 0n ? left : 0n };
  }
  return { openPositions: next.state === 'CLOSED' ? -1 : 0, releasedLamports: 0n };
}

// Every state has its shape, and every shape its state.
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
true satisfies Same<Trade['state'], (typeof TRADE_STATES)[number]>;
