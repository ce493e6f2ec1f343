import type { QuoteRecord } from '#shared/domain/trade.ts';
import type { Quote } from '#shared/ports/quote-api.ts';

/** What is kept of a quote that passed its checks. `quotedAt`: Unix milliseconds. */
export const quoteRecord = (quote: Quote, quotedAt: number): QuoteRecord => ({
  inAmount: quote.inAmount,
  outAmount: quote.outAmount,
  // Checked to be known.
  priceImpactBps: quote.priceImpactBps ?? 0,
  feeBps: quote.feeBps,
  router: quote.router,
  requestId: quote.requestId,
  quotedAt,
});
