import type { SellOrder } from '#shared/domain/trade.ts';
import type { ExitRule, PositionView } from './exit-rule.ts';
import { liquidityPulled } from './liquidity-pulled.ts';
import { maxHold } from './max-hold.ts';
import { stopLoss } from './stop-loss.ts';
import { takeProfit } from './take-profit.ts';
import { trailingStop } from './trailing-stop.ts';

export type ExitSettings = { readonly pulledLiquidityBps: number };

/** The rules in the order of their urgency: danger first, profit then, patience last. */
export const exitRules = ({ pulledLiquidityBps }: ExitSettings): readonly ExitRule[] => [
  liquidityPulled(pulledLiquidityBps),
  stopLoss,
  trailingStop,
  takeProfit,
  maxHold,
];

/** What the first rule that fires wants sold; undefined: hold on. */
export function exitOf(rules: readonly ExitRule[], position: PositionView): SellOrder | undefined {
  for (const rule of rules) {
    const order = rule(position);
    if (order !== undefined) return order;
  }
  return undefined;
}
