import { describe, expect, it } from 'vitest';

import { FaultDesk, faultSchema } from '#infra/local/market/http/fault-desk.ts';
import type { Upstream } from '#infra/local/market/http/upstream.ts';
import { Random } from '#infra/local/market/random.ts';

function aDesk(options: Partial<ConstructorParameters<typeof FaultDesk>[0]> = {}) {
  const clock = { nowMs: 1_000_000 };
  const now = () => clock.nowMs;
  const random = new Random('faults');
  const desk = new FaultDesk({ random, now, latency: {}, faults: 'none', ...options });
  const set = (fault: object) => desk.set(faultSchema.parse(fault));
  return { desk, clock, set };
}

/** How many of twenty thousand requests, one a second, go wrong. */
function failures(faults: 'none' | 'real'): number {
  const { desk, clock } = aDesk({ faults });
  return Array.from({ length: 20_000 }, () => {
    clock.nowMs += 1_000;
    return desk.fate('rugcheck', 'report').kind;
  }).filter((kind) => kind !== 'answer').length;
}

const delays = (desk: FaultDesk, upstream: Upstream, route: string) =>
  Array.from({ length: 4_000 }, () => desk.fate(upstream, route).delayMs).sort((a, b) => a - b);

describe('FaultDesk', () => {
  it.each([
    { upstream: 'rpc', route: 'getMultipleAccounts', p50: 25, p95: 60 },
    { upstream: 'rpc', route: 'getTokenLargestAccounts', p50: 90, p95: 400 },
    { upstream: 'rugcheck', route: 'report', p50: 390, p95: 720 },
    { upstream: 'jupiter', route: 'execute', p50: 900, p95: 2_000 },
  ] as const)(
    'takes as long as published for $upstream/$route',
    ({ upstream, route, p50, p95 }) => {
      const sorted = delays(aDesk().desk, upstream, route);
      expect(Math.abs((sorted[2_000] ?? 0) / p50 - 1)).toBeLessThan(0.08);
      expect(Math.abs((sorted[3_800] ?? 0) / p95 - 1)).toBeLessThan(0.15);
    },
  );

  it('gives every route the latency of the options', () => {
    const { desk } = aDesk({ latency: { medianMs: 150, sigma: 0 } });
    expect(desk.fate('rpc', 'getSlot').delayMs).toBeCloseTo(150);
    expect(desk.fate('jupiter', 'execute').delayMs).toBeCloseTo(150);
    expect(aDesk({ latency: { medianMs: 0 } }).desk.fate('rpc', 'getSlot').delayMs).toBe(0);
  });

  it('hits the upstream, route and share that a fault names', () => {
    const { desk, set } = aDesk();
    set({ upstream: 'jupiter', kind: '429', route: 'order', rate: 0.5, retryAfterSeconds: 7 });
    const kinds = Array.from({ length: 1_000 }, () => desk.fate('jupiter', 'order'));
    const limited = kinds.filter(({ kind }) => kind === '429');
    expect(limited.length).toBeGreaterThan(420);
    expect(limited.length).toBeLessThan(580);
    expect(limited[0]?.retryAfterSeconds).toBe(7);
    expect(desk.fate('jupiter', 'tokens').kind).toBe('answer');
    expect(desk.fate('rpc', 'order').kind).toBe('answer');
  });

  it('ends a fault by itself, or when told', () => {
    const { desk, clock, set } = aDesk();
    set({ upstream: 'rpc', kind: 'down', durationMs: 5_000 });
    set({ upstream: 'x', kind: 'hang' });
    expect(desk.fate('rpc', 'getSlot').kind).toBe('down');
    clock.nowMs += 5_001;
    expect(desk.fate('rpc', 'getSlot').kind).toBe('answer');
    expect(desk.fate('x', 'user').kind).toBe('hang');
    set({ upstream: 'x', kind: 'none' });
    expect(desk.fate('x', 'user').kind).toBe('answer');
  });

  it('slows down by factor or by milliseconds', () => {
    const { desk, set } = aDesk({ latency: { medianMs: 10, sigma: 0 } });
    set({ upstream: 'rpc', kind: 'slow', factor: 3 });
    set({ upstream: 'x', kind: 'slow', latencyMs: 500 });
    expect(desk.fate('rpc', 'getSlot').delayMs).toBeCloseTo(30);
    expect(desk.fate('x', 'user').delayMs).toBeCloseTo(510);
  });

  it('says how far a stale upstream lags', () => {
    const { desk, set } = aDesk();
    expect(desk.staleMs('jupiter')).toBe(0);
    set({ upstream: 'all', kind: 'stale', staleMs: 4_000 });
    expect(desk.staleMs('jupiter')).toBe(4_000);
    expect(desk.fate('jupiter', 'tokens').kind).toBe('answer');
  });

  it('fails by itself only when faults are real, and more often in bad spells', () => {
    expect(failures('none')).toBe(0);
    // Two in a hundred, and four in ten while a spell lasts: a fortieth of the time.
    expect(failures('real')).toBeGreaterThan(300);
    expect(failures('real')).toBeLessThan(1_600);
  });
});
