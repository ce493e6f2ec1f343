import { tokensLeft } from '#shared/domain/trade.ts';
import { WHOLE_BPS } from '#shared/domain/units.ts';
import type { ExitRule } from './exit-rule.ts';

/**
 * Sells all at or below the plan's distance under the highest price since entry. Only once that was
 * above the entry price: before, the stop loss is the one that counts.
 */
export const trailingStop: ExitRule = ({ trade, multipleBps }) => {
  const { highestMultipleBps, plan } = trade;
  if (multipleBps === undefined || highestMultipleBps <= WHOLE_BPS) return undefined;
  const stop = (highestMultipleBps * (WHOLE_BPS - plan.trailingStopBps)) / WHOLE_BPS;
  return multipleBps <= stop
    ? { cause: 'trailing-stop', tokens: tokensLeft(trade), step: null }
    : undefined;
};
