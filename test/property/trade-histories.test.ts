import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type ExecuteDeps, execute } from '#functions/executor/execute.ts';
import { paperFill } from '#functions/executor/paper-fill.ts';
import { haltedBecause } from '#shared/domain/halt-state.ts';
import { dayKey } from '#shared/domain/trade-keys.ts';
import { OCCUPYING_STATES } from '#shared/domain/trade-states.ts';
import { mayMove } from '#shared/domain/trade.ts';
import type { QuoteAnswer, QuoteApi } from '#shared/ports/quote-api.ts';
import type { TradeLedger } from '#shared/ports/trade-ledger.ts';
import { handClock } from '../support/hand-clock.ts';
import {
  type MemoryTrades,
  emptyTrades,
  memoryTradeLedger,
  runningSwitch,
} from '../support/memory-trade-ledger.ts';
import { goodQuote, unavailable } from '../support/quotes.ts';
import { NOON, testAddress, testOrder, testPlan } from '../support/trades.ts';

const MAX_AGE_MS = 20_000;
/** Amounts are small so that caps are met: what is tested is counting. */
const LIMITS = { dailySpendLamports: 35n, maxOpenPositions: 3 };

/** One delivery of a decision, and what befalls it. */
type Delivery = {
  readonly mint: number;
  readonly look: number;
  readonly stake: bigint;
  /** The process dies at this call to the outside; never when larger than the calls made. */
  readonly diesAtCall: number;
  /** Whether what it called had happened when it died. */
  readonly diesAfter: boolean;
  readonly quote: 'good' | 'refused' | 'unavailable' | 'empty';
};
type Step =
  | { readonly kind: 'deliver'; readonly at: readonly Delivery[] }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'halt'; readonly buys: 'running' | 'halted' | 'missing' }
  | { readonly kind: 'close' };

const delivery: fc.Arbitrary<Delivery> = fc.record({
  mint: fc.nat(4),
  look: fc.integer({ min: 1, max: 2 }),
  stake: fc.bigInt({ min: 1n, max: 40n }),
  diesAtCall: fc.oneof(fc.nat(4), fc.constant(99)),
  diesAfter: fc.boolean(),
  quote: fc.constantFrom('good', 'good', 'refused', 'unavailable', 'empty'),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      // Several at once: duplicates, and the records of ten batches side by side.
      at: fc.array(delivery, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(50_000_000) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(6_000) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('halt' as const),
      buys: fc.constantFrom('running', 'halted', 'missing'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const) }) },
);

const ANSWERS = {
  good: goodQuote,
  refused: (): QuoteAnswer => ({ kind: 'refused', reason: 'no route' }),
  unavailable: () => unavailable(),
  empty: (request: Parameters<typeof goodQuote>[0]) => {
    const answer = goodQuote(request);
    return answer.kind === 'quoted'
      ? { ...answer, quote: { ...answer.quote, outAmount: 0n } }
      : answer;
  },
};

/** Counts the calls that one delivery makes to the outside, and kills it at one of them. */
function mortal({ diesAtCall, diesAfter }: Delivery) {
  let calls = 0;
  return async <Result>(call: () => Promise<Result>): Promise<Result> => {
    const fatal = calls === diesAtCall;
    calls += 1;
    // Others run in between, as they do when each call takes its time.
    await Promise.resolve();
    if (fatal && !diesAfter) throw new Error('died before the call');
    const result = await call();
    if (fatal) throw new Error('died after the call');
    return result;
  };
}

/** Runs one history and checks, after each write, what must always hold. */
async function runHistory(steps: readonly Step[]): Promise<MemoryTrades> {
  const memory = emptyTrades();
  const clock = handClock(NOON);
  const store = memoryTradeLedger(memory);
  const { signal } = new AbortController();
  const claims = new Map<string, number>();
  const opened = new Map<string, number>();
  const decidedAt = new Map<string, number>();
  /** Looks that claimed, each with the age of its decision at that moment. */
  const claimAges: number[] = [];
  const violations: string[] = [];

  const ledgerFor = (live: ReturnType<typeof mortal>): TradeLedger => ({
    find: async (mint) => live(async () => store.find(mint, signal)),
    occupying: store.occupying,
    results: store.results,
    claim: async (intent, limits) =>
      live(async () => {
        const result = await store.claim(intent, limits, signal);
        if (result.outcome === 'claimed') {
          claims.set(intent.mint, (claims.get(intent.mint) ?? 0) + 1);
          claimAges.push(clock.now() - intent.decidedAt);
          if (memory.halt?.buys !== 'running') violations.push('claimed while halted');
        }
        checkBooks(memory);
        return result;
      }),
    move: async (from, to) =>
      live(async () => {
        const before = memory.rows.get(from.mint);
        const result = await store.move(from, to, signal);
        if (result.outcome === 'moved') {
          if (before === undefined || !mayMove(before.state, to.state)) {
            violations.push(`moved from ${before?.state} to ${to.state}`);
          }
          if (to.state === 'OPEN') opened.set(to.mint, (opened.get(to.mint) ?? 0) + 1);
        }
        checkBooks(memory);
        return result;
      }),
  });

  const deliver = async (each: Delivery): Promise<void> => {
    const live = mortal(each);
    const quotes: QuoteApi = {
      quote: async (request) => live(async () => ANSWERS[each.quote](request)),
    };
    const ledger = ledgerFor(live);
    const deps: ExecuteDeps = {
      ledger,
      haltSwitch: {
        read: async () => live(async () => memory.halt ?? haltedBecause('missing')),
        set: async () => {},
      },
      clock,
      limits: LIMITS,
      maxDecisionAgeMs: MAX_AGE_MS,
      mode: 'paper',
      buy: paperFill({ ledger, quotes, clock, pause: clock.pause }),
    };
    // A decision is made once; its redeliveries carry the same time and the same plan.
    const look = `${testAddress(1_000 + each.mint)}#0${each.look}`;
    const made = decidedAt.get(`${each.mint} ${look}`) ?? clock.now();
    decidedAt.set(`${each.mint} ${look}`, made);
    const order = testOrder(each.mint, {
      look,
      decidedAt: made,
      plan: testPlan({ stakeLamports: each.stake }),
    });
    try {
      await execute(deps, order, signal);
    } catch (error) {
      // Only a death may end a delivery early.
      if (!String(error).includes('died')) violations.push(String(error));
    }
  };

  for (const each of steps) {
    switch (each.kind) {
      case 'deliver':
        await Promise.all(each.at.map(deliver));
        break;
      case 'wait':
        clock.advance(each.ms);
        break;
      case 'halt':
        memory.halt = each.buys === 'missing' ? undefined : { ...runningSwitch, buys: each.buys };
        break;
      case 'close':
        await closeOne(memory, store, signal);
    }
  }
  expect(violations).toEqual([]);
  for (const [mint, count] of claims) expect(`${mint} ${count}`).toBe(`${mint} 1`);
  // Pauses of others may pass between reading the clock and writing, but those are short.
  for (const age of claimAges) expect(age).toBeLessThanOrEqual(MAX_AGE_MS + 4_000);
  for (const [mint, count] of opened) expect(`${mint} ${count}`).toBe(`${mint} 1`);
  return memory;
}

/** What the exits will do: a position is sold, and its place is free again. */
async function closeOne(
  memory: MemoryTrades,
  store: TradeLedger,
  signal: AbortSignal,
): Promise<void> {
  const held = [...memory.rows.values()].find((trade) => trade.state === 'OPEN');
  if (held === undefined) return;
  const sell = { cause: 'max-hold', tokens: held.entry.tokens, step: null } as const;
  const selling = await store.move(held, { ...held, state: 'SELL_INTENT', sell }, signal);
  if (selling.outcome === 'superseded') return;
  const { sell: _done, ...rest } = selling.trade;
  await store.move(selling.trade, { ...rest, state: 'CLOSED', closedAt: held.updatedAt }, signal);
  checkBooks(memory);
}

/** The books say what the rows say, and neither is ever over a limit. */
function checkBooks(memory: MemoryTrades): void {
  const trades = [...memory.rows.values()];
  const holding = trades.filter(({ state }) => OCCUPYING_STATES.has(state));
  expect(memory.openPositions).toBe(holding.length);
  expect(memory.openPositions).toBeLessThanOrEqual(LIMITS.maxOpenPositions);
  const spent = new Map<string, bigint>();
  for (const trade of trades.filter(({ state }) => state !== 'ABANDONED')) {
    const day = dayKey(trade.claimedAt);
    spent.set(day, (spent.get(day) ?? 0n) + trade.plan.stakeLamports);
  }
  for (const [day, amount] of memory.spent) {
    expect(amount).toBe(spent.get(day) ?? 0n);
    expect(amount <= LIMITS.dailySpendLamports).toBe(true);
  }
}

describe('histories of deliveries, duplicates, crashes and halts', () => {
  it('never buy a mint twice, never spend or hold more than allowed', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        const memory = await runHistory(steps);
        for (const { state } of memory.rows.values()) seen.add(state);
      }),
      { numRuns: 1_500 },
    );
    // The histories are worth something only if they get everywhere.
    expect([...seen].toSorted()).toEqual(['ABANDONED', 'BUY_INTENT', 'CLOSED', 'OPEN']);
  });

  it('leave nothing half done once a healthy redelivery has come', async () => {
    await fc.assert(
      fc.asyncProperty(delivery, fc.nat(60_000), async (crashing, waitMs) => {
        const healthy = { ...crashing, diesAtCall: 99 };
        const steps: Step[] = [
          { kind: 'deliver', at: [crashing] },
          { kind: 'wait', ms: waitMs },
          { kind: 'deliver', at: [healthy] },
        ];
        const memory = await runHistory(steps);
        const states = [...memory.rows.values()].map(({ state }) => state);
        expect(states).not.toContain('BUY_INTENT');
      }),
      { numRuns: 1_000 },
    );
  });
});
