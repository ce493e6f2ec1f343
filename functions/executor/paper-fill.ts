import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import type { TradeLedger } from '#shared/ports/trade-ledger.ts';
import { type FreshQuoteDeps, freshQuote } from '#shared/swap/fresh-quote.ts';
import { quoteRecord } from '#shared/swap/quote-record.ts';
import { abandon } from './abandon.ts';
import type { Buy } from './buy.ts';

/**
 * What a real buy would cost besides the stake, where the router does not say because nobody will
 * sign: rent of the token account, signature and a usual priority fee.
 */
const USUAL_LAMPORTS = 2_039_280n + 5_000n + 10_000n;

export type PaperFillDeps = FreshQuoteDeps & { readonly ledger: TradeLedger };

/** Buys on paper: the quote is the fill. Nothing is signed, nothing is sent. */
export const paperFill =
  (deps: PaperFillDeps): Buy =>
  async (trade, freshUntilMs, signal) => {
    const { ledger, clock } = deps;
    // Only a live trade is ever signed.
    if (trade.state !== 'BUY_INTENT') return { kind: 'pending' };
    const { plan, mint } = trade;
    const request = {
      // Whatever the pool is paired with, the stake is SOL: the router finds the way.
      inputMint: WRAPPED_SOL,
      outputMint: mint,
      amount: plan.stakeLamports,
      slippageBps: plan.slippageBps,
    };
    const fresh = await freshQuote(deps, request, plan, freshUntilMs, signal);
    const at = clock.now();
    if (fresh.kind === 'abandoned') {
      return abandon(ledger, trade, { cause: fresh.cause, reason: fresh.reason, at }, signal);
    }
    if (at > freshUntilMs) {
      const reason = 'the quote came when the decision was too old';
      return abandon(ledger, trade, { cause: 'stale', reason, at }, signal);
    }
    const { quote, quotedAt } = fresh;
    const result = await ledger.move(
      trade,
      {
        ...trade,
        state: 'OPEN',
        updatedAt: at,
        quote: quoteRecord(quote, quotedAt),
        entry: {
          costLamports: quote.inAmount + (quote.networkLamports || USUAL_LAMPORTS),
          tokens: quote.outAmount,
          openedAt: at,
        },
        exits: [],
        highestMultipleBps: 10_000,
      },
      signal,
    );
    return result.outcome === 'moved'
      ? { kind: 'opened', trade: result.trade }
      : { kind: 'superseded' };
  };
