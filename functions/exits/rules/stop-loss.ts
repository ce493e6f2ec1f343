import { tokensLeft } from '#shared/domain/trade.ts';
import { WHOLE_BPS } from '#shared/domain/units.ts';
import type { ExitRule } from './exit-rule.ts';

/** Sells all at or below the plan's distance under the entry price. */
export const stopLoss: ExitRule = ({ trade, multipleBps }) =>
  multipleBps !== undefined && multipleBps <= WHOLE_BPS - trade.plan.stopLossBps
    ? { cause: 'stop-loss', tokens: tokensLeft(trade), step: null }
    : undefined;
