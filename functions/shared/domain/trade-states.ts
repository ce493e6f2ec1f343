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
export const TRANSITIONS = {
  // Paper trades go straight to OPEN: there is nothing to sign, and the fill is the quote.
  BUY_INTENT: ['BUY_SIGNED', 'OPEN', 'ABANDONED'],
  BUY_SIGNED: ['BUY_SENT', 'OPEN', 'BUY_FAILED', 'BUY_EXPIRED'],
  BUY_SENT: ['OPEN', 'BUY_FAILED', 'BUY_EXPIRED'],
  BUY_FAILED: ['BUY_INTENT', 'ABANDONED'],
  BUY_EXPIRED: ['BUY_INTENT', 'ABANDONED'],
  ABANDONED: [],
  // To itself when the price has a new high, for the trailing stop.
  OPEN: ['OPEN', 'SELL_INTENT'],
  // Back to OPEN after a partial sell of the take-profit ladder; to itself or STUCK when nothing could
  // be signed (no quote, refused, or a simulation that fails), to be tried again later.
  SELL_INTENT: ['SELL_SIGNED', 'OPEN', 'CLOSED', 'SELL_INTENT', 'STUCK'],
  SELL_SIGNED: ['SELL_SENT', 'OPEN', 'CLOSED', 'SELL_FAILED', 'SELL_EXPIRED'],
  SELL_SENT: ['OPEN', 'CLOSED', 'SELL_FAILED', 'SELL_EXPIRED'],
  SELL_FAILED: ['SELL_INTENT', 'STUCK'],
  SELL_EXPIRED: ['SELL_INTENT', 'STUCK'],
  // Tried again at a growing interval, for ever; closed by hand when the token can never be sold.
  STUCK: ['SELL_INTENT', 'CLOSED'],
  CLOSED: [],
} as const satisfies Record<TradeState, readonly TradeState[]>;

/** States that hold, or may hold, a place among the open positions. */
export const OCCUPYING_STATES: ReadonlySet<TradeState> = new Set(
  TRADE_STATES.filter((state) => state !== 'ABANDONED' && state !== 'CLOSED'),
);
