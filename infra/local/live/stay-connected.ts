import type { Clock } from '#shared/ports/clock.ts';
import type { Pause } from '#shared/ports/pause.ts';
import type { SessionEnd } from './websocket-session.ts';

export type StayConnectedDeps = {
  readonly clock: Clock;
  readonly pause: Pause;
  /** 0..1. */
  readonly random: () => number;
  /** One connection until its end. */
  readonly connect: (signal: AbortSignal) => Promise<SessionEnd>;
  readonly onLost: (lost: { readonly reason: string; readonly retryInMs: number }) => void;
};

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;
/** A connection that lived this long was a good one: the next failure counts as the first. */
const STEADY_MS = 60_000;

/** Connects again and again, each time after a longer pause, until the signal aborts. */
export async function stayConnected(
  { clock, pause, random, connect, onLost }: StayConnectedDeps,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const startMs = clock.now();
    const { reason, wasReady } = await connect(signal);
    if (signal.aborted) return;
    failures = wasReady && clock.now() - startMs >= STEADY_MS ? 1 : failures + 1;
    const retryInMs = retryPauseMs(failures, random());
    onLost({ reason, retryInMs });
    await Promise.allSettled([pause(retryInMs, signal)]);
  }
}

/** Doubles from half a second to half a minute; the upper half is chance, so that not all come back at once. */
export const retryPauseMs = (failures: number, chance: number): number => {
  const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 16));
  return Math.round(longest * (0.5 + chance / 2));
};
