import type { Strategy } from '#config/trading-config.ts';
import type { TokenDetected } from '#shared/domain/detection.ts';

/** A look that comes too late for its time is due this long after the one before. */
const LEAST_WAIT_MS = 1_000;

/**
 * The look after this one, due at the strategy's offset from the detection. Counted on from now when
 * that has passed, as after a redelivery: its own wait in the queue is what may make it overdue.
 */
export function nextLook(
  detected: TokenDetected,
  { synthesis }: Strategy,
  nowMs: number,
): TokenDetected {
  const afterSeconds = synthesis.looks_after_seconds[detected.look - 1] ?? 0;
  return {
    ...detected,
    look: detected.look + 1,
    dueAt: Math.max(detected.detectedAt + afterSeconds * 1_000, nowMs + LEAST_WAIT_MS),
  };
}
