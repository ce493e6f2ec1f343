import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { dynamoHaltSwitch } from '#shared/adapters/aws/dynamo-halt-switch.ts';
import { dynamoTradeLedger } from '#shared/adapters/aws/dynamo-trade-ledger.ts';
import { clearBreakers } from '#shared/adapters/aws/dynamo-trade-books.ts';
import { itemOfTrade } from '#shared/adapters/aws/trade-item.ts';
import type { HaltState } from '#shared/domain/halt-state.ts';
import { resetBreakers } from '#shared/domain/results.ts';
import { STATE, TRADES } from '#shared/domain/table-keys.ts';
import { HALT_KEY, POSITIONS_KEY, dayKey } from '#shared/domain/trade-keys.ts';
import { TRADE_STATES, TRANSITIONS, type TradeState } from '#shared/domain/trade-states.ts';
import type { Trade, TradeIn } from '#shared/domain/trade.ts';
import type { ClaimLimits, TradeLedger } from '#shared/ports/trade-ledger.ts';
import { type TestDatabase, testDatabase } from '../support/dynamodb-tables.ts';
import {
  emptyTrades,
  memoryTradeLedger,
  neverTripping,
  runningSwitch,
} from '../support/memory-trade-ledger.ts';
import { NOON, testIntent, testPlan, testTrade } from '../support/trades.ts';

/** An implementation under test, with a look behind the port. */
type Bench = {
  readonly ledger: TradeLedger;
  readonly setHalt: (state: HaltState | undefined) => Promise<void>;
  readonly putRow: (trade: Trade) => Promise<void>;
  readonly books: (at?: number) => Promise<{ spent: bigint; open: number }>;
  /** What a person does with `npm run resume`. */
  readonly resetBreakers: () => Promise<void>;
};

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => database.stop());

const memoryBench = async (breakers = neverTripping): Promise<Bench> => {
  const memory = emptyTrades();
  return {
    ledger: memoryTradeLedger(memory, breakers),
    setHalt: async (state) => {
      memory.halt = state;
    },
    putRow: async (trade) => {
      memory.rows.set(trade.mint, trade);
    },
    books: async (at = NOON) => ({
      spent: memory.spent.get(dayKey(at)) ?? 0n,
      open: memory.openPositions,
    }),
    resetBreakers: async () => {
      memory.results = resetBreakers(memory.results);
    },
  };
};

const dynamoBench = async (breakers = neverTripping): Promise<Bench> => {
  const { client } = database;
  const tradesTable = await database.table(TRADES.partitionKey);
  const stateTable = await database.table(STATE.partitionKey);
  const number = async (key: string, attribute: string): Promise<bigint> => {
    const Key = { [TRADES.partitionKey]: { S: key } };
    const { Item } = await client.send(new GetItemCommand({ TableName: tradesTable, Key }));
    return BigInt(Item?.[attribute]?.N ?? '0');
  };
  const setHalt: Bench['setHalt'] = async (state) => {
    if (state === undefined) {
      // An item without the attributes that a switch has.
      const Item = { [STATE.partitionKey]: { S: HALT_KEY } };
      await client.send(new PutItemCommand({ TableName: stateTable, Item }));
    } else {
      await dynamoHaltSwitch(client, stateTable).set(state, signal);
    }
  };
  await setHalt(runningSwitch);
  return {
    ledger: dynamoTradeLedger({ client, tradesTable, stateTable, breakers }),
    setHalt,
    putRow: async (trade) => {
      const Item = itemOfTrade(trade);
      await client.send(new PutItemCommand({ TableName: tradesTable, Item }));
    },
    books: async (at = NOON) => ({
      spent: await number(dayKey(at), 'spentLamports'),
      open: Number(await number(POSITIONS_KEY, 'openPositions')),
    }),
    resetBreakers: async () => {
      await clearBreakers(client, tradesTable, signal);
    },
  };
};

const { signal } = new AbortController();
const STAKE = 100_000_000n;
const roomy: ClaimLimits = { dailySpendLamports: 100n * STAKE, maxOpenPositions: 100 };

/** Claims a mint and closes it with this profit. */
const tradeOnce = async ({ ledger }: Bench, seed: number, profit: bigint): Promise<void> => {
  const intent = testIntent(seed);
  expect((await ledger.claim(intent, roomy, signal)).outcome).toBe('claimed');
  const held = testTrade('OPEN', seed);
  const opened = await ledger.move(intent, held, signal);
  const [sell] = [{ cause: 'stop-loss', tokens: held.entry.tokens, step: null } as const];
  const exit = {
    cause: 'stop-loss' as const,
    tokens: held.entry.tokens,
    proceedsLamports: held.entry.costLamports + profit,
    quote: held.quote,
    signature: null,
    soldAt: NOON + 900,
  };
  if (opened.outcome !== 'moved') throw new Error('not opened');
  const selling = await ledger.move(
    opened.trade,
    { ...opened.trade, state: 'SELL_INTENT', sell },
    signal,
  );
  if (selling.outcome !== 'moved') throw new Error('not selling');
  const { sell: _sold, ...rest } = selling.trade;
  const closed: TradeIn<'CLOSED'> = {
    ...rest,
    state: 'CLOSED',
    exits: [exit],
    closedAt: NOON + 900,
  };
  expect((await ledger.move(selling.trade, closed, signal)).outcome).toBe('moved');
};

describe.each([
  ['memory', memoryBench],
  ['DynamoDB', dynamoBench],
])('a trade ledger in %s', (_name, makeBench) => {
  it('claims a free mint and enters it in the books', async () => {
    const { ledger, books } = await makeBench();
    const intent = testIntent(1);
    expect(await ledger.claim(intent, roomy, signal)).toEqual({
      outcome: 'claimed',
      trade: intent,
    });
    expect(await ledger.find(intent.mint, signal)).toEqual(intent);
    expect(await books()).toEqual({ spent: STAKE, open: 1 });
  });

  it('does not know a mint that was never claimed', async () => {
    const { ledger } = await makeBench();
    expect(await ledger.find(testIntent(404).mint, signal)).toBeUndefined();
  });

  it('shows the trade that is there to a second claim, and books nothing', async () => {
    const { ledger, books } = await makeBench();
    const intent = testIntent(1);
    await ledger.claim(intent, roomy, signal);
    const again = testIntent(1, { claimedAt: NOON + 5_000, look: 'another#02' });
    expect(await ledger.claim(again, roomy, signal)).toEqual({
      outcome: 'duplicate',
      trade: intent,
    });
    expect(await books()).toEqual({ spent: STAKE, open: 1 });
  });

  it('grants one of many claims of a mint at the same moment', async () => {
    const { ledger, books } = await makeBench();
    const results = await Promise.all(
      Array.from({ length: 12 }, async () => ledger.claim(testIntent(1), roomy, signal)),
    );
    const outcomes = results.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'claimed')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(11);
    expect(await books()).toEqual({ spent: STAKE, open: 1 });
  });

  it('spends a day up to its cap exactly, and no further, whatever claims at once', async () => {
    const { ledger, books } = await makeBench();
    const limits = { ...roomy, dailySpendLamports: 4n * STAKE + STAKE / 2n };
    const results = await Promise.all(
      Array.from({ length: 10 }, async (_, seed) => ledger.claim(testIntent(seed), limits, signal)),
    );
    expect(results.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(4);
    expect(results.filter(({ outcome }) => outcome === 'refused')).toEqual(
      Array.from({ length: 6 }, () => ({ outcome: 'refused', reason: 'budget' })),
    );
    expect(await books()).toEqual({ spent: 4n * STAKE, open: 4 });
  });

  it('takes a claim that fills the cap to the lamport', async () => {
    const { ledger } = await makeBench();
    const limits = { ...roomy, dailySpendLamports: 2n * STAKE };
    expect((await ledger.claim(testIntent(1), limits, signal)).outcome).toBe('claimed');
    expect((await ledger.claim(testIntent(2), limits, signal)).outcome).toBe('claimed');
    expect(await ledger.claim(testIntent(3), limits, signal)).toEqual({
      outcome: 'refused',
      reason: 'budget',
    });
  });

  it('refuses the first claim of a day when it alone is over the cap', async () => {
    const { ledger, books } = await makeBench();
    const limits = { ...roomy, dailySpendLamports: STAKE - 1n };
    expect(await ledger.claim(testIntent(1), limits, signal)).toEqual({
      outcome: 'refused',
      reason: 'budget',
    });
    expect(await books()).toEqual({ spent: 0n, open: 0 });
  });

  it('gives each UTC day a budget of its own', async () => {
    const { ledger, books } = await makeBench();
    const limits = { ...roomy, dailySpendLamports: STAKE };
    const lastMs = Date.UTC(2026, 10, 21) - 1;
    await ledger.claim(testIntent(1, { claimedAt: lastMs }), limits, signal);
    const next = await ledger.claim(testIntent(2, { claimedAt: lastMs + 1 }), limits, signal);
    expect(next.outcome).toBe('claimed');
    expect(await books(lastMs)).toEqual({ spent: STAKE, open: 2 });
    expect(await books(lastMs + 1)).toEqual({ spent: STAKE, open: 2 });
  });

  it('refuses a claim when every position is taken', async () => {
    const { ledger, books } = await makeBench();
    const limits = { ...roomy, maxOpenPositions: 2 };
    await ledger.claim(testIntent(1), limits, signal);
    await ledger.claim(testIntent(2), limits, signal);
    expect(await ledger.claim(testIntent(3), limits, signal)).toEqual({
      outcome: 'refused',
      reason: 'positions',
    });
    expect(await books()).toEqual({ spent: 2n * STAKE, open: 2 });
  });

  it.each([
    ['halted', { ...runningSwitch, buys: 'halted' as const }],
    ['without its attributes', undefined],
  ])('refuses a claim when the halt switch is %s', async (_when, state) => {
    const { ledger, setHalt, books } = await makeBench();
    await setHalt(state);
    expect(await ledger.claim(testIntent(1), roomy, signal)).toEqual({
      outcome: 'refused',
      reason: 'halted',
    });
    expect(await books()).toEqual({ spent: 0n, open: 0 });
    expect(await ledger.find(testIntent(1).mint, signal)).toBeUndefined();
  });

  it('says duplicate rather than halted or over budget for a mint that has its trade', async () => {
    const { ledger, setHalt } = await makeBench();
    const limits = { dailySpendLamports: STAKE, maxOpenPositions: 1 };
    await ledger.claim(testIntent(1), limits, signal);
    await setHalt({ ...runningSwitch, buys: 'halted' });
    expect((await ledger.claim(testIntent(1), limits, signal)).outcome).toBe('duplicate');
  });

  it('buys while only exits are halted', async () => {
    const { ledger, setHalt } = await makeBench();
    await setHalt({ ...runningSwitch, exits: 'halted' });
    expect((await ledger.claim(testIntent(1), roomy, signal)).outcome).toBe('claimed');
  });

  it('gives place and stake back when a trade is abandoned, to the day that lent them', async () => {
    const { ledger, books } = await makeBench();
    const intent = testIntent(1);
    await ledger.claim(intent, roomy, signal);
    const nextDay = NOON + 86_400_000;
    const abandoned = testTrade('ABANDONED', 1, { updatedAt: nextDay });
    const result = await ledger.move(intent, abandoned, signal);
    expect(result).toEqual({ outcome: 'moved', trade: { ...abandoned, version: 2 } });
    expect(await books()).toEqual({ spent: 0n, open: 0 });
    expect((await ledger.claim(intent, roomy, signal)).outcome).toBe('duplicate');
  });

  it('keeps the fees of failed attempts spent when the trade is abandoned', async () => {
    const { ledger, books } = await makeBench();
    await ledger.claim(testIntent(1), roomy, signal);
    const { transaction: _bytes, ...attempt } = testTrade('BUY_SIGNED', 1).inFlight;
    const attempts = [
      { ...attempt, end: { kind: 'failed' as const, reason: '6001', feeLamports: 5_000n } },
      { ...attempt, end: { kind: 'expired' as const, provenAtBlockHeight: 324_307_400 } },
    ];
    const failed = testTrade('BUY_FAILED', 1, { attempts });
    await ledger.move(testIntent(1), testTrade('BUY_SIGNED', 1), signal);
    await ledger.move({ ...testTrade('BUY_SIGNED', 1), version: 2 }, failed, signal);
    await ledger.move({ ...failed, version: 3 }, testTrade('ABANDONED', 1, { attempts }), signal);
    expect(await books()).toEqual({ spent: 5_000n, open: 0 });
  });

  it('gives only the place back when a trade is closed', async () => {
    const { ledger, books } = await makeBench();
    await ledger.claim(testIntent(1), roomy, signal);
    await ledger.move(testIntent(1), testTrade('OPEN', 1), signal);
    expect(await books()).toEqual({ spent: STAKE, open: 1 });
    const selling = testTrade('SELL_INTENT', 1);
    await ledger.move({ ...testTrade('OPEN', 1), version: 2 }, selling, signal);
    await ledger.move({ ...selling, version: 3 }, testTrade('CLOSED', 1), signal);
    expect(await books()).toEqual({ spent: STAKE, open: 0 });
  });

  it('lets one of two moves from the same version through', async () => {
    const { ledger, books } = await makeBench();
    const intent = testIntent(1);
    await ledger.claim(intent, roomy, signal);
    const results = await Promise.all([
      ledger.move(intent, testTrade('OPEN', 1), signal),
      ledger.move(intent, testTrade('ABANDONED', 1), signal),
    ]);
    expect(results.map(({ outcome }) => outcome).toSorted()).toEqual(['moved', 'superseded']);
    const row = await ledger.find(intent.mint, signal);
    expect(row?.version).toBe(2);
    expect((await books()).open).toBe(row?.state === 'OPEN' ? 1 : 0);
  });

  it('moves nothing of a trade that is no longer at the version read', async () => {
    const { ledger, putRow } = await makeBench();
    const row = testTrade('OPEN', 1, { version: 5 });
    await putRow(row);
    const from = testTrade('OPEN', 1, { version: 4 });
    expect(await ledger.move(from, testTrade('SELL_INTENT', 1), signal)).toEqual({
      outcome: 'superseded',
    });
    expect(await ledger.find(row.mint, signal)).toEqual(row);
  });

  it('moves nothing of a trade that is in another state than the caller believes', async () => {
    const { ledger, putRow } = await makeBench();
    const row = testTrade('ABANDONED', 1);
    await putRow(row);
    expect(await ledger.move(testIntent(1), testTrade('OPEN', 1), signal)).toEqual({
      outcome: 'superseded',
    });
    expect(await ledger.find(row.mint, signal)).toEqual(row);
  });

  it('lists the trades that hold a place, and those alone', async () => {
    const { ledger } = await makeBench();
    expect(await ledger.occupying(signal)).toEqual([]);
    const intents = Array.from({ length: 4 }, (_, seed) => testIntent(seed));
    for (const intent of intents) await ledger.claim(intent, roomy, signal);
    const [first, second] = intents;
    await ledger.move(first!, testTrade('ABANDONED', 0), signal);
    const open = await ledger.move(second!, testTrade('OPEN', 1), signal);
    expect(open.outcome).toBe('moved');
    const mints = (await ledger.occupying(signal)).map(({ mint, state }) => `${mint} ${state}`);
    expect(mints.toSorted()).toEqual(
      [
        `${testIntent(1).mint} OPEN`,
        ...[2, 3].map((seed) => `${testIntent(seed).mint} BUY_INTENT`),
      ].toSorted(),
    );
  });

  it('counts what closed trades come to, all costs included', async () => {
    const bench = await makeBench();
    await tradeOnce(bench, 1, 500n);
    await tradeOnce(bench, 2, -200n);
    await tradeOnce(bench, 3, -100n);
    expect(await bench.ledger.results(signal)).toMatchObject({
      version: 3,
      closed: 3,
      won: 1,
      lossesInRow: 2,
      realizedLamports: 200n,
      peakLamports: 500n,
      drawdownLamports: 300n,
      tripped: null,
    });
  });

  it.each([
    { name: 'losses in a row', limits: { ...neverTripping, maxLossesInRow: 2 }, losses: [1n, 1n] },
    {
      name: 'a drawdown, to the lamport',
      limits: { ...neverTripping, maxDrawdownLamports: 1_000n },
      losses: [999n, 1n],
    },
  ])('stops claims by $name, for ever until a person resumes', async ({ limits, losses }) => {
    const bench = await makeBench(limits);
    const [first = 0n, second = 0n] = losses;
    await tradeOnce(bench, 1, -first);
    // One that wins in between does not come: the next claim still goes through.
    await tradeOnce(bench, 2, -second);
    const later = testIntent(3, { claimedAt: NOON + 86_400_000 * 30 });
    const refused = { outcome: 'refused', reason: 'breaker' };
    expect(await bench.ledger.claim(later, roomy, signal)).toEqual(refused);
    await bench.resetBreakers();
    expect((await bench.ledger.claim(later, roomy, signal)).outcome).toBe('claimed');
  });

  it('pauses claims after a loss, and not after a win', async () => {
    const bench = await makeBench({ ...neverTripping, cooldownMs: 60_000 });
    await tradeOnce(bench, 1, 10n);
    await tradeOnce(bench, 2, -10n);
    const at = async (seed: number, claimedAt: number) =>
      (await bench.ledger.claim(testIntent(seed, { claimedAt }), roomy, signal)).outcome;
    const { coolUntil } = await bench.ledger.results(signal);
    expect(await at(3, coolUntil - 1)).toBe('refused');
    expect(await at(3, coolUntil)).toBe('claimed');
  });

  it('writes each move that the table of transitions has, and no other', async () => {
    const { ledger, putRow } = await makeBench();
    const pairs = TRADE_STATES.flatMap((from) => TRADE_STATES.map((to) => [from, to] as const));
    const move = ledger.move as (from: Trade, to: Trade, signal: AbortSignal) => Promise<unknown>;
    // A place and a stake for each of the moves that give them back.
    for (const seed of Array.from({ length: 20 }, (_, each) => 5_000 + each)) {
      await ledger.claim(testIntent(seed), roomy, signal);
    }
    for (const [index, [from, to]] of pairs.entries()) {
      const row = testTrade(from, index, { version: 3 });
      const next = testTrade(to, index);
      await putRow(row);
      const written = await move(row, next, signal).then(
        () => next.state,
        (error: unknown) => String((error as { code?: string }).code),
      );
      const allowed: readonly TradeState[] = TRANSITIONS[from];
      const legal = allowed.includes(to);
      expect(`${from} -> ${written}`).toBe(`${from} -> ${legal ? to : 'trade.illegal'}`);
      expect(await ledger.find(row.mint, signal)).toEqual(legal ? { ...next, version: 4 } : row);
    }
  });

  it('refuses to move one mint into the row of another', async () => {
    const { ledger } = await makeBench();
    await ledger.claim(testIntent(1), roomy, signal);
    await expect(ledger.move(testIntent(1), testTrade('OPEN', 2), signal)).rejects.toMatchObject({
      code: 'trade.illegal',
    });
  });

  it('says so when the books lack what a trade gives back', async () => {
    const { ledger, putRow, books } = await makeBench();
    await putRow(testIntent(1));
    await expect(
      ledger.move(testIntent(1), testTrade('ABANDONED', 1), signal),
    ).rejects.toMatchObject({ code: 'ledger.inconsistent' });
    expect(await ledger.find(testIntent(1).mint, signal)).toEqual(testIntent(1));
    expect(await books()).toEqual({ spent: 0n, open: 0 });
  });

  it('keeps amounts of any size to the unit', async () => {
    const { ledger, books } = await makeBench();
    const stakeLamports = 9_007_199_254_740_993n;
    const intent = testIntent(1, { plan: testPlan({ stakeLamports }) });
    const limits = { ...roomy, dailySpendLamports: 18_446_744_073_709_551_615n };
    await ledger.claim(intent, limits, signal);
    const held = await ledger.find(intent.mint, signal);
    expect(held?.plan.stakeLamports).toBe(stakeLamports);
    expect(await books()).toEqual({ spent: stakeLamports, open: 1 });
  });
});

describe('the DynamoDB ledger', () => {
  it('counts a missing halt switch as a stop', async () => {
    const ledger = dynamoTradeLedger({
      client: database.client,
      tradesTable: await database.table(TRADES.partitionKey),
      stateTable: await database.table(STATE.partitionKey),
      breakers: neverTripping,
    });
    expect(await ledger.claim(testIntent(1), roomy, signal)).toEqual({
      outcome: 'refused',
      reason: 'halted',
    });
  });

  it('buys nothing and says why when the halt switch cannot be read', async () => {
    const ledger = dynamoTradeLedger({
      client: database.client,
      tradesTable: await database.table(TRADES.partitionKey),
      stateTable: 'no-such-table',
      breakers: neverTripping,
    });
    await expect(ledger.claim(testIntent(1), roomy, signal)).rejects.toMatchObject({
      code: 'ledger.unavailable',
    });
    expect(await ledger.find(testIntent(1).mint, signal)).toBeUndefined();
  });

  it('refuses a row that is no trade', async () => {
    const tradesTable = await database.table(TRADES.partitionKey);
    const ledger = dynamoTradeLedger({
      client: database.client,
      tradesTable,
      stateTable: '-',
      breakers: neverTripping,
    });
    const { quote: _dropped, ...item } = itemOfTrade(testTrade('OPEN', 1));
    await database.client.send(new PutItemCommand({ TableName: tradesTable, Item: item }));
    await expect(ledger.find(testIntent(1).mint, signal)).rejects.toMatchObject({
      code: 'ledger.malformed',
      context: { key: testIntent(1).mint },
    });
  });
});
