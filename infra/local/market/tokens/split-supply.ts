import type { Random } from '../random.ts';

/**
 * Splits an amount into so many uneven parts, largest first; no part is larger than `maxShare` of
 * the amount, if that can be. `sigma` 0 makes all alike.
 */
export function splitAmount(
  amount: bigint,
  parts: number,
  random: Random,
  { sigma, maxShare }: { readonly sigma: number; readonly maxShare: number },
): bigint[] {
  if (parts === 0 || amount === 0n) return [];
  let weights = Array.from({ length: parts }, () => random.logNormal(1, sigma));
  const cap = Math.max(maxShare, 1.05 / parts);
  for (let round = 0; round < 20; round += 1) {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    weights = weights.map((weight) => Math.min(weight / total, cap));
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const amounts = weights.map(
    (weight) => (amount * BigInt(Math.floor((weight / total) * 1e9))) / 10n ** 9n,
  );
  const rest = amount - amounts.reduce((sum, part) => sum + part, 0n);
  amounts[0] = (amounts[0] ?? 0n) + rest;
  return amounts.sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
}

/** A share of an amount, in base units. */
export const shareOf = (amount: bigint, share: number): bigint =>
  (amount * BigInt(Math.round(share * 1e9))) / 10n ** 9n;
