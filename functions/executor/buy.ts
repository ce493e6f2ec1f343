import type { TradeIn } from '#shared/domain/trade.ts';

/** Trades that a redelivery may find unfinished, and goes on with. */
export type UnfinishedBuy = TradeIn<'BUY_INTENT'>;

/** `superseded`: another invocation has moved the trade on, and answers for it. */
export type BuyOutcome =
  | { readonly kind: 'opened'; readonly trade: TradeIn<'OPEN'> }
  | { readonly kind: 'abandoned'; readonly trade: TradeIn<'ABANDONED'> }
  | { readonly kind: 'superseded' };

/** How a claimed trade is carried out: `paperFill` at the quote, a live send on the chain. */
export type Buy = (
  trade: UnfinishedBuy,
  /** Unix milliseconds after which the decision must no longer be acted upon. */
  freshUntilMs: number,
  signal: AbortSignal,
) => Promise<BuyOutcome>;
