import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { circuitBreaker, type Permit } from '#shared/upstream/circuit-breaker.ts';
import { endpointOrder } from '#shared/upstream/endpoint-order.ts';
import { hedgePolicy } from '#shared/upstream/hedge-policy.ts';
import { quietPeriod } from '#shared/upstream/quiet-period.ts';
import { requestWindow } from '#shared/upstream/request-window.ts';

describe('a circuit breaker', () => {
  const OPTIONS = { failuresToOpen: 4, openMs: 2_000, maxOpenMs: 30_000 };
  const outcome = fc.constantFrom('good', 'bad', 'neutral');
  const steps = fc.array(
    fc.record({ laterMs: fc.integer({ min: 0, max: 1_500 }), outcome, settleNow: fc.boolean() }),
    { maxLength: 120 },
  );

  it('never lets two trials run at once, and opens only after four failures in a row', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const breaker = circuitBreaker(OPTIONS);
        let nowMs = 0;
        let inRow = 0;
        const waiting: { permit: Permit; outcome: (typeof all)[number]['outcome'] }[] = [];
        const wrong: string[] = [];
        for (const step of all) {
          nowMs += step.laterMs;
          const permit = breaker.admit(nowMs);
          if (permit !== undefined) {
            const trials = waiting.filter((one) => one.permit.kind === 'trial');
            if (permit.kind === 'trial' && trials.length > 0) wrong.push('two trials');
            waiting.push({ permit, outcome: step.outcome });
          }
          if (!step.settleNow && waiting.length < 6) continue;
          const settled = waiting.shift();
          if (settled === undefined) continue;
          if (settled.outcome === 'good') inRow = 0;
          if (settled.outcome === 'bad') inRow += 1;
          const opened = breaker.settle(settled.permit, settled.outcome, nowMs);
          if (opened && settled.permit.kind === 'closed' && inRow < 4) wrong.push('too early');
          if (opened && breaker.admit(nowMs) !== undefined) wrong.push('not open');
        }
        expect(wrong).toEqual([]);
      }),
    );
  });

  it('always comes back: once the upstream answers, every call goes through again', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const breaker = circuitBreaker(OPTIONS);
        let nowMs = 0;
        for (const { laterMs, outcome } of all) {
          nowMs += laterMs;
          const permit = breaker.admit(nowMs);
          if (permit !== undefined) breaker.settle(permit, outcome, nowMs);
        }
        nowMs += OPTIONS.maxOpenMs;
        const permit = breaker.admit(nowMs);
        expect(permit).toBeDefined();
        breaker.settle(permit!, 'good', nowMs);
        expect(breaker.admit(nowMs)?.kind).toBe('closed');
      }),
    );
  });

  it('leaves the upstream alone for twice as long after each trial that failed', () => {
    const breaker = circuitBreaker(OPTIONS);
    for (let call = 0; call < 4; call += 1) breaker.settle(breaker.admit(0)!, 'bad', 0);
    let nowMs = 0;
    for (const openMs of [2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      expect(breaker.admit(nowMs + openMs - 1)).toBeUndefined();
      nowMs += openMs;
      const trial = breaker.admit(nowMs)!;
      expect(trial.kind).toBe('trial');
      expect(breaker.admit(nowMs)).toBeUndefined();
      expect(breaker.settle(trial, 'bad', nowMs)).toBe(true);
    }
  });

  it('tries again at once after a trial that nobody waited for', () => {
    const breaker = circuitBreaker(OPTIONS);
    for (let call = 0; call < 4; call += 1) breaker.settle(breaker.admit(0)!, 'bad', 0);
    breaker.settle(breaker.admit(2_000)!, 'neutral', 2_000);
    expect(breaker.admit(2_000)?.kind).toBe('trial');
  });

  it('does not listen to calls of before it opened', () => {
    const breaker = circuitBreaker(OPTIONS);
    const early = breaker.admit(0)!;
    for (let call = 0; call < 4; call += 1) breaker.settle(breaker.admit(0)!, 'bad', 0);
    breaker.settle(early, 'good', 1);
    expect(breaker.admit(1)).toBeUndefined();
  });
});

describe('a quiet period', () => {
  const OPTIONS = { backoffMs: 1_000, maxBackoffMs: 30_000, maxQuietMs: 900_000 };
  const refusal = fc.record({
    laterMs: fc.integer({ min: 0, max: 60_000 }),
    seconds: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined }),
  });

  it('is as long as the upstream asked for, never shortened and never without end', () => {
    fc.assert(
      fc.property(fc.array(refusal, { minLength: 1, maxLength: 20 }), (refusals) => {
        const quiet = quietPeriod(OPTIONS);
        let nowMs = 0;
        for (const { laterMs, seconds } of refusals) {
          nowMs += laterMs;
          const before = quiet.untilMs();
          quiet.refused(seconds, nowMs);
          const askedMs = Math.min((seconds ?? 1) * 1_000, OPTIONS.maxQuietMs);
          expect(quiet.untilMs()).toBeGreaterThanOrEqual(Math.max(before, nowMs + askedMs));
          expect(quiet.untilMs()).toBeLessThanOrEqual(Math.max(before, nowMs + OPTIONS.maxQuietMs));
        }
      }),
    );
  });

  it('grows while nothing but refusals come, and starts small after an answer', () => {
    const quiet = quietPeriod(OPTIONS);
    const length = (nowMs: number): number => {
      quiet.refused(undefined, nowMs);
      return quiet.untilMs() - nowMs;
    };
    expect([0, 1e6, 2e6, 3e6, 4e6, 5e6, 6e6].map(length)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    quiet.answered();
    expect(length(7e6)).toBe(1_000);
  });
});

describe('a hedge policy', () => {
  const OPTIONS = { share: 0.05, maxSaved: 2, minAnswers: 30 };

  it('never makes more than one extra request in twenty, whatever the answers take', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 50, maxLength: 600 }),
        (took) => {
          const policy = hedgePolicy(OPTIONS);
          let hedged = 0;
          for (const [at, tookMs] of took.entries()) {
            const delayMs = policy.asked('read');
            if (delayMs !== undefined && tookMs > delayMs && policy.hedged()) hedged += 1;
            policy.answered('read', tookMs);
            expect(hedged).toBeLessThanOrEqual((at + 1) * OPTIONS.share + 1e-9);
          }
        },
      ),
    );
  });

  it('finds the time that one in twenty answers exceeds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 500 }),
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        fc.infiniteStream(fc.double({ min: 0.001, max: 0.999, noNaN: true })),
        (medianMs, spread, draws) => {
          const policy = hedgePolicy(OPTIONS);
          let slower = 0;
          for (let at = 0; at < 3_000; at += 1) {
            const draw = draws.next().value as number;
            const tookMs = medianMs * Math.exp(spread * Math.log(draw / (1 - draw)));
            const delayMs = policy.asked('read');
            if (at >= 1_000 && delayMs !== undefined && tookMs > delayMs) slower += 1;
            policy.answered('read', tookMs);
          }
          expect(slower / 2_000).toBeGreaterThan(0.02);
          expect(slower / 2_000).toBeLessThan(0.09);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('gives the same saved request to one of several that are late at once', () => {
    const policy = hedgePolicy(OPTIONS);
    for (let at = 0; at < 60; at += 1) {
      policy.asked('read');
      policy.answered('read', 10);
    }
    const late = Array.from({ length: 10 }, () => policy.asked('read'));
    expect(late.every((delayMs) => delayMs !== undefined)).toBe(true);
    expect(late.filter(() => policy.hedged())).toHaveLength(2);
  });

  it('waits for thirty answers of a kind, and keeps kinds apart', () => {
    const policy = hedgePolicy(OPTIONS);
    for (let at = 0; at < 100; at += 1) {
      policy.asked('quick');
      policy.answered('quick', 10);
    }
    expect(policy.asked('quick')).toBeLessThan(30);
    expect(policy.asked('slow')).toBeUndefined();
    for (let at = 0; at < 29; at += 1) policy.answered('slow', 1_000);
    expect(policy.asked('slow')).toBeUndefined();
    policy.answered('slow', 1_000);
    expect(policy.asked('slow')).toBeGreaterThan(500);
  });
});

describe('an order of endpoints', () => {
  const step = fc.record({
    endpoint: fc.integer({ min: 0, max: 3 }),
    laterMs: fc.integer({ min: 0, max: 20_000 }),
    fails: fc.boolean(),
  });

  it('names every endpoint once, whatever happened', () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const order = endpointOrder({ endpoints: 4, failuresToDemote: 2, demotedMs: 30_000 });
        let nowMs = 0;
        for (const { endpoint, laterMs, fails } of steps) {
          nowMs += laterMs;
          if (fails) order.failed(endpoint, nowMs);
          else order.answered(endpoint);
          expect(new Set(order.at(nowMs))).toEqual(new Set([0, 1, 2, 3]));
          expect(order.at(nowMs)).toHaveLength(4);
        }
        expect(order.at(nowMs + 30_000)).toEqual([0, 1, 2, 3]);
      }),
    );
  });

  it('asks the next one first after two failures in a row, for half a minute', () => {
    const order = endpointOrder({ endpoints: 2, failuresToDemote: 2, demotedMs: 30_000 });
    order.failed(0, 0);
    expect(order.at(0)).toEqual([0, 1]);
    order.answered(0);
    order.failed(0, 0);
    expect(order.at(0)).toEqual([0, 1]);
    order.failed(0, 10);
    expect(order.at(10)).toEqual([1, 0]);
    expect(order.at(30_009)).toEqual([1, 0]);
    expect(order.at(30_010)).toEqual([0, 1]);
    // Tried again, and not yet better.
    order.failed(0, 30_011);
    expect(order.at(30_012)).toEqual([1, 0]);
    order.answered(0);
    expect(order.at(30_013)).toEqual([0, 1]);
  });
});

describe('a window of requests', () => {
  const request = fc.record({
    laterMs: fc.integer({ min: 0, max: 400 }),
    delayMs: fc.integer({ min: 0, max: 400 }),
  });

  it('holds at the other side too, however late requests arrive there', () => {
    fc.assert(
      fc.property(
        fc.array(request, { maxLength: 80 }),
        fc.integer({ min: 1, max: 6 }),
        (requests, limit) => {
          const window = requestWindow(1_000);
          const arrivedMs: number[] = [];
          const hints: number[] = [];
          const late: { atMs: number; answer: () => void }[] = [];
          let nowMs = 0;
          for (const { laterMs, delayMs } of requests) {
            nowMs += laterMs;
            for (const { answer } of late.filter(({ atMs }) => atMs <= nowMs)) answer();
            if (window.within(nowMs) >= limit) {
              hints.push(window.freeAtMs(limit, nowMs) - nowMs);
              continue;
            }
            const one = window.add(nowMs);
            const atMs = nowMs + delayMs;
            arrivedMs.push(atMs);
            late.push({ atMs, answer: () => window.answered(one, atMs) });
          }
          // Whoever waits until then does not look again in vain, nor spin.
          expect(Math.min(1, ...hints)).toBe(1);
          arrivedMs.sort((a, b) => a - b);
          for (const [at, atMs] of arrivedMs.entries()) {
            const within = arrivedMs.slice(0, at + 1).filter((other) => other > atMs - 1_000);
            expect(within.length).toBeLessThanOrEqual(limit);
          }
        },
      ),
    );
  });
});
