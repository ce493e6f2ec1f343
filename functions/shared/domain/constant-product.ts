import { type BasisPoints, shareBps } from './units.ts';

/**
 * Tokens that `amountIn` buys from reserves x·y = k, fees left out; rounded down, as pools do.
 * 0 when a reserve is empty.
 */
export function amountOut(amountIn: bigint, reserveIn: bigint, reserveOut: bigint): bigint {
  if (amountIn <= 0n || reserveIn <= 0n || reserveOut <= 0n) return 0n;
  return (reserveOut * amountIn) / (reserveIn + amountIn);
}

/** How much worse than the spot price `amountIn` trades: in / (reserve + in), rounded up. */
export const priceImpactBps = (amountIn: bigint, reserveIn: bigint): BasisPoints =>
  shareBps(amountIn, reserveIn + amountIn);
