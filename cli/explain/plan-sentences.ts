import type { TradePlan } from '#shared/domain/decision.ts';
import { solOfLamports } from '#shared/domain/units.ts';

/** The plan of a trade in people's units. */
export function planSentences(plan: TradePlan): string[] {
  const steps = plan.takeProfit.map(
    ({ atMultipleBps, sellBps }) => `${percent(sellBps)} at ${atMultipleBps / 10_000}x the entry`,
  );
  return [
    `buy for ${solOfLamports(plan.stakeLamports)} SOL; fill at most ${percent(plan.slippageBps)} worse than the quote, price impact at most ${percent(plan.maxPriceImpactBps)}`,
    ...(steps.length === 0 ? [] : [`sell ${steps.join(', ')}`]),
    `sell all ${percent(plan.stopLossBps)} below the entry, ${percent(plan.trailingStopBps)} below the highest since, or after ${duration(plan.maxHoldSeconds)}`,
  ];
}

const percent = (bps: number): string => `${bps / 100} %`;

function duration(seconds: number): string {
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
