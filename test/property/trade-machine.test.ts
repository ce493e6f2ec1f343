import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type ExecuteDeps, execute } from '#functions/executor/execute.ts';
import { liveFill } from '#functions/executor/live-fill.ts';
import { finishLiveBuy } from '#functions/exits/finish-live-buy.ts';
import { liveSell } from '#functions/exits/live-sell.ts';
import { exitRules } from '#functions/exits/rules/index.ts';
import { type WatchDeps, watchPositions } from '#functions/exits/watch-positions.ts';
import { haltedBecause } from '#shared/domain/halt-state.ts';
import { dayKey } from '#shared/domain/trade-keys.ts';
import { type Trade, balanceChange, mayMove } from '#shared/domain/trade.ts';
import type { QuoteApi } from '#shared/ports/quote-api.ts';
import type { Signer } from '#shared/ports/signer.ts';
import type { SwapChain } from '#shared/ports/swap-chain.ts';
import type { TradeLedger } from '#shared/ports/trade-ledger.ts';
import { FakeChain, START_MS, WALLET, type Weather, ownAccount } from '../support/fake-chain.ts';
import { handClock } from '../support/hand-clock.ts';
import { emptyTrades, memoryTradeLedger, runningSwitch } from '../support/memory-trade-ledger.ts';
import { testAddress, testOrder, testPlan } from '../support/trades.ts';

/** 2,000 in every run; `VOLLEY_HISTORIES=100000` for a long one. */
const HISTORIES = Number(process.env['VOLLEY_HISTORIES'] ?? 2_000);
const MAX_AGE_MS = 20_000;
const LIMITS = { dailySpendLamports: 3_500n, maxOpenPositions: 3 };
const STAKE = 1_000n;
const BREAKERS = { maxLossesInRow: 4, maxDrawdownLamports: 5_000n, cooldownMs: 0 };
const TERMS = {
  maxPriceImpactBps: 5_000,
  maxSlippageBps: 2_500,
  retryMs: 2_000,
  maxRetryMs: 60_000,
  stuckAfterTries: 3,
};
const HOLD_SECONDS = 60;

/** One invocation, and at which of its calls to the outside it dies; 999 for never. */
type Death = { readonly at: number; readonly after: boolean };
type Step =
  | {
      readonly kind: 'deliver';
      readonly to: readonly { mint: number; look: number; death: Death }[];
    }
  | { readonly kind: 'look'; readonly deaths: readonly Death[] }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'halt'; readonly buys: boolean; readonly exits: boolean }
  | { readonly kind: 'price'; readonly price: number }
  | { readonly kind: 'weather'; readonly weather: Sky };
type Sky = {
  readonly lossPercent: number;
  readonly delays: readonly number[];
  readonly failPercent: number;
  readonly lagMs: readonly [number, number];
  readonly firstLies: boolean;
  readonly nodeFailPercent: number;
  readonly simulationFailPercent: number;
};

const death: fc.Arbitrary<Death> = fc.record({
  at: fc.oneof({ weight: 3, arbitrary: fc.nat(40) }, { weight: 2, arbitrary: fc.constant(999) }),
  after: fc.boolean(),
});
const sky: fc.Arbitrary<Sky> = fc.record({
  lossPercent: fc.constantFrom(0, 30, 80, 100),
  delays: fc.array(fc.oneof(fc.nat(3_000), fc.nat(80_000)), { minLength: 1, maxLength: 5 }),
  failPercent: fc.constantFrom(0, 0, 30, 100),
  lagMs: fc.tuple(
    fc.constantFrom(0, 0, 5_000, 100_000, 600_000),
    fc.constantFrom(0, 0, 5_000, 100_000, 600_000),
  ),
  firstLies: fc.boolean(),
  nodeFailPercent: fc.constantFrom(0, 0, 20, 100),
  simulationFailPercent: fc.constantFrom(0, 0, 30, 100),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      to: fc.array(fc.record({ mint: fc.nat(4), look: fc.integer({ min: 1, max: 2 }), death }), {
        minLength: 1,
        maxLength: 4,
      }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('look' as const),
      // Two at once: the schedule starts the next one while the last is still at it.
      deaths: fc.array(death, { minLength: 1, maxLength: 2 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.oneof(fc.nat(3_000), fc.nat(120_000)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('weather' as const), weather: sky }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('price' as const),
      price: fc.constantFrom(0, 300, 700, 1_000, 1_600, 3_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('halt' as const),
      buys: fc.boolean(),
      exits: fc.boolean(),
    }),
  },
);

/** Numbers below 100 in a fixed but jumbled order: what happens is the history's, and repeatable. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % 100;
  };
}

const weatherOf = (of: Sky, roll: () => number): Weather => ({
  delayMs: () => (roll() < of.lossPercent ? undefined : of.delays[roll() % of.delays.length]),
  failsOnChain: () => roll() < of.failPercent,
  lagMs: of.lagMs,
  firstLies: of.firstLies,
  nodeFails: () => roll() < of.nodeFailPercent,
  simulationFails: () => roll() < of.simulationFailPercent,
});
const CLEAR: Sky = {
  lossPercent: 0,
  delays: [300],
  failPercent: 0,
  lagMs: [0, 0],
  firstLies: false,
  nodeFailPercent: 0,
  simulationFailPercent: 0,
};

class Died extends Error {}

/** Runs one history on a chain of its own; gives back the states that it came through. */
async function runHistory(steps: readonly Step[], seed: number): Promise<Set<string>> {
  const roll = dice(seed);
  const clock = handClock(START_MS);
  const memory = emptyTrades();
  const store = memoryTradeLedger(memory, BREAKERS);
  const { signal } = new AbortController();
  const violations: string[] = [];
  const seen = new Set<string>();
  const stored = new Set<string>();
  /** Every transaction ever sent, by its signature. */
  const sent = new Map<string, { transaction: string; mint: string; side: string }>();
  let price = 1_000n;

  const chain = new FakeChain(clock, weatherOf(CLEAR, roll), (transaction, signature) => {
    if (!stored.has(signature)) violations.push('sent before it was stored');
    if (sent.has(signature)) return;
    const { swap } = JSON.parse(Buffer.from(transaction, 'base64').toString()) as {
      swap: { mint: string; side: string };
    };
    for (const other of sent.values()) {
      const same = other.mint === swap.mint && other.side === swap.side;
      if (same && swap.side === 'buy' && !chain.isDead(other.transaction)) {
        violations.push('another buy was sent while one could still land');
      }
    }
    sent.set(signature, { transaction, mint: swap.mint, side: swap.side });
  });

  /** An invocation: it dies at one of its calls, and each call takes a moment. */
  const invocation = ({ at, after }: Death) => {
    let calls = 0;
    let dead = false;
    const live = async <Result>(call: () => Promise<Result>): Promise<Result> => {
      // Whatever else the dead process had begun comes to nothing.
      if (dead) throw new Died();
      const fatal = calls === at;
      calls += 1;
      await Promise.resolve();
      if (fatal && !after) {
        dead = true;
        throw new Died();
      }
      clock.advance(5);
      chain.settle();
      const result = await call();
      if (fatal) {
        dead = true;
        throw new Died();
      }
      return result;
    };
    const ledger: TradeLedger = {
      find: async (mint) => live(async () => store.find(mint, signal)),
      occupying: async () => live(async () => store.occupying(signal)),
      results: async () => live(async () => store.results(signal)),
      claim: async (intent, limits) => live(async () => store.claim(intent, limits, signal)),
      move: async (from, to) =>
        live(async () => {
          const before = memory.rows.get(from.mint);
          const result = await store.move(from, to, signal);
          if (result.outcome === 'moved') {
            seen.add(to.state);
            if (before === undefined || !mayMove(before.state, to.state)) {
              violations.push(`moved from ${before?.state} to ${to.state}`);
            }
            const next: Trade = to;
            if (next.state === 'BUY_SIGNED') {
              if (next.inFlight.attempt > 3) violations.push('a fourth attempt');
              // Others' calls may come between the look at the clock and the write.
              if (clock.now() > next.decidedAt + MAX_AGE_MS + 3_000)
                violations.push('signed stale');
            }
            const isAgain = to.state === 'BUY_INTENT' && before?.state !== 'BUY_INTENT';
            if (isAgain && memory.halt?.buys !== 'running') violations.push('again while halted');
            if ('inFlight' in to) stored.add(to.inFlight.signature);
          }
          return result;
        }),
    };
    const real = chain.swapChain();
    const swapChain: SwapChain = {
      ...real,
      read: async (...args) => live(async () => real.read(...args)),
      simulate: async (...args) => live(async () => real.simulate(...args)),
      send: async (...args) => live(async () => real.send(...args)),
      answer: async (...args) => live(async () => real.answer(...args)),
      holding: async (...args) => live(async () => real.holding(...args)),
    };
    const quotes: QuoteApi = {
      quote: async (request) => live(async () => chain.quote(request, price)),
    };
    const signer: Signer = {
      address: WALLET,
      sign: async (message) => live(async () => message),
    };
    const shared = {
      ledger,
      quotes,
      clock,
      pause: clock.pause,
      chain: swapChain,
      signer: async () => signer,
      accounts: (_wallet: unknown, mint: Parameters<typeof ownAccount>[0]) => [ownAccount(mint)],
      maxPriorityLamports: 0n,
      executor: {
        execute: async ({ transaction }: { transaction: string }) =>
          live(async () => {
            chain.send(transaction);
            return { kind: 'again' as const, reason: '' };
          }),
      },
      haltSwitch: {
        read: async () => live(async () => memory.halt ?? haltedBecause('missing')),
        set: async () => {},
      },
      patienceMs: 3_000,
      maxAttempts: 3,
      terms: TERMS,
      orphanedAfterMs: 110_000,
    };
    return shared;
  };

  /** Only a death, or a node that does not answer, may end an invocation early. */
  const survive = async (work: Promise<unknown>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      const expected = error instanceof Died || String(error).includes('node does not answer');
      if (!expected) violations.push(String(error));
    }
  };

  const decidedAt = new Map<string, number>();
  const deliver = async (mint: number, look: number, fate: Death): Promise<void> => {
    const shared = invocation(fate);
    const deps: ExecuteDeps = {
      ...shared,
      limits: LIMITS,
      maxDecisionAgeMs: MAX_AGE_MS,
      mode: 'live',
      buy: liveFill(shared),
    };
    const key = `${mint} ${look}`;
    const made = decidedAt.get(key) ?? clock.now();
    decidedAt.set(key, made);
    const plan = testPlan({ stakeLamports: STAKE, maxHoldSeconds: HOLD_SECONDS });
    const order = testOrder(mint, {
      look: `${testAddress(1_000 + mint)}#0${look}`,
      decidedAt: made,
      plan,
    });
    await survive(execute(deps, order, signal));
  };

  const look = async (fate: Death): Promise<void> => {
    const shared = invocation(fate);
    const sell = liveSell(shared);
    const deps: WatchDeps = {
      ...shared,
      prices: { prices: async () => new Map() },
      rules: exitRules({ pulledLiquidityBps: 5_000 }),
      sell: { paper: sell, live: sell },
      finishBuy: finishLiveBuy(shared),
    };
    const watch = async (): Promise<void> => {
      const { events } = await watchPositions(deps, signal);
      for (const { outcome } of events) {
        if (outcome.kind === 'failed' && !/node does not answer|Died|^Error/.test(outcome.what)) {
          violations.push(outcome.what);
        }
      }
    };
    await survive(watch());
  };

  const checkMoney = (): void => {
    const buys = new Map<string, number>();
    const spent = new Map<string, bigint>();
    for (const { swap, ok, atMs } of chain.landed.values()) {
      if (swap.side !== 'buy' || !ok) continue;
      buys.set(swap.mint, (buys.get(swap.mint) ?? 0) + 1);
      const day = dayKey(atMs);
      spent.set(day, (spent.get(day) ?? 0n) + BigInt(swap.inAmount));
    }
    for (const [mint, count] of buys) if (count > 1) violations.push(`${mint}: ${count} buys`);
    for (const [day, amount] of spent) {
      if (amount > LIMITS.dailySpendLamports) violations.push(`${day}: spent ${amount}`);
    }
    expect(violations).toEqual([]);
  };

  for (const each of steps) {
    switch (each.kind) {
      case 'deliver':
        await Promise.all(each.to.map(async (one) => deliver(one.mint, one.look, one.death)));
        break;
      case 'look':
        await Promise.all(each.deaths.map(look));
        break;
      case 'wait':
        clock.advance(each.ms);
        chain.settle();
        break;
      case 'weather':
        chain.weather = weatherOf(each.weather, roll);
        break;
      case 'price':
        price = BigInt(each.price);
        break;
      case 'halt':
        memory.halt = {
          ...runningSwitch,
          buys: each.buys ? 'running' : 'halted',
          exits: each.exits ? 'running' : 'halted',
        };
    }
    checkMoney();
  }

  // Then all is well again, for long enough.
  chain.weather = weatherOf(CLEAR, roll);
  memory.halt = runningSwitch;
  const never: Death = { at: 999_999, after: false };
  for (let round = 0; round < 40; round += 1) {
    await look(never);
    clock.advance(15_000);
    chain.settle();
  }
  checkMoney();

  const ends = new Set(['ABANDONED', 'CLOSED', 'STUCK']);
  let changed = 0n;
  for (const trade of memory.rows.values()) {
    seen.add(trade.state);
    changed += balanceChange(trade);
    expect(ends).toContain(trade.state);
    const left = chain.holdings.get(trade.mint) ?? 0n;
    if (trade.state !== 'STUCK' && left !== 0n) violations.push(`${trade.state} with ${left} left`);
    // Nothing stays stuck that somebody buys: only what a price of nothing cannot sell.
    if (trade.state === 'STUCK' && price > 0n) violations.push(`stuck: ${trade.reason}`);
  }
  expect(violations).toEqual([]);
  // The books say what the chain says, to the lamport.
  expect(changed).toBe(chain.lamports - 10n ** 12n);
  return seen;
}

describe('histories of the whole machine on a chain', () => {
  it('never buy twice, never overspend, send only what is stored, and leave nothing held', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 16 }),
        fc.nat(1_000_000),
        async (steps, seed) => {
          for (const state of await runHistory(steps, seed)) seen.add(state);
        },
      ),
      { numRuns: HISTORIES },
    );
    // The histories are worth something only if they get everywhere.
    expect([...seen].toSorted()).toEqual([
      'ABANDONED',
      'BUY_EXPIRED',
      'BUY_FAILED',
      'BUY_INTENT',
      'BUY_SENT',
      'BUY_SIGNED',
      'CLOSED',
      'OPEN',
      'SELL_EXPIRED',
      'SELL_FAILED',
      'SELL_INTENT',
      'SELL_SENT',
      'SELL_SIGNED',
      'STUCK',
    ]);
  }, 3_600_000);
});
