import { setTimeout as sleep } from 'node:timers/promises';

/** Waiting as a dependency: `ms` later, or a rejection as soon as the signal aborts. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

export const systemPause: Pause = async (ms, signal) => sleep(ms, undefined, { signal });
