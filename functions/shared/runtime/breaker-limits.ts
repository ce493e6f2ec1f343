import type { TradingConfig } from '#config/trading-config.ts';
import type { BreakerLimits } from '../domain/results.ts';
import { lamportsOfSol } from '../domain/units.ts';

/** The breakers of a configuration. */
export const breakerLimits = ({ limits }: Pick<TradingConfig, 'limits'>): BreakerLimits => ({
  maxLossesInRow: limits.max_losses_in_row,
  maxDrawdownLamports: lamportsOfSol(limits.max_drawdown_sol),
  cooldownMs: limits.cooldown_seconds * 1_000,
});
