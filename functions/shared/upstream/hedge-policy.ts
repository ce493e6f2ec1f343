export type HedgePolicyOptions = {
  /** Extra requests for each request made, at most: 0.05 is one in twenty. */
  readonly share: number;
  /** Extra requests that may be saved up: what a bad moment can cost at once. */
  readonly maxSaved: number;
  /** Answers of a kind to have seen before its usual time is believed. */
  readonly minAnswers: number;
};

/** Whether and when a second, equal request is worth it. Kinds take different times. */
export type HedgePolicy = {
  /** Counts a request; milliseconds to wait for its answer before a second one, or undefined for none. */
  readonly asked: (kind: string) => number | undefined;
  /** Takes leave for the second request; false when others have used it up since. */
  readonly hedged: () => boolean;
  /** An answer, or the end of the wait for one, `tookMs` after the first request. */
  readonly answered: (kind: string, tookMs: number) => void;
};

type Usual = { p95Ms: number; answers: number };

const QUANTILE = 0.95;
/** Step of the estimate: it has followed a lasting change after some twenty answers. */
const STEP = 0.2;
const SLOWER = Math.exp(STEP * QUANTILE);
const FASTER = Math.exp(-STEP * (1 - QUANTILE));

/**
 * A second request for those slower than 95 of 100, as in Dean and Barroso, "The Tail at Scale".
 * The usual time is a running estimate that goes up by nineteen small steps for each answer above it
 * and down by one for each below, so that it rests where one in twenty is above.
 */
export function hedgePolicy({ share, maxSaved, minAnswers }: HedgePolicyOptions): HedgePolicy {
  const usual = new Map<string, Usual>();
  let saved = 0;
  return {
    asked(kind) {
      saved = Math.min(saved + share, maxSaved);
      const of = usual.get(kind);
      return of === undefined || of.answers < minAnswers || saved < 1 ? undefined : of.p95Ms;
    },
    hedged() {
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
    answered(kind, tookMs) {
      const of = usual.get(kind);
      if (of === undefined) {
        usual.set(kind, { p95Ms: Math.max(1, tookMs * 2), answers: 1 });
        return;
      }
      of.answers += 1;
      of.p95Ms = Math.max(1, of.p95Ms * (tookMs > of.p95Ms ? SLOWER : FASTER));
    },
  };
}
