import { reasonOf } from '#shared/domain/fault.ts';
import type { Trade, TradeIn } from '#shared/domain/trade.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { HaltSwitch } from '#shared/ports/halt-switch.ts';
import type { TokenPrice } from '#shared/ports/price-feed.ts';
import type { TradeLedger } from '#shared/ports/trade-ledger.ts';
import { type PriceDeps, priceOf, pricesFor } from './position-prices.ts';
import { type ExitRule, type PositionView } from './rules/exit-rule.ts';
import { exitOf } from './rules/index.ts';
import type { Sell, SellOutcome } from './sell.ts';
import { type SellTerms, pauseOf } from './sell-terms.ts';

/** A buy that nobody has finished: orphaned, or signed and without an answer. */
export type UnfinishedBuy = TradeIn<
  'BUY_INTENT' | 'BUY_SIGNED' | 'BUY_SENT' | 'BUY_FAILED' | 'BUY_EXPIRED'
>;
/** Finishes such a buy, or leaves it for the next look; says what it did in a word. */
export type FinishBuy = (trade: UnfinishedBuy, signal: AbortSignal) => Promise<string>;

export type WatchDeps = PriceDeps & {
  readonly ledger: TradeLedger;
  readonly haltSwitch: HaltSwitch;
  readonly clock: Clock;
  readonly rules: readonly ExitRule[];
  /** By the trade's own mode: a position stays what it was bought as. */
  readonly sell: Readonly<Record<Trade['mode'], Sell>>;
  readonly finishBuy: FinishBuy;
  readonly terms: SellTerms;
};

/** What a look did about one trade. */
export type WatchEvent = {
  readonly trade: Trade;
  readonly outcome: SellOutcome | { readonly kind: 'bought' | 'failed'; readonly what: string };
};

/** One look. `watched`: trades that hold a place; 0 means that there is nothing to come back for. */
export type WatchReport = {
  readonly watched: number;
  readonly events: readonly WatchEvent[];
};

/** A new high is worth a write when it is this much higher, in basis points of the entry price. */
const NEW_HIGH_BPS = 100;

/** Looks at every position once. One that fails does not keep the others from being looked at. */
export async function watchPositions(deps: WatchDeps, signal: AbortSignal): Promise<WatchReport> {
  const trades = await deps.ledger.occupying(signal);
  if (trades.length === 0) return { watched: 0, events: [] };
  const open = trades.filter((trade) => trade.state === 'OPEN');
  const [{ exits }, prices] = await Promise.all([
    deps.haltSwitch.read(signal),
    pricesFor(deps, open, signal),
  ]);
  const events = await Promise.all(
    trades.map(async (trade) => lookAt(deps, trade, prices, exits === 'running', signal)),
  );
  return { watched: trades.length, events: events.filter((event) => event !== undefined) };
}

async function lookAt(
  deps: WatchDeps,
  trade: Trade,
  prices: ReadonlyMap<string, TokenPrice>,
  mayExit: boolean,
  signal: AbortSignal,
): Promise<WatchEvent | undefined> {
  try {
    const outcome = await advance(deps, trade, prices, mayExit, signal);
    return outcome === undefined ? undefined : { trade, outcome };
  } catch (error) {
    return { trade, outcome: { kind: 'failed', what: reasonOf(error) } };
  }
}

async function advance(
  deps: WatchDeps,
  trade: Trade,
  prices: ReadonlyMap<string, TokenPrice>,
  mayExit: boolean,
  signal: AbortSignal,
): Promise<WatchEvent['outcome'] | undefined> {
  switch (trade.state) {
    case 'BUY_INTENT':
    case 'BUY_SIGNED':
    case 'BUY_SENT':
    case 'BUY_FAILED':
    case 'BUY_EXPIRED':
      return { kind: 'bought', what: await deps.finishBuy(trade, signal) };
    case 'OPEN':
      return considerExit(deps, trade, prices, mayExit, signal);
    case 'SELL_SIGNED':
    case 'SELL_SENT':
      // What was sent may land whatever the switch says: its answer is always fetched.
      return deps.sell[trade.mode](trade, signal);
    case 'SELL_INTENT':
      return mayExit && isDue(deps, trade) ? deps.sell[trade.mode](trade, signal) : undefined;
    case 'SELL_FAILED':
    case 'SELL_EXPIRED':
    case 'STUCK':
      return mayExit && isDue(deps, trade) ? sellAgain(deps, trade, signal) : undefined;
    case 'ABANDONED':
    case 'CLOSED':
      return undefined;
  }
}

const isDue = ({ clock }: WatchDeps, { sell }: TradeIn<'SELL_INTENT'> | RetriedTrade): boolean =>
  (sell.retryAt ?? 0) <= clock.now();

type RetriedTrade = TradeIn<'SELL_FAILED' | 'SELL_EXPIRED' | 'STUCK'>;

async function sellAgain(
  deps: WatchDeps,
  trade: RetriedTrade,
  signal: AbortSignal,
): Promise<SellOutcome> {
  const { reason: _last, ...rest } = trade;
  const { tries = 0 } = trade.sell;
  if (trade.state !== 'STUCK' && tries >= deps.terms.stuckAfterTries) {
    const retryAt = deps.clock.now() + pauseOf(tries, deps.terms);
    const sell = { ...trade.sell, retryAt };
    const stuck: TradeIn<'STUCK'> = { ...trade, state: 'STUCK', sell, updatedAt: deps.clock.now() };
    const moved = await deps.ledger.move(trade, stuck, signal);
    return moved.outcome === 'moved'
      ? { kind: 'waiting', trade: moved.trade }
      : { kind: 'superseded' };
  }
  const next: TradeIn<'SELL_INTENT'> = {
    ...rest,
    state: 'SELL_INTENT',
    updatedAt: deps.clock.now(),
  };
  const moved = await deps.ledger.move(trade, next, signal);
  if (moved.outcome === 'superseded') return { kind: 'superseded' };
  return deps.sell[trade.mode](moved.trade, signal);
}

async function considerExit(
  deps: WatchDeps,
  before: TradeIn<'OPEN'>,
  prices: ReadonlyMap<string, TokenPrice>,
  mayExit: boolean,
  signal: AbortSignal,
): Promise<WatchEvent['outcome'] | undefined> {
  const { ledger, clock, rules } = deps;
  const price = await priceOf(deps, before, prices, signal);
  const view = { ...price, nowMs: clock.now() };
  const trade = await withHighs(deps, before, view, signal);
  if (trade === undefined) return { kind: 'superseded' };
  const sell = exitOf(rules, { ...view, trade });
  if (sell === undefined || !mayExit) return undefined;
  const next: TradeIn<'SELL_INTENT'> = {
    ...trade,
    state: 'SELL_INTENT',
    sell,
    updatedAt: view.nowMs,
  };
  const moved = await ledger.move(trade, next, signal);
  if (moved.outcome === 'superseded') return { kind: 'superseded' };
  return deps.sell[trade.mode](moved.trade, signal);
}

/** Remembers new highs: the trailing stop and the watch over the liquidity hang on them. */
async function withHighs(
  { ledger }: WatchDeps,
  trade: TradeIn<'OPEN'>,
  { multipleBps = 0, liquidityUsd = 0, nowMs }: Omit<PositionView, 'trade'>,
  signal: AbortSignal,
): Promise<TradeIn<'OPEN'> | undefined> {
  const { highestMultipleBps, highestLiquidityUsd = 0 } = trade;
  const isHigher = multipleBps >= highestMultipleBps + NEW_HIGH_BPS;
  const isDeeper = liquidityUsd > highestLiquidityUsd * 1.05;
  if (!isHigher && !isDeeper) return trade;
  const next: TradeIn<'OPEN'> = {
    ...trade,
    highestMultipleBps: Math.max(highestMultipleBps, multipleBps),
    highestLiquidityUsd: Math.max(highestLiquidityUsd, liquidityUsd),
    updatedAt: nowMs,
  };
  const moved = await ledger.move(trade, next, signal);
  return moved.outcome === 'moved' ? moved.trade : undefined;
}
