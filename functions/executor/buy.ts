import type { TradeIn } from '#shared/domain/trade.ts';

/** Trades that a redelivery may find unfinished, and goes on with. */
export type UnfinishedBuy = TradeIn<
  'BUY_INTENT' | 'BUY_SIGNED' | 'BUY_SENT' | 'BUY_FAILED' | 'BUY_EXPIRED'
>;
/** Of these, those that nothing is under way for on the chain. */
export type IdleBuy = Exclude<UnfinishedBuy, TradeIn<'BUY_SIGNED' | 'BUY_SENT'>>;

/** `superseded`: another invocation has moved the trade on, and answers for it. */
export type BuyOutcome =
  | { readonly kind: 'opened'; readonly trade: TradeIn<'OPEN'> }
  | { readonly kind: 'abandoned'; readonly trade: TradeIn<'ABANDONED'> }
  /** Sent, and the chain has not answered: the exits function asks on. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'superseded' };

/** How a claimed trade is carried out: `paperFill` at the quote, a live send on the chain. */
export type Buy = (
  trade: UnfinishedBuy,
  /** Unix milliseconds after which the decision must no longer be acted upon. */
  freshUntilMs: number,
  signal: AbortSignal,
) => Promise<BuyOutcome>;
