import type { Clock } from '#shared/ports/clock.ts';
import type { Pause } from '#shared/ports/pause.ts';
import { NOON } from './trades.ts';

type Sleeper = { readonly atMs: number; readonly order: number; readonly wake: () => void };

export type VirtualTime = Clock & {
  readonly pause: Pause;
  /** Lets this much time pass, waking everybody at the very moment they sleep to. */
  readonly run: (ms: number) => Promise<void>;
  /** A clock that is off by so much, for somebody who lives in the same time. */
  readonly offBy: (ms: number) => Clock;
};

/** Everything that can happen without time passing has happened. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Time that passes only when it is run: everybody who waits for it is woken in order. */
export function virtualTime(startMs: number = NOON): VirtualTime {
  let nowMs = startMs;
  let order = 0;
  const sleepers: Sleeper[] = [];
  return {
    now: () => nowMs,
    offBy: (ms) => ({ now: () => nowMs + ms }),
    pause: async (ms, signal) => {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      order += 1;
      const sleeper = { atMs: nowMs + ms, order, wake: resolve };
      const before = sleepers.findIndex(({ atMs }) => atMs > sleeper.atMs);
      sleepers.splice(before === -1 ? sleepers.length : before, 0, sleeper);
      const leave = (): void => {
        const at = sleepers.indexOf(sleeper);
        if (at !== -1) sleepers.splice(at, 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      try {
        await promise;
      } finally {
        signal.removeEventListener('abort', leave);
      }
    },
    async run(ms) {
      const endMs = nowMs + ms;
      await settled();
      for (let next = sleepers[0]; next !== undefined && next.atMs <= endMs; next = sleepers[0]) {
        sleepers.shift();
        nowMs = Math.max(nowMs, next.atMs);
        next.wake();
        await settled();
      }
      nowMs = endMs;
    },
  };
}
