import { WHOLE_BPS } from '#shared/domain/units.ts';
import { tokensLeft } from '#shared/domain/trade.ts';
import type { ExitRule } from './exit-rule.ts';

/** Sells all when less than `shareBps` of the most dollars seen in the pool is left in it. */
export const liquidityPulled =
  (shareBps: number): ExitRule =>
  ({ trade, liquidityUsd }) => {
    const highest = trade.highestLiquidityUsd;
    if (liquidityUsd === undefined || highest === undefined) return undefined;
    return liquidityUsd * WHOLE_BPS < highest * shareBps
      ? { cause: 'liquidity-pulled', tokens: tokensLeft(trade), step: null }
      : undefined;
  };
