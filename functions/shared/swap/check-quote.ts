import type { TradePlan } from '#shared/domain/decision.ts';
import { WHOLE_BPS, portion } from '#shared/domain/units.ts';
import type { Quote, QuoteRequest } from '#shared/ports/quote-api.ts';

/**
 * Jupiter takes 50 bps at most, for tokens younger than a day; what is far above is not a fee we
 * have agreed to.
 */
export const MAX_ROUTER_FEE_BPS = 100;

/** Fees and rent of one buy beyond which something is wrong: two token accounts and a high tip. */
export const MAX_NETWORK_LAMPORTS = 10_000_000n;

/** What a quote has to keep to. */
export type QuoteLimits = Pick<TradePlan, 'maxPriceImpactBps' | 'slippageBps'>;

/** What is wrong with a quote, in words; undefined when nothing is. A quote is never trusted. */
export function checkQuote(
  quote: Quote,
  request: QuoteRequest,
  { maxPriceImpactBps, slippageBps }: QuoteLimits,
): string | undefined {
  if (quote.inputMint !== request.inputMint) return `it sells ${quote.inputMint}`;
  if (quote.outputMint !== request.outputMint) return `it buys ${quote.outputMint}`;
  if (quote.inAmount !== request.amount) {
    return `it spends ${quote.inAmount}, not ${request.amount}`;
  }
  if (quote.outAmount <= 0n) return 'it gives nothing';
  if (quote.priceImpactBps === null) return 'it does not say its price impact';
  if (quote.priceImpactBps > maxPriceImpactBps) {
    return `price impact ${quote.priceImpactBps} bps, at most ${maxPriceImpactBps}`;
  }
  if (quote.feeBps > MAX_ROUTER_FEE_BPS) {
    return `router fee ${quote.feeBps} bps, at most ${MAX_ROUTER_FEE_BPS}`;
  }
  if (quote.slippageBps > slippageBps) {
    return `slippage ${quote.slippageBps} bps, at most ${slippageBps}`;
  }
  // Rounded down, as the router does it: one base unit is no reason to refuse.
  const leastOut = portion(quote.outAmount, WHOLE_BPS - slippageBps);
  if (quote.minOutAmount < leastOut) {
    return `it guarantees ${quote.minOutAmount}, the plan asks for ${leastOut}`;
  }
  if (quote.networkLamports > MAX_NETWORK_LAMPORTS) {
    return `fees of ${quote.networkLamports} lamports, at most ${MAX_NETWORK_LAMPORTS}`;
  }
  return undefined;
}
