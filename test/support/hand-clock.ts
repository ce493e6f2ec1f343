import type { Clock } from '#shared/ports/clock.ts';
import type { Pause } from '#shared/ports/pause.ts';
import { NOON } from './trades.ts';

/** A clock that moves when it is told to, or when somebody pauses. */
export type HandClock = Clock & { advance: (ms: number) => void; readonly pause: Pause };

export function handClock(startMs: number = NOON + 200): HandClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
    pause: async (ms, signal) => {
      signal.throwIfAborted();
      nowMs += ms;
    },
  };
}
