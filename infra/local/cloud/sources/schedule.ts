import { LocalCloudError } from '../local-cloud-error.ts';
import { pause } from '../pause.ts';
import type { FunctionPool } from '../lambda/function-pool.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};
/** Waits before Lambda's first and second retry of an asynchronous invocation. */
const ASYNC_RETRY_WAITS_MS = [60_000, 120_000];
const THROTTLE_PAUSE_MS = 1_000;

/** An EventBridge schedule with a Lambda target, as the template declares it. */
export type ScheduleSpec = {
  readonly name: string;
  readonly periodMs: number;
  /** The event, as JSON. */
  readonly payload: string;
  /** How old an event may get before it is dropped: the lesser of schedule and function. */
  readonly maximumEventAgeMs: number;
  /** Of the function's asynchronous invocations: 0..2. */
  readonly maximumRetryAttempts: number;
};

export type RunningSchedule = {
  readonly stop: () => Promise<void>;
};

/**
 * The period of a `rate(...)` expression in milliseconds.
 *
 * @throws {LocalCloudError} for `cron` and `at`. Source: EventBridge Scheduler, "Schedule types".
 */
export function periodOf(expression: string): number {
  const [, value, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const unitMs = unit === undefined ? undefined : UNIT_MS[unit];
  if (value === undefined || unitMs === undefined || Number(value) < 1)
    throw new LocalCloudError(
      `The local cloud knows rate(N minutes|hours|days), not ${expression}.`,
    );
  return Number(value) * unitMs;
}

/**
 * Invokes a function at a fixed rate, the first time after one period, whether or not the last
 * invocation is over. As EventBridge does it asynchronously, Lambda tries what failed again.
 */
export function startSchedule(spec: ScheduleSpec, pool: FunctionPool): RunningSchedule {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = new Set<Promise<void>>();

  async function fire(): Promise<void> {
    const until = Date.now() + spec.maximumEventAgeMs;
    let attempt = 0;
    while (!signal.aborted) {
      const outcome = await pool.invoke(spec.payload);
      if (outcome.kind === 'response') return;
      // A throttled event has not run, so it is no attempt: only its age ends it.
      if (outcome.kind === 'failed' && attempt >= spec.maximumRetryAttempts) return;
      const wait =
        outcome.kind === 'throttled' ? THROTTLE_PAUSE_MS : (ASYNC_RETRY_WAITS_MS[attempt] ?? 0);
      if (outcome.kind === 'failed') attempt += 1;
      if (Date.now() + wait > until) return;
      await pause(wait, signal);
    }
  }

  const timer = setInterval(() => {
    const work = fire().finally(() => running.delete(work));
    running.add(work);
  }, spec.periodMs);

  return {
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await Promise.all(running);
    },
  };
}
