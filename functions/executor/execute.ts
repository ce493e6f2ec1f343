import type { TradeOrder } from '#shared/domain/decision.ts';
import type { Trade, TradeIn } from '#shared/domain/trade.ts';
import type { TradeState } from '#shared/domain/trade-states.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { HaltSwitch } from '#shared/ports/halt-switch.ts';
import type { ClaimLimits, ClaimRefusal, TradeLedger } from '#shared/ports/trade-ledger.ts';
import { abandon } from './abandon.ts';
import type { Buy, BuyOutcome, IdleBuy, UnfinishedBuy } from './buy.ts';

export type ExecuteDeps = {
  readonly ledger: TradeLedger;
  readonly haltSwitch: HaltSwitch;
  readonly clock: Clock;
  readonly limits: ClaimLimits;
  readonly maxDecisionAgeMs: number;
  readonly mode: Trade['mode'];
  /** The strategy of this mode. */
  readonly buy: Buy;
};

/** What became of an order to buy. */
export type ExecuteOutcome =
  | BuyOutcome
  | { readonly kind: 'refused'; readonly reason: ClaimRefusal }
  /** The mint had its trade already, of this or another decision. */
  | { readonly kind: 'duplicate'; readonly state: TradeState }
  /** Too old to be acted upon: not claimed at all. */
  | { readonly kind: 'stale'; readonly ageMs: number };

/** Carries out a decision to buy, once, however often it is delivered. */
export async function execute(
  deps: ExecuteDeps,
  order: TradeOrder,
  signal: AbortSignal,
): Promise<ExecuteOutcome> {
  const { ledger, clock, limits, maxDecisionAgeMs } = deps;
  const now = clock.now();
  const ageMs = now - order.decidedAt;
  if (ageMs > maxDecisionAgeMs) return endStale(deps, order, ageMs, signal);
  const claim = await ledger.claim(intentOf(order, deps.mode, now), limits, signal);
  switch (claim.outcome) {
    case 'claimed':
      return deps.buy(claim.trade, order.decidedAt + maxDecisionAgeMs, signal);
    case 'refused':
      return { kind: 'refused', reason: claim.reason };
    case 'duplicate':
      return resume(deps, order, claim.trade, signal);
  }
}

/** A redelivery goes on with what an earlier one claimed and did not finish. */
async function resume(
  deps: ExecuteDeps,
  order: TradeOrder,
  trade: Trade,
  signal: AbortSignal,
): Promise<ExecuteOutcome> {
  if (!isUnfinished(deps, order, trade)) return { kind: 'duplicate', state: trade.state };
  const freshUntilMs = order.decidedAt + deps.maxDecisionAgeMs;
  // What was signed may land whatever the switch says now: its answer is always fetched.
  if (!isIdle(trade)) return deps.buy(trade, freshUntilMs, signal);
  // The claim asked the switch; a claim of earlier must not outlive a halt since.
  const { buys, by } = await deps.haltSwitch.read(signal);
  if (buys !== 'running') {
    const why = {
      cause: 'halted',
      reason: `buys are halted: ${by}`,
      at: deps.clock.now(),
    } as const;
    return abandon(deps.ledger, trade, why, signal);
  }
  return deps.buy(trade, freshUntilMs, signal);
}

/** A stale decision is not claimed; what it has claimed before and not finished is given up. */
async function endStale(
  deps: ExecuteDeps,
  order: TradeOrder,
  ageMs: number,
  signal: AbortSignal,
): Promise<ExecuteOutcome> {
  const { ledger, clock } = deps;
  const trade = await ledger.find(order.mint, signal);
  if (trade === undefined || !isUnfinished(deps, order, trade)) return { kind: 'stale', ageMs };
  if (!isIdle(trade)) return deps.buy(trade, order.decidedAt + deps.maxDecisionAgeMs, signal);
  const reason = `the decision was ${ageMs} ms old when the trade was taken up again`;
  return abandon(ledger, trade, { cause: 'stale', reason, at: clock.now() }, signal);
}

/** Of this decision and this mode: another one's trade is not ours to finish. */
const isUnfinished = (
  { mode }: ExecuteDeps,
  { look }: TradeOrder,
  trade: Trade,
): trade is UnfinishedBuy =>
  UNFINISHED.has(trade.state) && trade.look === look && trade.mode === mode;

const UNFINISHED: ReadonlySet<TradeState> = new Set<UnfinishedBuy['state']>([
  'BUY_INTENT',
  'BUY_SIGNED',
  'BUY_SENT',
  'BUY_FAILED',
  'BUY_EXPIRED',
]);

/** Nothing of it is under way on the chain. */
const isIdle = (trade: UnfinishedBuy): trade is IdleBuy =>
  trade.state !== 'BUY_SIGNED' && trade.state !== 'BUY_SENT';

const intentOf = (
  { mint, look, opening, plan, strategyVersion, detectedAt, decidedAt }: TradeOrder,
  mode: Trade['mode'],
  now: number,
): TradeIn<'BUY_INTENT'> => ({
  state: 'BUY_INTENT',
  mint,
  look,
  pool: opening.pool,
  venue: opening.venue,
  quoteMint: opening.quoteMint,
  mode,
  strategyVersion,
  plan,
  detectedAt,
  decidedAt,
  claimedAt: now,
  updatedAt: now,
  version: 1,
  attempts: [],
});
