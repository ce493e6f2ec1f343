import type { FactorId } from '#config/trading-config.ts';
import type { Evidence } from '#shared/domain/evidence.ts';

/**
 * What one factor makes of the evidence: a quality of 0 (worst) to 1 (best) and the value in words,
 * or why it is not known.
 */
export type FactorValue =
  | { readonly known: true; readonly quality: number; readonly value: string }
  | { readonly known: false; readonly value: string };

export const quality = (of: number, value: string): FactorValue => ({
  known: true,
  quality: Math.min(1, Math.max(0, of)),
  value,
});
export const notKnown = (value: string): FactorValue => ({ known: false, value });

/** A weighted part of the score. Better evidence never lowers its quality. */
export type Factor = { readonly id: FactorId; readonly run: (evidence: Evidence) => FactorValue };

/** 1 at `best` or beyond, 0 at `worst` or beyond, straight in between; either end may be the larger. */
export const between = (value: number, worst: number, best: number): number =>
  Math.min(1, Math.max(0, (value - worst) / (best - worst)));

/** Mean of the parts that are known; undefined when none is. */
export function mean(parts: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  let known = 0;
  for (const part of parts) {
    if (part === undefined) continue;
    sum += part;
    known += 1;
  }
  return known === 0 ? undefined : sum / known;
}
