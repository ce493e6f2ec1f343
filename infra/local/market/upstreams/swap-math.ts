/** What a pool keeps of each trade. */
export const POOL_FEE_BPS = 25n;
/** What Jupiter takes on tokens younger than a day. */
export const PLATFORM_FEE_BPS = 50;
const WHOLE = 10_000n;

/** What a constant-product pool gives for `amountIn` after its fee, in base units, rounded down. */
export function swapOut(amountIn: bigint, reserveIn: bigint, reserveOut: bigint): bigint {
  const net = amountIn * (WHOLE - POOL_FEE_BPS);
  const divisor = reserveIn * WHOLE + net;
  return divisor === 0n ? 0n : (reserveOut * net) / divisor;
}

/** An amount less so many basis points, rounded down. */
export const lessBps = (amount: bigint, bps: number): bigint =>
  (amount * (WHOLE - BigInt(bps))) / WHOLE;
