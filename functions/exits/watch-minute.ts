import type { Pause } from '#shared/ports/pause.ts';
import { type WatchDeps, type WatchReport, watchPositions } from './watch-positions.ts';

export type WatchMinuteDeps = WatchDeps & {
  readonly pause: Pause;
  readonly intervalMs: number;
  /** Told of each look. */
  readonly onReport: (report: WatchReport) => void;
};

/** The next minute's run takes over from here. */
const MINUTE_MS = 60_000;

/**
 * Looks at all positions again and again for a minute, or for `availableMs`; over at once when
 * nothing is held.
 */
export async function watchMinute(
  { pause, intervalMs, onReport, ...deps }: WatchMinuteDeps,
  availableMs: number,
  signal: AbortSignal,
): Promise<void> {
  const endMs = deps.clock.now() + Math.min(MINUTE_MS, availableMs);
  for (let dueMs = deps.clock.now(); dueMs < endMs && !signal.aborted;) {
    const report = await watchPositions(deps, signal);
    onReport(report);
    if (report.watched === 0) return;
    dueMs = Math.max(dueMs + intervalMs, deps.clock.now());
    if (dueMs < endMs) await pause(dueMs - deps.clock.now(), signal);
  }
}
