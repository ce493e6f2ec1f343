import * as z from 'zod';

import { addressSchema } from './address.ts';
import { tradePlanSchema } from './decision.ts';
import { signatureSchema } from './detection.ts';
import { amountSchema } from './units.ts';

/**
 * States of a trade. Each transition is one conditional write; see TRANSITIONS.
 * `BUY_SIGNED` is stored with its bytes before anything is sent; only a proven expiry or a failure
 * on chain allows another attempt.
 */
export const TRADE_STATES = [
  'BUY_INTENT',
  'BUY_SIGNED',
  'BUY_SENT',
  'BUY_FAILED',
  'BUY_EXPIRED',
  'ABANDONED',
  'OPEN',
  'SELL_INTENT',
  'SELL_SIGNED',
  'SELL_SENT',
  'SELL_FAILED',
  'SELL_EXPIRED',
  'STUCK',
  'CLOSED',
] as const;
export type TradeState = (typeof TRADE_STATES)[number];

/** Where each state may go. A state that leads nowhere is final. */
export const TRANSITIONS: Readonly<Record<TradeState, readonly TradeState[]>> = {
  // Paper trades go straight to OPEN: there is nothing to sign, and the fill is the quote.
  BUY_INTENT: ['BUY_SIGNED', 'OPEN', 'ABANDONED'],
  BUY_SIGNED: ['BUY_SENT', 'OPEN', 'BUY_FAILED', 'BUY_EXPIRED'],
  BUY_SENT: ['OPEN', 'BUY_FAILED', 'BUY_EXPIRED'],
  BUY_FAILED: ['BUY_INTENT', 'ABANDONED'],
  BUY_EXPIRED: ['BUY_INTENT', 'ABANDONED'],
  ABANDONED: [],
  OPEN: ['SELL_INTENT'],
  // Back to OPEN after a partial sell of the take-profit ladder.
  SELL_INTENT: ['SELL_SIGNED', 'OPEN', 'CLOSED'],
  SELL_SIGNED: ['SELL_SENT', 'OPEN', 'CLOSED', 'SELL_FAILED', 'SELL_EXPIRED'],
  SELL_SENT: ['OPEN', 'CLOSED', 'SELL_FAILED', 'SELL_EXPIRED'],
  SELL_FAILED: ['SELL_INTENT', 'STUCK'],
  SELL_EXPIRED: ['SELL_INTENT', 'STUCK'],
  STUCK: ['SELL_INTENT'],
  CLOSED: [],
};

/** States that hold, or may hold, a place among the open positions. */
export const OCCUPYING_STATES: ReadonlySet<TradeState> = new Set(
  TRADE_STATES.filter((state) => state !== 'ABANDONED' && state !== 'CLOSED'),
);

/** What a quote promised, kept with the trade. Amounts in base units. */
export const quoteRecordSchema = z.object({
  inAmount: amountSchema,
  outAmount: amountSchema,
  priceImpactBps: z.number(),
  feeBps: z.number(),
  router: z.string().max(32),
  quotedAt: z.number().int(),
});
export type QuoteRecord = z.infer<typeof quoteRecordSchema>;

/** Signed and stored before it is sent; the same bytes are sent until the chain has answered. */
export const signedAttemptSchema = z.object({
  attempt: z.number().int().min(1),
  signature: signatureSchema,
  transaction: z.base64(),
  lastValidBlockHeight: z.number().int().positive(),
  requestId: z.string().max(80),
});

const base = {
  mint: addressSchema,
  pool: addressSchema,
  venue: z.string().max(32),
  quoteMint: addressSchema,
  mode: z.enum(['paper', 'live']),
  strategyVersion: z.string().max(32),
  plan: tradePlanSchema,
  /** Unix milliseconds. */
  detectedAt: z.number().int(),
  decidedAt: z.number().int(),
  claimedAt: z.number().int(),
  updatedAt: z.number().int(),
  /** Raised by each transition; the condition of the next one. */
  version: z.number().int().min(1),
};

const bought = {
  quote: quoteRecordSchema,
  entry: z.object({
    /** Lamports spent, fees included. */
    costLamports: amountSchema,
    /** Base units of the token received. */
    tokens: amountSchema,
    openedAt: z.number().int(),
  }),
};

/** A trade record: the states of this version that are written today, each with what it must carry. */
export const tradeSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('BUY_INTENT'), ...base }),
  z.object({ state: z.literal('ABANDONED'), ...base, reason: z.string().max(200) }),
  z.object({ state: z.literal('OPEN'), ...base, ...bought }),
]);
export type Trade = z.infer<typeof tradeSchema>;
export type TradeIn<State extends Trade['state']> = Extract<Trade, { state: State }>;

export const mayMove = (from: TradeState, to: TradeState): boolean =>
  TRANSITIONS[from].includes(to);
