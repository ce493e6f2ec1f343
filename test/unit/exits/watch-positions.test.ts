import { describe, expect, it } from 'vitest';

import { giveUpOrphaned } from '#functions/exits/orphaned-buy.ts';
import { paperSell } from '#functions/exits/paper-sell.ts';
import { exitRules } from '#functions/exits/rules/index.ts';
import { type WatchDeps, watchPositions } from '#functions/exits/watch-positions.ts';
import type { TokenPrice } from '#shared/ports/price-feed.ts';
import type { QuoteAnswer, QuoteRequest } from '#shared/ports/quote-api.ts';
import type { Trade } from '#shared/domain/trade.ts';
import { balanceChange } from '#shared/domain/trade.ts';
import { handClock } from '../../support/hand-clock.ts';
import {
  emptyTrades,
  memoryTradeLedger,
  runningSwitch,
} from '../../support/memory-trade-ledger.ts';
import { scriptedQuotes, testQuote } from '../../support/quotes.ts';
import { NOON, testAddress, testIntent, testTrade } from '../../support/trades.ts';

const { signal } = new AbortController();
const STAKE = 100_000_000;
const TOKENS = 16_239_400_281;
const TERMS = {
  maxPriceImpactBps: 5_000,
  maxSlippageBps: 2_500,
  retryMs: 2_000,
  maxRetryMs: 300_000,
  stuckAfterTries: 3,
};
const BREAKERS = { maxLossesInRow: 2, maxDrawdownLamports: 10n ** 12n, cooldownMs: 60_000 };

/** A quote at so many times the entry price. */
const at =
  (multiple: number) =>
  (request: QuoteRequest): QuoteAnswer => {
    const outAmount = BigInt(Math.floor((Number(request.amount) / TOKENS) * STAKE * multiple));
    const over = { outAmount, minOutAmount: outAmount, networkLamports: 20_000n };
    return { kind: 'quoted', quote: testQuote(request, over) };
  };
const priced = (multiple: number, liquidityUsd?: number): TokenPrice => ({
  lamportsPerUnit: (STAKE / TOKENS) * multiple,
  liquidityUsd,
});

function world(trades: readonly Trade[], answers: Parameters<typeof scriptedQuotes> = [at(1)]) {
  const memory = emptyTrades();
  for (const trade of trades) {
    memory.rows.set(trade.mint, trade);
    memory.openPositions += 1;
    memory.spent.set('ledger#day#2026-11-20', 10n ** 12n);
  }
  const clock = handClock(NOON + 1_000);
  const quotes = scriptedQuotes(...answers);
  const ledger = memoryTradeLedger(memory, BREAKERS);
  const prices = new Map<string, TokenPrice>();
  const asked: string[][] = [];
  const sell = paperSell({ ledger, clock, quotes, pause: clock.pause, terms: TERMS });
  const deps: WatchDeps = {
    ledger,
    clock,
    quotes,
    terms: TERMS,
    rules: exitRules({ pulledLiquidityBps: 5_000 }),
    haltSwitch: { read: async () => memory.halt ?? runningSwitch, set: async () => {} },
    prices: {
      prices: async (mints) => {
        asked.push([...mints]);
        return new Map(
          mints.flatMap((mint) => {
            const price = prices.get(mint);
            return price === undefined ? [] : [[mint, price] as const];
          }),
        );
      },
    },
    sell: { paper: sell, live: sell },
    finishBuy: giveUpOrphaned({ ledger, clock, orphanedAfterMs: 110_000 }),
  };
  const row = (seed: number) => memory.rows.get(testAddress(seed));
  return { memory, clock, quotes, deps, prices, asked, row, ledger };
}

describe('watching positions', () => {
  it('asks nobody anything while nothing is held', async () => {
    const { deps, asked, quotes } = world([]);
    expect(await watchPositions(deps, signal)).toEqual({ watched: 0, events: [] });
    expect([asked, quotes.asked]).toEqual([[], []]);
  });

  it('prices all positions in one question, and sells nothing that no rule wants sold', async () => {
    const { deps, asked, quotes, prices, row } = world([
      testTrade('OPEN', 1),
      testTrade('OPEN', 2),
    ]);
    prices.set(testAddress(1), priced(1)).set(testAddress(2), priced(1.2));
    expect(await watchPositions(deps, signal)).toEqual({ watched: 2, events: [] });
    expect(asked).toEqual([[testAddress(1), testAddress(2)]]);
    expect(quotes.asked).toEqual([]);
    // A new high is remembered for the trailing stop.
    expect(row(2)).toMatchObject({ state: 'OPEN', highestMultipleBps: 12_000, version: 2 });
    expect(row(1)).toMatchObject({ version: 1 });
  });

  it('sells a part at a rung of the ladder, then the rest at the trailing stop, and counts all costs', async () => {
    const { deps, prices, row, memory } = world([testTrade('OPEN', 1)], [at(1.6), at(0.9)]);
    prices.set(testAddress(1), priced(1.6));
    await watchPositions(deps, signal);
    expect(row(1)).toMatchObject({
      state: 'OPEN',
      exits: [{ cause: 'take-profit', tokens: 6_495_760_112n, proceedsLamports: 63_979_999n }],
    });
    prices.set(testAddress(1), priced(0.9));
    await watchPositions(deps, signal);
    const closed = row(1);
    expect(closed).toMatchObject({ state: 'CLOSED', exits: [{}, { cause: 'trailing-stop' }] });
    expect(closed && balanceChange(closed)).toBe(63_979_999n + 53_980_000n - 102_100_000n);
    expect(memory.openPositions).toBe(0);
    expect(memory.results).toMatchObject({ closed: 1, won: 1, realizedLamports: 15_859_999n });
  });

  it('asks a quote for what the feed cannot price', async () => {
    const { deps, row } = world([testTrade('OPEN', 1)], [at(0.5)]);
    await watchPositions(deps, signal);
    expect(row(1)).toMatchObject({ state: 'CLOSED', exits: [{ cause: 'stop-loss' }] });
  });

  it('tries a sell again with more slippage, down to the floor, at growing pauses, and says STUCK', async () => {
    const refused: QuoteAnswer = { kind: 'refused', reason: 'no route' };
    const { deps, prices, clock, quotes, row } = world([testTrade('OPEN', 1)], [refused]);
    prices.set(testAddress(1), priced(0.5));
    await watchPositions(deps, signal);
    expect(row(1)).toMatchObject({ state: 'SELL_INTENT', sell: { tries: 1 } });
    await watchPositions(deps, signal);
    expect(quotes.asked).toHaveLength(1);
    clock.advance(2_000);
    await watchPositions(deps, signal);
    clock.advance(4_000);
    const { events } = await watchPositions(deps, signal);
    expect(row(1)).toMatchObject({ state: 'STUCK', reason: 'no route', sell: { tries: 3 } });
    expect(events).toMatchObject([{ outcome: { kind: 'waiting', trade: { state: 'STUCK' } } }]);
    // For ever: never given up, only further apart.
    for (let day = 0; day < 3; day += 1) {
      clock.advance(86_400_000);
      await watchPositions(deps, signal);
    }
    expect(row(1)).toMatchObject({ state: 'STUCK', sell: { tries: 6 } });
    expect(quotes.asked.map(({ slippageBps }) => slippageBps)).toEqual([
      300, 600, 1_200, 2_400, 2_500, 2_500,
    ]);
  });

  it('starts no sell while exits are halted, and goes on when they run again', async () => {
    const { deps, prices, memory, row } = world([testTrade('OPEN', 1), testTrade('STUCK', 2)]);
    prices.set(testAddress(1), priced(0.5));
    memory.halt = { ...runningSwitch, exits: 'halted' };
    await watchPositions(deps, signal);
    expect([row(1)?.state, row(2)?.state]).toEqual(['OPEN', 'STUCK']);
    memory.halt = { ...runningSwitch, buys: 'halted' };
    await watchPositions(deps, signal);
    expect([row(1)?.state, row(2)?.state]).toEqual(['CLOSED', 'CLOSED']);
  });

  it('gives up a claim that nobody has finished, and leaves a fresh one alone', async () => {
    const { deps, clock, row } = world([testTrade('BUY_INTENT', 1), testTrade('BUY_FAILED', 2)]);
    await watchPositions(deps, signal);
    expect([row(1)?.state, row(2)?.state]).toEqual(['BUY_INTENT', 'BUY_FAILED']);
    clock.advance(110_000);
    await watchPositions(deps, signal);
    expect(row(1)).toMatchObject({ state: 'ABANDONED', cause: 'stale' });
    expect(row(2)).toMatchObject({ state: 'ABANDONED' });
  });

  it('keeps looking at the others when one position fails', async () => {
    const { deps, row, prices } = world([testTrade('OPEN', 1), testTrade('OPEN', 2)]);
    prices.set(testAddress(1), priced(0.5)).set(testAddress(2), priced(0.5));
    const { move } = deps.ledger;
    const failing: WatchDeps = {
      ...deps,
      ledger: {
        ...deps.ledger,
        move: async (from, to, aborted) => {
          if (from.mint === testAddress(1)) throw new Error('table is gone');
          return move(from, to, aborted);
        },
      },
    };
    const { events } = await watchPositions(failing, signal);
    expect(events[0]?.outcome).toEqual({ kind: 'failed', what: 'Error: table is gone' });
    expect([row(1)?.state, row(2)?.state]).toEqual(['OPEN', 'CLOSED']);
  });

  it('stops buys by itself after losses in a row, and only a person lets them go on', async () => {
    const { deps, prices, memory, ledger } = world(
      [testTrade('OPEN', 1), testTrade('OPEN', 2)],
      [at(0.5)],
    );
    prices.set(testAddress(1), priced(0.5)).set(testAddress(2), priced(0.5));
    await watchPositions(deps, signal);
    expect(memory.results).toMatchObject({ lossesInRow: 2, tripped: '2 losing trades in a row' });
    const limits = { dailySpendLamports: 10n ** 15n, maxOpenPositions: 10 };
    const late = testIntent(3, { claimedAt: NOON + 86_400_000 });
    expect(await ledger.claim(late, limits, signal)).toEqual({
      outcome: 'refused',
      reason: 'breaker',
    });
  });
});
