import type { LookView } from '../protocol.ts';

/** A bar of the waterfall, in milliseconds since the look was due. */
export type Span = { readonly fromMs: number; readonly toMs: number };

export type Timeline = {
  /** Right end of the axis. */
  readonly endMs: number;
  readonly waited: Span;
  readonly checks: readonly (Span & { readonly check: LookView['checks'][number] })[];
  /** From the last check to the decision; undefined where the detection tells nothing of it. */
  readonly deciding: Span | undefined;
  /** Marks of the axis. */
  readonly ticks: readonly number[];
};

const TICK_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 250, 500, 1_000, 2_000, 5_000, 10_000, 30_000];
const MOST_TICKS = 6;

/** When what happened: the checks' own clock begins where the waiting ends. */
export function timelineOf({ checks, queuedMs, latencyMs, look }: LookView): Timeline {
  const spans = checks.map((check) => ({
    check,
    fromMs: queuedMs + check.startedMs,
    toMs: queuedMs + check.endedMs,
  }));
  const lastMs = Math.max(queuedMs, ...spans.map(({ toMs }) => toMs));
  // Later looks wait on purpose: their detection lies far before they were due.
  const deciding =
    look === 1 && latencyMs > lastMs ? { fromMs: lastMs, toMs: latencyMs } : undefined;
  const endMs = Math.max(1, deciding?.toMs ?? lastMs);
  const step = TICK_STEPS.find((each) => endMs / each <= MOST_TICKS) ?? 60_000;
  return {
    endMs,
    waited: { fromMs: 0, toMs: queuedMs },
    checks: spans,
    deciding,
    ticks: Array.from({ length: Math.floor(endMs / step) + 1 }, (_, at) => at * step),
  };
}
