import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { FunctionPool } from '#infra/local/cloud/lambda/function-pool.ts';
import type { InvocationOutcome } from '#infra/local/cloud/lambda/invocation-outcome.ts';
import { type ScheduleSpec, periodOf, startSchedule } from '#infra/local/cloud/sources/schedule.ts';

const FAILED: InvocationOutcome = {
  kind: 'failed',
  requestId: 'r',
  cause: 'error',
  error: { errorType: 'E', errorMessage: 'm' },
};
const DONE: InvocationOutcome = { kind: 'response', requestId: 'r', payload: 'null' };

const spec: ScheduleSpec = {
  name: 'sweep',
  periodMs: 600_000,
  payload: '{"a":1}',
  maximumEventAgeMs: 600_000,
  maximumRetryAttempts: 2,
};

const unused = (): never => {
  throw new Error('a schedule only invokes');
};

function poolThat(...outcomes: InvocationOutcome[]): { pool: FunctionPool; payloads: string[] } {
  const payloads: string[] = [];
  const pool = {
    invoke(payload: string) {
      payloads.push(payload);
      return Promise.resolve(outcomes.shift() ?? DONE);
    },
    warm: unused,
    killBusy: unused,
    stats: unused,
    stop: unused,
  } as unknown as FunctionPool;
  return { pool, payloads };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('periodOf', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(5 minutes)', 300_000],
    ['rate(2 hours)', 7_200_000],
    ['rate(1 day)', 86_400_000],
  ])('reads %s', (expression, ms) => {
    expect(periodOf(expression)).toBe(ms);
  });

  it.each(['cron(* * * * ? *)', 'at(2026-01-01T00:00:00)', 'rate(0 minutes)', 'rate(10 seconds)'])(
    'refuses %s',
    (expression) => {
      expect(() => periodOf(expression)).toThrow(expression);
    },
  );
});

describe('startSchedule', () => {
  it('invokes after each period, never at the start, and no more once stopped', async () => {
    const { pool, payloads } = poolThat();
    const schedule = startSchedule({ ...spec, periodMs: 60_000 }, pool);

    await vi.advanceTimersByTimeAsync(59_999);
    expect(payloads).toEqual([]);
    await vi.advanceTimersByTimeAsync(120_001);
    expect(payloads).toEqual(['{"a":1}', '{"a":1}', '{"a":1}']);

    await schedule.stop();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(payloads).toHaveLength(3);
  });

  it.each([
    { when: 'two retries are allowed', retries: 2, ageMs: 600_000, calls: 3 },
    { when: 'none is', retries: 0, ageMs: 600_000, calls: 1 },
    { when: 'the event is too old for the second', retries: 2, ageMs: 100_000, calls: 2 },
  ])('tries a failing function $calls times when $when', async ({ retries, ageMs, calls }) => {
    const { pool, payloads } = poolThat(FAILED, FAILED, FAILED, FAILED);
    const schedule = startSchedule(
      { ...spec, maximumRetryAttempts: retries, maximumEventAgeMs: ageMs },
      pool,
    );

    await vi.advanceTimersByTimeAsync(600_000 + 400_000);

    expect(payloads).toHaveLength(calls);
    await schedule.stop();
  });

  it('tries a throttled invocation again without counting it', async () => {
    const { pool, payloads } = poolThat({ kind: 'throttled' }, { kind: 'throttled' }, DONE);
    const schedule = startSchedule({ ...spec, maximumRetryAttempts: 0 }, pool);

    await vi.advanceTimersByTimeAsync(600_000 + 10_000);

    expect(payloads).toHaveLength(3);
    await schedule.stop();
  });
});
