import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isFault } from '#shared/domain/fault.ts';
import type { BudgetStore } from '#shared/ports/budget-store.ts';
import {
  type BudgetLedger,
  budgetShape,
  EMPTY_LEDGER,
  grantBudget,
} from '#shared/upstream/budget-ledger.ts';
import { sharedBudget } from '#shared/upstream/shared-budget.ts';
import { memoryBudgetStore } from '../support/memory-budget-store.ts';
import { type VirtualTime, virtualTime } from '../support/virtual-time.ts';

/** The most that were made within any window of this length. */
function busiest(madeMs: readonly number[], windowMs: number): number {
  const inOrder = [...madeMs].sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [last, atMs] of inOrder.entries()) {
    while ((inOrder[first] ?? atMs) + windowMs <= atMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

describe('a ledger of a budget', () => {
  const ask = fc.record({
    holder: fc.integer({ min: 0, max: 30 }).map((name) => `h${name}`),
    wanted: fc.integer({ min: 1, max: 80 }),
    laterMs: fc.integer({ min: 0, max: 8_000 }),
  });

  it('never deals out more than there is, and each its part as soon as it can', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 2, max: 25 }),
        fc.array(ask, { maxLength: 60 }),
        (requestsPerSecond, members, asks) => {
          const shape = budgetShape(requestsPerSecond, members);
          let ledger: BudgetLedger = EMPTY_LEDGER;
          let nowMs = 0;
          for (const { holder, wanted, laterMs } of asks) {
            nowMs += laterMs;
            const grant = grantBudget(ledger, shape, { holder, wanted, nowMs, leaseMs: 15_000 });
            ({ ledger } = grant);
            const live = Object.values(ledger.holders).reduce((sum, { units }) => sum + units, 0);
            const cooling = ledger.cooling.reduce((sum, { units }) => sum + units, 0);
            expect(live + cooling).toBeLessThanOrEqual(shape.units);
            expect(grant.units).toBeLessThanOrEqual(wanted);
            expect(grant.units).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });

  it('gives each of the members its part, if all of them ask', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 200, noNaN: true }),
        fc.integer({ min: 2, max: 40 }),
        (requestsPerSecond, members) => {
          const shape = budgetShape(requestsPerSecond, members);
          expect(shape.units / (shape.windowMs / 1_000)).toBeLessThanOrEqual(
            requestsPerSecond + 1e-9,
          );
          let ledger: BudgetLedger = EMPTY_LEDGER;
          for (let member = 0; member < members; member += 1) {
            const holder = `h${member}`;
            const grant = grantBudget(ledger, shape, {
              holder,
              wanted: shape.guaranteed,
              nowMs: 0,
              leaseMs: 15_000,
            });
            ({ ledger } = grant);
            expect(grant.units).toBe(shape.guaranteed);
          }
        },
      ),
    );
  });
});

type Client = {
  readonly startMs: number;
  /** When it dies without a word; never, when beyond the end. */
  readonly endMs: number;
  readonly offMs: number;
  /** How long each of its requests takes. */
  readonly busyMs: number;
  /** By how much they are late where they go to. */
  readonly maxDelayMs: number;
};

type World = {
  readonly requestsPerSecond: number;
  readonly members: number;
  readonly forMs: number;
  readonly clients: readonly Client[];
  readonly store?: (time: VirtualTime) => BudgetStore;
};

/** Clients that ask as fast as they may, each in its own process; when their requests were made. */
async function live({ requestsPerSecond, members, forMs, clients, store }: World) {
  const time = virtualTime();
  const startMs = time.now();
  const memory = memoryBudgetStore(time);
  const madeMs: number[] = [];
  const each = clients.map(() => 0);
  const ending = new AbortController();
  const run = async (client: Client, index: number): Promise<void> => {
    const { signal } = ending;
    await time.pause(client.startMs, signal);
    const clock = time.offBy(client.offMs);
    const budget = sharedBudget(
      { upstream: 'x', requestsPerSecond, members, holder: `h${index}` },
      { store: store?.(time) ?? memory, clock, pause: time.pause },
    );
    while (time.now() < startMs + client.endMs) {
      const leave = await budget.take(signal, Infinity);
      // Requests are late by turns: the first most of all, since it has to connect.
      const delayMs = each[index] === 0 ? 150 : ((each[index] ?? 0) * 37) % (client.maxDelayMs + 1);
      await time.pause(delayMs, signal);
      madeMs.push(time.now());
      each[index] = (each[index] ?? 0) + 1;
      await time.pause(client.busyMs, signal);
      leave.answered();
    }
  };
  const all = Promise.allSettled(clients.map(run));
  await time.run(forMs);
  ending.abort();
  await all;
  return { madeMs, each, counts: memory.counts, startMs };
}

const eager = (changes: Partial<Client> = {}): Client => ({
  startMs: 0,
  endMs: Infinity,
  offMs: 0,
  busyMs: 5,
  maxDelayMs: 20,
  ...changes,
});

describe('a shared budget', () => {
  it('is used by twenty at full speed, and never exceeded, with few writes', async () => {
    const { madeMs, each, counts } = await live({
      requestsPerSecond: 50,
      members: 20,
      forMs: 30_000,
      clients: Array.from({ length: 20 }, (_, at) => eager({ busyMs: 5 + at })),
    });
    expect(busiest(madeMs, 1_000)).toBeLessThanOrEqual(50);
    expect(madeMs.length).toBeGreaterThanOrEqual(0.9 * 50 * 30);
    expect(counts.writes * 12).toBeLessThan(madeMs.length);
    expect(Math.min(...each)).toBeGreaterThan(30);
  });

  it('lets one alone have half of it, and leaves the rest to whoever comes', async () => {
    const { each, madeMs } = await live({
      requestsPerSecond: 50,
      members: 20,
      forMs: 30_000,
      clients: [eager(), ...Array.from({ length: 19 }, () => eager({ startMs: 15_000 }))],
    });
    expect(each[0]).toBeGreaterThan(15 * 20);
    // Everybody who came late has a fair part of what was left.
    expect(Math.min(...each)).toBeGreaterThan(12);
    expect(busiest(madeMs, 1_000)).toBeLessThanOrEqual(50);
  });

  const client = fc.record({
    startMs: fc.integer({ min: 0, max: 15_000 }),
    endMs: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1_000, max: 25_000 })),
    offMs: fc.integer({ min: -600_000, max: 600_000 }),
    busyMs: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 3_000 })),
    maxDelayMs: fc.integer({ min: 0, max: 150 }),
  });

  it(
    'holds whatever their clocks say, whoever comes, goes or dies',
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 2, max: 60 }),
          fc.integer({ min: 2, max: 12 }),
          fc.array(client, { minLength: 1, maxLength: 14 }),
          async (requestsPerSecond, members, clients) => {
            const shape = budgetShape(requestsPerSecond, members);
            const { madeMs } = await live({ requestsPerSecond, members, forMs: 40_000, clients });
            expect(busiest(madeMs, shape.windowMs)).toBeLessThanOrEqual(shape.units);
          },
        ),
        { numRuns: 40 },
      );
    },
  );

  it('comes back when its holders died without a word', async () => {
    const dead = Array.from({ length: 10 }, () => eager({ endMs: 2_000 }));
    const { each } = await live({
      requestsPerSecond: 10,
      members: 10,
      forMs: 40_000,
      clients: [...dead, ...Array.from({ length: 10 }, () => eager({ startMs: 3_000 }))],
    });
    expect(Math.min(...each.slice(10))).toBeGreaterThan(10);
  });

  it('fails a question at once that would wait past its deadline', async () => {
    const time = virtualTime();
    const store = memoryBudgetStore(time);
    const budget = sharedBudget(
      { upstream: 'x', requestsPerSecond: 1, members: 2, holder: 'me' },
      { store, clock: time, pause: time.pause },
    );
    const never = new AbortController().signal;
    await budget.take(never, Infinity);
    const before = time.now();
    const fault = await budget.take(never, before + 1_000).catch((error: unknown) => error);
    expect(isFault(fault) && fault.message).toContain('budget of 1 requests a second is used up');
    expect(time.now()).toBe(before);
  });

  it('goes on with its part when the table cannot be reached, and says so when it may not', async () => {
    const time = virtualTime();
    const store: BudgetStore = {
      read: async () => {
        throw new Error('no table');
      },
      write: async () => {
        throw new Error('never read');
      },
      extend: async () => {
        throw new Error('never read');
      },
    };
    const budget = sharedBudget(
      { upstream: 'x', requestsPerSecond: 50, members: 20, holder: 'me' },
      { store, clock: time, pause: time.pause },
    );
    const never = new AbortController().signal;
    const asked = budget.take(never, time.now() + 700).catch((error: unknown) => error);
    await time.run(1_000);
    const fault = await asked;
    expect(isFault(fault) && fault.message).toContain('no table');
  });

  it('holds nothing after a long sleep: others may have it by then', async () => {
    const time = virtualTime();
    const budget = sharedBudget(
      { upstream: 'x', requestsPerSecond: 50, members: 2, holder: 'me' },
      { store: memoryBudgetStore(time), clock: time, pause: time.pause },
    );
    await budget.take(new AbortController().signal, Infinity);
    await time.run(19_000);
    expect(budget.takeNow()).toBeDefined();
    await time.run(21_000);
    expect(budget.takeNow()).toBeUndefined();
  });

  it('ends its waiting with the signal', async () => {
    const time = virtualTime();
    const ending = new AbortController();
    const budget = sharedBudget(
      { upstream: 'x', requestsPerSecond: 1, members: 2, holder: 'me' },
      { store: memoryBudgetStore(time), clock: time, pause: time.pause },
    );
    await budget.take(ending.signal, Infinity);
    const waiting = budget.take(ending.signal, Infinity);
    ending.abort(new Error('over'));
    await expect(waiting).rejects.toThrow('over');
  });
});
