import * as z from 'zod';

/** Hundredths of a percent. 10_000 is the whole. Shares are 0..=10_000; fees and impacts as well. */
export type BasisPoints = number;
export const WHOLE_BPS: BasisPoints = 10_000;

export const LAMPORTS_PER_SOL = 1_000_000_000n;

/** u64::MAX, the largest amount a token account can hold. */
export const MAX_U64 = 18_446_744_073_709_551_615n;

/** `part` of `whole` in basis points, rounded up: a share is never understated. 0 of 0 is 0. */
export function shareBps(part: bigint, whole: bigint): BasisPoints {
  if (whole <= 0n) return part > 0n ? WHOLE_BPS : 0;
  return Number((part * BigInt(WHOLE_BPS) + whole - 1n) / whole);
}

/** `bps` of `amount`, rounded down: a limit derived from it is never overstated. */
export const portion = (amount: bigint, bps: BasisPoints): bigint =>
  (amount * BigInt(Math.trunc(bps))) / BigInt(WHOLE_BPS);

/** Lamports of a SOL amount as people write it in configuration (at most 9 decimals count). */
export const lamportsOfSol = (sol: number): bigint => BigInt(Math.round(sol * 1e9));

/** SOL of lamports, for display only. */
export const solOfLamports = (lamports: bigint): number => Number(lamports) / 1e9;

/** An amount in base units: a bigint in code, a string of decimal digits in JSON. */
export const amountSchema = z.codec(
  z.string().regex(/^\d{1,20}$/, 'digits of a u64, as a string'),
  z.bigint().min(0n).max(MAX_U64),
  { decode: (digits) => BigInt(digits), encode: (amount) => amount.toString() },
);

/** A signed amount in base units: profit, loss, balance change. */
export const signedAmountSchema = z.codec(z.string().regex(/^-?\d{1,20}$/), z.bigint(), {
  decode: (digits) => BigInt(digits),
  encode: (amount) => amount.toString(),
});

export const bpsSchema = z.number().int().min(0).max(WHOLE_BPS);
