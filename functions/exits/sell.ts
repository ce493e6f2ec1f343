import type { TradeIn } from '#shared/domain/trade.ts';

/** Trades that are being sold: about to be signed, or signed and without an answer. */
export type SellingTrade = TradeIn<'SELL_INTENT' | 'SELL_SIGNED' | 'SELL_SENT'>;

/**
 * `waiting`: nothing was sold, and it will be tried again. `pending`: sent, the chain has not
 * answered. `superseded`: another invocation has moved the trade on, and answers for it.
 */
export type SellOutcome =
  | { readonly kind: 'sold'; readonly trade: TradeIn<'OPEN' | 'CLOSED'> }
  | { readonly kind: 'waiting'; readonly trade: TradeIn<'SELL_INTENT' | 'STUCK'> }
  | { readonly kind: 'pending' }
  | { readonly kind: 'superseded' };

/** How a sell is carried out: `paperSell` at the quote, `liveSell` on the chain. */
export type Sell = (trade: SellingTrade, signal: AbortSignal) => Promise<SellOutcome>;
