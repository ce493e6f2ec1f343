import * as z from 'zod';

import { amountSchema, signedAmountSchema } from './units.ts';

/** What closed trades came to, and whether buys are stopped for it. One item of the trades table. */
export const resultsSchema = z.object({
  /** Raised by each change; the condition of the next one. 0: nothing was written yet. */
  version: z.number().int().nonnegative(),
  closed: z.number().int().nonnegative(),
  won: z.number().int().nonnegative(),
  /** Losing trades since the last one that won. */
  lossesInRow: z.number().int().nonnegative(),
  /** Profit less loss of all closed trades, in lamports, all costs included. */
  realizedLamports: signedAmountSchema,
  /** Highest that `realizedLamports` has stood since the breakers were last reset. */
  peakLamports: signedAmountSchema,
  /** How far it stands below that. */
  drawdownLamports: amountSchema,
  /** Unix milliseconds before which no trade is claimed; 0 for none. */
  coolUntil: z.number().int().nonnegative(),
  /** Why buys are stopped, in words; null while they are not. Only a person clears it. */
  tripped: z.string().max(200).nullable(),
});
export type Results = z.infer<typeof resultsSchema>;

/** When buys stop by themselves. */
export type BreakerLimits = {
  readonly maxLossesInRow: number;
  readonly maxDrawdownLamports: bigint;
  /** Pause after each losing trade. */
  readonly cooldownMs: number;
};

export const noResults: Results = {
  version: 0,
  closed: 0,
  won: 0,
  lossesInRow: 0,
  realizedLamports: 0n,
  peakLamports: 0n,
  drawdownLamports: 0n,
  coolUntil: 0,
  tripped: null,
};

/** The results with one more closed trade. `at` in Unix milliseconds. A breaker once tripped stays. */
export function withResult(
  before: Results,
  profitLamports: bigint,
  limits: BreakerLimits,
  at: number,
): Results {
  const won = profitLamports > 0n;
  const realizedLamports = before.realizedLamports + profitLamports;
  const peakLamports =
    realizedLamports > before.peakLamports ? realizedLamports : before.peakLamports;
  const after = {
    version: before.version + 1,
    closed: before.closed + 1,
    won: before.won + (won ? 1 : 0),
    lossesInRow: won ? 0 : before.lossesInRow + 1,
    realizedLamports,
    peakLamports,
    drawdownLamports: peakLamports - realizedLamports,
    coolUntil: won ? before.coolUntil : at + limits.cooldownMs,
  };
  return { ...after, tripped: before.tripped ?? whyTripped(after, limits) };
}

function whyTripped(
  { lossesInRow, drawdownLamports }: Pick<Results, 'lossesInRow' | 'drawdownLamports'>,
  { maxLossesInRow, maxDrawdownLamports }: BreakerLimits,
): string | null {
  if (lossesInRow >= maxLossesInRow) return `${lossesInRow} losing trades in a row`;
  if (drawdownLamports >= maxDrawdownLamports) {
    return `${drawdownLamports} lamports below the best result so far`;
  }
  return null;
}

/** The breakers as a person resets them: counting starts anew, what was realised stays. */
export const resetBreakers = (before: Results): Results => ({
  ...before,
  version: before.version + 1,
  lossesInRow: 0,
  peakLamports: before.realizedLamports,
  drawdownLamports: 0n,
  coolUntil: 0,
  tripped: null,
});
