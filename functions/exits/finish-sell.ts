import { type ExitFill, type TradeIn, tokensLeft } from '#shared/domain/trade.ts';
import type { TradeLedger } from '#shared/ports/trade-ledger.ts';
import type { SellOutcome, SellingTrade } from './sell.ts';
import { type SellTerms, pauseOf } from './sell-terms.ts';

type Kept = Pick<SellingTrade, 'attempts' | 'olderLostLamports'>;

/** Enters a sell that took place: the position is closed, or smaller by what was sold. */
export async function finishSell(
  ledger: TradeLedger,
  trade: SellingTrade,
  fill: ExitFill,
  signal: AbortSignal,
  attempts: Kept = trade,
): Promise<SellOutcome> {
  const { sell, ...rest } = trade;
  const held = { ...rest, ...attempts, exits: [...trade.exits, fill], updatedAt: fill.soldAt };
  // A sell of all closes even where the chain took a tax on the way: nothing is left to sell.
  const isWhole = sell.step === null || tokensLeft(held) <= 0n;
  const next: TradeIn<'OPEN' | 'CLOSED'> = isWhole
    ? { ...held, state: 'CLOSED', closedAt: fill.soldAt }
    : { ...held, state: 'OPEN' };
  const moved = await ledger.move(trade, next, signal);
  return moved.outcome === 'moved' ? { kind: 'sold', trade: moved.trade } : { kind: 'superseded' };
}

/** Notes a try that could not be signed. It is tried again, for ever; from some try on as STUCK. */
export async function postponeSell(
  ledger: TradeLedger,
  trade: TradeIn<'SELL_INTENT'>,
  reason: string,
  terms: SellTerms,
  at: number,
  signal: AbortSignal,
): Promise<SellOutcome> {
  const tries = (trade.sell.tries ?? 0) + 1;
  const sell = { ...trade.sell, tries, retryAt: at + pauseOf(tries, terms) };
  const next: TradeIn<'SELL_INTENT' | 'STUCK'> =
    tries >= terms.stuckAfterTries
      ? { ...trade, state: 'STUCK', sell, updatedAt: at, reason: reason.slice(0, 200) }
      : { ...trade, sell, updatedAt: at };
  const moved = await ledger.move(trade, next, signal);
  return moved.outcome === 'moved'
    ? { kind: 'waiting', trade: moved.trade }
    : { kind: 'superseded' };
}
