import type { SellOrder } from '#shared/domain/trade.ts';

/** How hard a sell is tried. */
export type SellTerms = {
  readonly maxPriceImpactBps: number;
  /** The floor under the price: no try goes further. */
  readonly maxSlippageBps: number;
  readonly retryMs: number;
  readonly maxRetryMs: number;
  /** Tries after which a position counts as stuck. */
  readonly stuckAfterTries: number;
};

/** Doubled by each try that did not sell, down to the floor. */
export const slippageOf = (
  planBps: number,
  { tries = 0 }: Pick<SellOrder, 'tries'>,
  { maxSlippageBps }: SellTerms,
): number => Math.min(planBps * 2 ** Math.min(tries, 20), Math.max(planBps, maxSlippageBps));

/** Pause before try number `tries` + 1. */
export const pauseOf = (tries: number, { retryMs, maxRetryMs }: SellTerms): number =>
  Math.min(maxRetryMs, retryMs * 2 ** Math.min(tries - 1, 20));
