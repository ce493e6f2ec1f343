import { MetricUnit } from '@aws-lambda-powertools/metrics';

import type { Pause } from '#shared/ports/pause.ts';
import { logger, metrics } from '#shared/runtime/telemetry.ts';
import { measureAnnounced } from './measure-announced.ts';
import { type SweepDeps, type SweepTally, sweep } from './sweep.ts';
import { accountsFor } from './watched-accounts.ts';

export type SweepMinuteDeps = SweepDeps & {
  readonly intervalSeconds: number;
  /** Whether whole programs are swept besides the narrow accounts. */
  readonly programs: boolean;
  /** Between the rounds. */
  readonly pause: Pause;
};

/** The next minute's run takes over from here. */
const MINUTE_MS = 60_000;

/** Sweeps at each interval of a minute, the first time at once, for as long as `availableMs`. */
export async function sweepMinute(
  { intervalSeconds, programs, pause, ...deps }: SweepMinuteDeps,
  availableMs: number,
  signal: AbortSignal,
): Promise<void> {
  const accounts = accountsFor(deps.scope, { programs });
  const startMs = deps.clock.now();
  const endMs = startMs + Math.min(MINUTE_MS, availableMs);
  let dueMs = startMs;
  while (dueMs < endMs && !signal.aborted) {
    const tally = await sweep(deps, accounts, signal);
    measure(tally, deps.clock.now());
    // A round that took longer than the interval is followed by the next one at once.
    dueMs = Math.max(dueMs + intervalSeconds * 1_000, deps.clock.now());
    if (dueMs < endMs) await pause(dueMs - deps.clock.now(), signal);
  }
}

function measure(tally: SweepTally, nowMs: number): void {
  measureAnnounced(tally, nowMs);
  metrics.addMetric('TransactionsReceived', MetricUnit.Count, tally.transactions);
  metrics.addMetric('PoolsUnresolved', MetricUnit.Count, tally.unresolved);
  metrics.addMetric('SweepFailures', MetricUnit.Count, tally.failed.length);
  metrics.addMetric('SweepOverruns', MetricUnit.Count, tally.overrun.length);
  metrics.addMetric('TransactionsGivenUp', MetricUnit.Count, tally.givenUp);
  if (tally.started.length > 0) {
    logger.info('no cursor yet: sweeping from now on, not the past', { accounts: tally.started });
  }
  if (tally.overrun.length > 0) {
    logger.warn('more happened than a round reads: part was skipped', { accounts: tally.overrun });
  }
  for (const failure of tally.failed) logger.warn('account waits for the next round', failure);
  logger.info('swept', {
    transactions: tally.transactions,
    detected: tally.queued.length,
    unresolved: tally.unresolved,
    dropped: tally.dropped,
    failed: tally.failed.length,
  });
}
