import { type TradeIn, tokensLeft, withAttempt } from '#shared/domain/trade.ts';
import type { TradeLedger } from '#shared/ports/trade-ledger.ts';
import { type PrepareDeps, prepareSwap } from '#shared/swap/prepare-swap.ts';
import { type SettleDeps, settleAttempt } from '#shared/swap/settle-attempt.ts';
import { finishSell, postponeSell } from './finish-sell.ts';
import type { Sell, SellOutcome } from './sell.ts';
import { type SellTerms, pauseOf, slippageOf } from './sell-terms.ts';

export type LiveSellDeps = PrepareDeps &
  SettleDeps & {
    readonly ledger: TradeLedger;
    readonly terms: SellTerms;
    /** Time for one attempt's answer in one look. The next look asks on. */
    readonly patienceMs: number;
  };

/** A price is good for so long; what is not signed by then starts with a new one. */
const FRESH_MS = 10_000;

/** Sells on the chain: at most one attempt is without an answer at any time. */
export const liveSell =
  (deps: LiveSellDeps): Sell =>
  async (trade, signal) => {
    if (trade.state !== 'SELL_INTENT') return settle(deps, trade, signal);
    const { ledger, clock, chain, terms } = deps;
    const { address } = await deps.signer();
    const { tokens: held, tokenProgram } = await chain.holding(address, trade.mint, signal);
    // What is there is sold, not what a quote once promised.
    const isAll = trade.sell.step === null || trade.sell.tokens >= tokensLeft(trade);
    const amount = isAll || held < trade.sell.tokens ? held : trade.sell.tokens;
    const slippageBps = slippageOf(trade.plan.slippageBps, trade.sell, terms);
    const postpone = async (reason: string): Promise<SellOutcome> =>
      postponeSell(ledger, trade, reason, terms, clock.now(), signal);
    if (amount === 0n) return postpone('the wallet holds none of it');
    const prepared = await prepareSwap(
      deps,
      {
        side: 'sell',
        mint: trade.mint,
        amount,
        limits: { maxPriceImpactBps: terms.maxPriceImpactBps, slippageBps },
        tokenProgram,
        attempt: trade.attempts.length + 1,
        freshUntilMs: clock.now() + FRESH_MS,
      },
      signal,
    );
    if (prepared.kind === 'refused') return postpone(prepared.reason);
    const next: TradeIn<'SELL_SIGNED'> = {
      ...trade,
      state: 'SELL_SIGNED',
      sell: { ...trade.sell, tokens: amount },
      sellQuote: prepared.quote,
      inFlight: prepared.inFlight,
      updatedAt: clock.now(),
    };
    const moved = await ledger.move(trade, next, signal);
    return moved.outcome === 'moved' ? settle(deps, moved.trade, signal) : { kind: 'superseded' };
  };

async function settle(
  deps: LiveSellDeps,
  signed: TradeIn<'SELL_SIGNED' | 'SELL_SENT'>,
  signal: AbortSignal,
): Promise<SellOutcome> {
  const { ledger, clock, chain, terms } = deps;
  let trade = signed;
  if (trade.state === 'SELL_SIGNED') {
    await chain.send(trade.inFlight.transaction, signal);
    const sent: TradeIn<'SELL_SENT'> = { ...trade, state: 'SELL_SENT', updatedAt: clock.now() };
    const moved = await ledger.move(trade, sent, signal);
    if (moved.outcome === 'superseded') return { kind: 'superseded' };
    trade = moved.trade;
  }
  const { inFlight, sellQuote, ...rest } = trade;
  const of = { wallet: (await deps.signer()).address, mint: trade.mint };
  const answer = await settleAttempt(deps, inFlight, of, deps.patienceMs, signal);
  const at = clock.now();
  const { transaction: _bytes, ...attempt } = inFlight;
  switch (answer.kind) {
    case 'pending':
      return { kind: 'pending' };
    case 'landed':
      return finishSell(
        ledger,
        trade,
        {
          cause: trade.sell.cause,
          tokens: -answer.tokensChange,
          proceedsLamports: answer.lamportsChange,
          quote: sellQuote,
          signature: inFlight.signature,
          soldAt: at,
        },
        signal,
        withAttempt(trade, { ...attempt, end: { kind: 'confirmed', slot: answer.slot } }),
      );
    case 'failed':
    case 'expired': {
      const isFailed = answer.kind === 'failed';
      const end = isFailed
        ? ({ kind: 'failed', reason: answer.reason, feeLamports: answer.feeLamports } as const)
        : ({ kind: 'expired', provenAtBlockHeight: answer.provenAtBlockHeight } as const);
      const tries = (trade.sell.tries ?? 0) + 1;
      const ended = {
        ...rest,
        ...withAttempt(trade, { ...attempt, end }),
        sell: { ...trade.sell, tries, retryAt: at + pauseOf(tries, terms) },
        reason: isFailed ? answer.reason : 'it never landed',
        updatedAt: at,
      };
      const next: TradeIn<'SELL_FAILED' | 'SELL_EXPIRED'> = isFailed
        ? { ...ended, state: 'SELL_FAILED' }
        : { ...ended, state: 'SELL_EXPIRED' };
      const moved = await ledger.move(trade, next, signal);
      return moved.outcome === 'moved' ? { kind: 'pending' } : { kind: 'superseded' };
    }
  }
}
