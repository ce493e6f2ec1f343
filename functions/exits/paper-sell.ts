import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import type { TradeLedger } from '#shared/ports/trade-ledger.ts';
import { type FreshQuoteDeps, freshQuote } from '#shared/swap/fresh-quote.ts';
import { quoteRecord } from '#shared/swap/quote-record.ts';
import { finishSell, postponeSell } from './finish-sell.ts';
import type { Sell } from './sell.ts';
import { type SellTerms, slippageOf } from './sell-terms.ts';

export type PaperSellDeps = FreshQuoteDeps & {
  readonly ledger: TradeLedger;
  readonly terms: SellTerms;
};

/** What a real sell costs where the router does not say: signature and a usual priority fee. */
const USUAL_LAMPORTS = 5_000n + 10_000n;
/** The next look comes in seconds: a quote is not waited for longer. */
const PATIENCE_MS = 4_000;

/** Sells on paper: the quote is the fill. Nothing is signed, nothing is sent. */
export const paperSell =
  (deps: PaperSellDeps): Sell =>
  async (trade, signal) => {
    const { ledger, clock, terms } = deps;
    // Only a live trade is ever signed.
    if (trade.state !== 'SELL_INTENT') return { kind: 'pending' };
    const slippageBps = slippageOf(trade.plan.slippageBps, trade.sell, terms);
    const fresh = await freshQuote(
      deps,
      {
        inputMint: trade.mint,
        outputMint: WRAPPED_SOL,
        amount: trade.sell.tokens,
        slippageBps,
      },
      { maxPriceImpactBps: terms.maxPriceImpactBps, slippageBps },
      clock.now() + PATIENCE_MS,
      signal,
    );
    const at = clock.now();
    if (fresh.kind === 'abandoned') {
      return postponeSell(ledger, trade, fresh.reason, terms, at, signal);
    }
    const { quote, quotedAt } = fresh;
    return finishSell(
      ledger,
      trade,
      {
        cause: trade.sell.cause,
        tokens: trade.sell.tokens,
        proceedsLamports: quote.outAmount - (quote.networkLamports || USUAL_LAMPORTS),
        quote: quoteRecord(quote, quotedAt),
        signature: null,
        soldAt: at,
      },
      signal,
    );
  };
