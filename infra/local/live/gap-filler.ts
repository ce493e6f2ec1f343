import type { SweepTally } from '#functions/detector/sweep.ts';
import { reasonOf } from '#shared/domain/fault.ts';
import type { Pause } from '#shared/ports/pause.ts';

export type GapFillerDeps = {
  /** One round over all accounts. */
  readonly sweep: (signal: AbortSignal) => Promise<SweepTally>;
  readonly pause: Pause;
  readonly onProblem: (reason: string) => void;
};

export type GapFiller = {
  /** Something may have been missed: sweep, now or as soon as the round under way is over. */
  readonly fill: () => void;
  /** Resolves when no round is due any more. */
  readonly idle: () => Promise<void>;
};

/** Between two rounds: an account that waits is not asked about all the time. */
const BETWEEN_ROUNDS_MS = 3_000;

/** Sweeps when asked to, one round at a time, and again until no account is left waiting. */
export function gapFiller(
  { sweep, pause, onProblem }: GapFillerDeps,
  signal: AbortSignal,
): GapFiller {
  let due = false;
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    while (due && !signal.aborted) {
      due = false;
      const [round] = await Promise.allSettled([sweep(signal)]);
      if (signal.aborted) return;
      if (round.status === 'rejected') {
        due = true;
        onProblem(`the sweep failed: ${reasonOf(round.reason)}`);
      } else if (round.value.failed.length > 0) {
        due = true;
        for (const { account, reason } of round.value.failed) {
          onProblem(`the sweep of ${account} waits: ${reason}`);
        }
      }
      if (due) await Promise.allSettled([pause(BETWEEN_ROUNDS_MS, signal)]);
    }
  };

  const start = (): void => {
    running ??= run().finally(() => {
      running = undefined;
      // Asked for in the very moment that the last round ended.
      if (due && !signal.aborted) start();
    });
  };

  const untilIdle = async (): Promise<void> => {
    if (running === undefined) return;
    await running;
    await untilIdle();
  };

  return {
    fill: () => {
      due = true;
      start();
    },
    idle: untilIdle,
  };
}
