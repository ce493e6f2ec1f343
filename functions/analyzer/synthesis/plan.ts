import type { Strategy } from '#config/trading-config.ts';
import type { TradePlan } from '#shared/domain/decision.ts';
import { type Evidence, factsOf } from '#shared/domain/evidence.ts';
import { lamportsOfSol, portion } from '#shared/domain/units.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';

/** The stake that the strategy asks for, before the pool's depth limits it. Lamports. */
export const wantedStakeLamports = ({ plan }: Strategy): bigint => lamportsOfSol(plan.stake_sol);

/** How a trade would be made and ended: never more than the pool's depth allows. */
export function planTrade(evidence: Evidence, strategy: Strategy): TradePlan {
  const { plan } = strategy;
  const wanted = wantedStakeLamports(strategy);
  const reserve = factsOf(evidence.checks.liquidity.finding)?.quoteReserve;
  // Only a reserve in SOL can be compared with a stake in SOL.
  const most =
    reserve === undefined || evidence.opening.quoteMint !== WRAPPED_SOL
      ? wanted
      : portion(reserve, plan.max_pool_share_bps);
  return {
    stakeLamports: wanted < most ? wanted : most,
    slippageBps: plan.slippage_bps,
    maxPriceImpactBps: plan.max_price_impact_bps,
    takeProfit: plan.take_profit.map(({ at_multiple_bps, sell_bps }) => ({
      atMultipleBps: at_multiple_bps,
      sellBps: sell_bps,
    })),
    stopLossBps: plan.stop_loss_bps,
    trailingStopBps: plan.trailing_stop_bps,
    maxHoldSeconds: plan.max_hold_seconds,
  };
}
