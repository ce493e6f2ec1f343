export type QuietPeriodOptions = {
  /** Quiet after a refusal that names no time; doubled by each further one, up to `maxBackoffMs`. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** No upstream silences us for longer than this. */
  readonly maxQuietMs: number;
};

/** The time in which an upstream wants to hear nothing (HTTP 429 and 503, RFC 9110 `Retry-After`). */
export type QuietPeriod = {
  /** Unix milliseconds until which no call may be made; in the past when one may. */
  readonly untilMs: () => number;
  /** The upstream refused; `retryAfterSeconds` when it said for how long. */
  readonly refused: (retryAfterSeconds: number | undefined, nowMs: number) => void;
  readonly answered: () => void;
};

/** Remembers how long an upstream wants to be left alone: never shortened by a later refusal. */
export function quietPeriod(options: QuietPeriodOptions): QuietPeriod {
  let untilMs = 0;
  let refusals = 0;
  return {
    untilMs: () => untilMs,
    refused(retryAfterSeconds, nowMs) {
      const backoffMs = Math.min(options.backoffMs * 2 ** refusals, options.maxBackoffMs);
      const quietMs = retryAfterSeconds === undefined ? backoffMs : retryAfterSeconds * 1_000;
      refusals += 1;
      untilMs = Math.max(untilMs, nowMs + Math.min(quietMs, options.maxQuietMs));
    },
    answered() {
      refusals = 0;
    },
  };
}
