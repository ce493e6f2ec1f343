import { beforeEach, describe, expect, it } from 'vitest';

import { type ExecuteDeps, execute } from '#functions/executor/execute.ts';
import { paperFill } from '#functions/executor/paper-fill.ts';
import { haltedBecause } from '#shared/domain/halt-state.ts';
import { dayKey } from '#shared/domain/trade-keys.ts';
import type { QuoteApi } from '#shared/ports/quote-api.ts';
import { type HandClock, handClock } from '../../support/hand-clock.ts';
import {
  type MemoryTrades,
  emptyTrades,
  memoryTradeLedger,
  runningSwitch,
} from '../../support/memory-trade-ledger.ts';
import { goodQuote, scriptedQuotes, unavailable } from '../../support/quotes.ts';
import { NOON, testIntent, testOrder, testTrade } from '../../support/trades.ts';

const { signal } = new AbortController();
const STAKE = 100_000_000n;
const LIMITS = { dailySpendLamports: 10n * STAKE, maxOpenPositions: 5 };

let memory: MemoryTrades;
let clock: HandClock;
beforeEach(() => {
  memory = emptyTrades();
  clock = handClock();
});

function depsWith(quotes: QuoteApi, over: Partial<ExecuteDeps> = {}): ExecuteDeps {
  const ledger = memoryTradeLedger(memory);
  return {
    ledger,
    haltSwitch: {
      read: async () => memory.halt ?? haltedBecause('never set'),
      set: async () => {
        throw new Error('the executor must not change the switch');
      },
    },
    clock,
    limits: LIMITS,
    maxDecisionAgeMs: 20_000,
    mode: 'paper',
    buy: paperFill({ ledger, quotes, clock, pause: clock.pause }),
    ...over,
  };
}

const noQuotes = scriptedQuotes();
const order = testOrder(1);
const row = () => memory.rows.get(order.mint);
const spentToday = () => memory.spent.get(dayKey(NOON)) ?? 0n;

describe('a decision to buy', () => {
  it('opens a paper trade at the quote, fees and rent in its cost', async () => {
    const outcome = await execute(depsWith(scriptedQuotes(goodQuote)), order, signal);
    expect(outcome).toMatchObject({ kind: 'opened' });
    expect(row()).toMatchObject({
      state: 'OPEN',
      mode: 'paper',
      look: order.look,
      version: 2,
      claimedAt: NOON + 200,
      entry: { costLamports: 102_100_000n, tokens: 16_239_400_281n, openedAt: NOON + 200 },
      quote: { inAmount: STAKE, router: 'metis', quotedAt: NOON + 200 },
      exits: [],
    });
    expect(spentToday()).toBe(STAKE);
    expect(memory.openPositions).toBe(1);
  });

  it('asks for the stake in SOL, whatever the pool is paired with, and names no taker', async () => {
    const quotes = scriptedQuotes(goodQuote);
    await execute(depsWith(quotes), order, signal);
    expect(quotes.asked).toEqual([
      {
        inputMint: 'So11111111111111111111111111111111111111112',
        outputMint: order.mint,
        amount: STAKE,
        slippageBps: 300,
      },
    ]);
  });

  it('is not claimed when it is too old', async () => {
    clock.advance(19_801);
    expect(await execute(depsWith(noQuotes), order, signal)).toEqual({
      kind: 'stale',
      ageMs: 20_001,
    });
    expect(row()).toBeUndefined();
    expect(memory.openPositions).toBe(0);
  });

  it('is carried out at the very end of its life', async () => {
    clock.advance(19_800);
    const outcome = await execute(depsWith(scriptedQuotes(goodQuote)), order, signal);
    expect(outcome.kind).toBe('opened');
  });

  it.each([
    ['halted', () => (memory.halt = { ...runningSwitch, buys: 'halted' })],
    ['halted', () => (memory.halt = undefined)],
    ['budget', () => memory.spent.set(dayKey(NOON), LIMITS.dailySpendLamports - STAKE + 1n)],
    ['positions', () => (memory.openPositions = LIMITS.maxOpenPositions)],
  ])('is refused by value: %s', async (reason, arrange) => {
    arrange();
    expect(await execute(depsWith(noQuotes), order, signal)).toEqual({ kind: 'refused', reason });
    expect(row()).toBeUndefined();
  });

  it('does nothing when it comes again', async () => {
    await execute(depsWith(scriptedQuotes(goodQuote)), order, signal);
    const before = row();
    expect(await execute(depsWith(noQuotes), order, signal)).toEqual({
      kind: 'duplicate',
      state: 'OPEN',
    });
    expect(row()).toBe(before);
  });

  it('does nothing for a mint that another decision has claimed, finished or not', async () => {
    memory.rows.set(order.mint, testIntent(1, { look: 'another#01' }));
    expect(await execute(depsWith(noQuotes), order, signal)).toEqual({
      kind: 'duplicate',
      state: 'BUY_INTENT',
    });
  });

  it('does not finish on paper what was claimed live', async () => {
    memory.rows.set(order.mint, testIntent(1, { mode: 'live' }));
    expect(await execute(depsWith(noQuotes), order, signal)).toMatchObject({ kind: 'duplicate' });
  });

  it('never buys again what was given up', async () => {
    memory.rows.set(order.mint, testTrade('ABANDONED', 1));
    expect(await execute(depsWith(noQuotes), order, signal)).toEqual({
      kind: 'duplicate',
      state: 'ABANDONED',
    });
  });

  it('is given up with the reason when the router refuses, and frees place and budget', async () => {
    const quotes = scriptedQuotes({ kind: 'refused', reason: 'Could not find any route' });
    expect(await execute(depsWith(quotes), order, signal)).toMatchObject({ kind: 'abandoned' });
    expect(row()).toMatchObject({
      state: 'ABANDONED',
      cause: 'quote-refused',
      reason: 'Could not find any route',
    });
    expect(spentToday()).toBe(0n);
    expect(memory.openPositions).toBe(0);
  });

  it('is given up when the quote stays away', async () => {
    const outcome = await execute(depsWith(scriptedQuotes(unavailable())), order, signal);
    expect(outcome).toMatchObject({ kind: 'abandoned', trade: { cause: 'quote-unavailable' } });
    expect(memory.openPositions).toBe(0);
  });

  it('is given up when the quote takes until the decision is old', async () => {
    clock.advance(19_000);
    const quotes = scriptedQuotes((request) => {
      clock.advance(1_500);
      return goodQuote(request);
    });
    const outcome = await execute(depsWith(quotes), order, signal);
    expect(outcome).toMatchObject({ kind: 'abandoned', trade: { cause: 'stale' } });
  });
});

describe('a redelivery after a crash between claim and fill', () => {
  const crash: QuoteApi = {
    quote: async () => {
      throw new Error('the process died');
    },
  };
  beforeEach(async () => {
    await execute(depsWith(crash), order, signal).catch(() => 'died');
  });

  it('finds the claim that was left behind', () => {
    expect(row()?.state).toBe('BUY_INTENT');
    expect(memory.openPositions).toBe(1);
  });

  it('finishes the trade that is there, with one place and one stake', async () => {
    clock.advance(3_000);
    const outcome = await execute(depsWith(scriptedQuotes(goodQuote)), order, signal);
    expect(outcome.kind).toBe('opened');
    expect(row()).toMatchObject({ state: 'OPEN', claimedAt: NOON + 200, version: 2 });
    expect(spentToday()).toBe(STAKE);
    expect(memory.openPositions).toBe(1);
  });

  it('gives the trade up when the decision has got old, and frees what it held', async () => {
    clock.advance(30_000);
    const outcome = await execute(depsWith(noQuotes), order, signal);
    expect(outcome).toMatchObject({ kind: 'abandoned', trade: { cause: 'stale' } });
    expect(spentToday()).toBe(0n);
    expect(memory.openPositions).toBe(0);
  });

  it.each([
    ['was thrown meanwhile', { ...runningSwitch, buys: 'halted' as const }],
    ['cannot be read', undefined],
  ])('gives the trade up when the halt switch %s', async (_when, halt) => {
    memory.halt = halt;
    const outcome = await execute(depsWith(noQuotes), order, signal);
    expect(outcome).toMatchObject({ kind: 'abandoned', trade: { cause: 'halted' } });
    expect(memory.openPositions).toBe(0);
  });

  it('stands back when another invocation was faster', async () => {
    const quotes = scriptedQuotes((request) => {
      memory.rows.set(order.mint, testTrade('OPEN', 1, { version: 2 }));
      return goodQuote(request);
    });
    expect(await execute(depsWith(quotes), order, signal)).toEqual({ kind: 'superseded' });
  });
});
