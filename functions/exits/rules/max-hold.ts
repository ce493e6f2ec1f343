import { tokensLeft } from '#shared/domain/trade.ts';
import type { ExitRule } from './exit-rule.ts';

/** Sells all when the plan's time is over, whether or not a price is known. */
export const maxHold: ExitRule = ({ trade, nowMs }) =>
  nowMs - trade.entry.openedAt >= trade.plan.maxHoldSeconds * 1_000
    ? { cause: 'max-hold', tokens: tokensLeft(trade), step: null }
    : undefined;
