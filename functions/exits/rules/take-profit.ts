import { tokensLeft } from '#shared/domain/trade.ts';
import { portion } from '#shared/domain/units.ts';
import type { ExitRule } from './exit-rule.ts';

/**
 * Climbs the plan's ladder: each rung sells its share of what was bought, once, lowest first. What
 * rounding left over goes with the last rung of a ladder that sells the whole.
 */
export const takeProfit: ExitRule = ({ trade, multipleBps }) => {
  if (multipleBps === undefined) return undefined;
  const { plan, entry, exits } = trade;
  const rungs = plan.takeProfit
    .map(({ atMultipleBps, sellBps }, step) => ({ atMultipleBps, sellBps, step }))
    .sort((a, b) => a.atMultipleBps - b.atMultipleBps);
  const climbed = exits.filter(({ cause }) => cause === 'take-profit').length;
  const rung = rungs[climbed];
  if (rung === undefined || multipleBps < rung.atMultipleBps) return undefined;
  const left = tokensLeft(trade);
  const sold = rungs.slice(0, climbed + 1).reduce((sum, { sellBps }) => sum + sellBps, 0);
  const share = sold >= 10_000 ? left : portion(entry.tokens, rung.sellBps);
  const tokens = share < left ? share : left;
  return tokens === 0n ? undefined : { cause: 'take-profit', tokens, step: rung.step };
};
