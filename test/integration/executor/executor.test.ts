import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { marshall } from '@aws-sdk/util-dynamodb';
import type {
  AttributeValue,
  DynamoDBBatchResponse,
  DynamoDBRecord,
  DynamoDBStreamEvent,
} from 'aws-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';

import { loadTradingConfig } from '#config/load-trading-config.ts';
import type { TradingConfig } from '#config/trading-config.ts';
import { dynamoHaltSwitch } from '#shared/adapters/aws/dynamo-halt-switch.ts';
import { listTrades, readBooks } from '#shared/adapters/aws/dynamo-trade-list.ts';
import { dynamoTradeLedger } from '#shared/adapters/aws/dynamo-trade-ledger.ts';
import { type TradeOrder, tradePlanSchema } from '#shared/domain/decision.ts';
import { STATE, TRADES } from '#shared/domain/table-keys.ts';
import type { Trade } from '#shared/domain/trade.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { type TestDatabase, testDatabase } from '../../support/dynamodb-tables.ts';
import {
  type FunctionProcess,
  bundleFunction,
  startFunction,
} from '../../support/function-process.ts';
import { neverTripping, runningSwitch } from '../../support/memory-trade-ledger.ts';
import { type StubAnswer, type StubServer, stubServer } from '../../support/stub-server.ts';
import { testAddress, testIntent, testOrder } from '../../support/trades.ts';

type Handler = FunctionProcess<DynamoDBStreamEvent, DynamoDBBatchResponse>;

const { signal } = new AbortController();
const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'volley-executor-'));
const LIMITS = { dailySpendLamports: 10_000_000_000n, maxOpenPositions: 100 };

let database: TestDatabase;
let jupiter: StubServer;
let secrets: StubServer;
let tradesTable: string;
let stateTable: string;
let jupiterAnswer: (url: URL) => StubAnswer;
let coldStarts = 0;
let env: NodeJS.ProcessEnv;
const running: Handler[] = [];

const goodOrder = (url: URL): StubAnswer => ({
  body: {
    inputMint: url.searchParams.get('inputMint'),
    outputMint: url.searchParams.get('outputMint'),
    inAmount: url.searchParams.get('amount'),
    outAmount: '16239400281',
    otherAmountThreshold: '16239400281',
    slippageBps: 0,
    priceImpact: -2.19,
    feeBps: 10,
    signatureFeeLamports: 5_000,
    prioritizationFeeLamports: 60_720,
    rentFeeLamports: 2_039_280,
    router: 'metis',
    requestId: 'request-1',
    transaction: null,
  },
});

/** Starts the deployed bundle with a configuration of its own. */
async function coldStart(change: (config: TradingConfig) => void = () => {}): Promise<Handler> {
  const config = loadTradingConfig({ stage: 'test' });
  config.upstreams.jupiter.url = `${jupiter.origin}/jupiter`;
  change(config);
  coldStarts += 1;
  const directory = join(folder, String(coldStarts));
  mkdirSync(directory);
  copyFileSync(join(folder, 'index.mjs'), join(directory, 'index.mjs'));
  writeFileSync(join(directory, 'trading.json'), JSON.stringify(config));
  const started = await startFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(directory, env);
  running.push(started);
  return started;
}

const record = (order: TradeOrder, sequence = 1): DynamoDBRecord => {
  const { opening, ...rest } = order;
  const row = { ...rest, ...opening, verdict: 'BUY', plan: z.encode(tradePlanSchema, order.plan) };
  return {
    eventName: 'INSERT',
    dynamodb: {
      SequenceNumber: String(sequence),
      Keys: { mint: { S: order.mint }, look: { S: order.look } },
      NewImage: marshall({ ...row, score: 71.25, reasons: ['x'] }) as Record<
        string,
        AttributeValue
      >,
    },
  };
};
const freshOrder = (seed: number, over: Partial<TradeOrder> = {}): TradeOrder =>
  testOrder(seed, { detectedAt: Date.now() - 900, decidedAt: Date.now() - 100, ...over });
const invoke = async (handler: Handler, ...records: DynamoDBRecord[]) =>
  handler.invoke({ Records: records });

const ledger = () =>
  dynamoTradeLedger({
    client: database.client,
    tradesTable,
    stateTable,
    breakers: neverTripping,
  });
const find = async (seed: number) => ledger().find(testAddress(seed), signal);
const allTrades = async (): Promise<Trade[]> => {
  const trades: Trade[] = [];
  for await (const trade of listTrades(database.client, tradesTable)) {
    if (trade.state === 'UNREADABLE') throw new Error(`unreadable ${trade.mint}`);
    trades.push(trade);
  }
  return trades;
};
const books = async () => readBooks(database.client, tradesTable, Date.now());

beforeAll(async () => {
  [database, jupiter, secrets] = await Promise.all([
    testDatabase(),
    stubServer(({ url }) => jupiterAnswer(url)),
    stubServer(() => ({
      body: { SecretString: JSON.stringify({ JUPITER_API_KEY: 'jupiter-key', EMPTY: '' }) },
    })),
    bundleFunction('functions/executor/handler.ts', folder),
  ]);
});
beforeEach(async () => {
  jupiterAnswer = goodOrder;
  jupiter.asked.length = 0;
  tradesTable = await database.table(TRADES.partitionKey);
  stateTable = await database.table(STATE.partitionKey);
  await dynamoHaltSwitch(database.client, stateTable).set(runningSwitch, signal);
  env = {
    PATH: process.env['PATH'],
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.origin,
    TRADES_TABLE: tradesTable,
    STATE_TABLE: stateTable,
    UPSTREAM_SECRET_ARN: 'upstream',
    WALLET_KEY_ID: 'wallet',
    // It answers, but knows no key.
    AWS_ENDPOINT_URL_KMS: secrets.origin,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
});
afterEach(() => {
  for (const { stop } of running.splice(0)) stop();
});
afterAll(async () => {
  await Promise.all([database.stop(), jupiter.stop(), secrets.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

describe('the executor', () => {
  it('opens a paper trade from a decision to buy, once however often it is delivered', async () => {
    const handler = await coldStart();
    const order = freshOrder(1);
    expect(await invoke(handler, record(order))).toEqual({ batchItemFailures: [] });
    const trade = await find(1);
    expect(trade).toMatchObject({
      state: 'OPEN',
      mode: 'paper',
      look: order.look,
      decidedAt: order.decidedAt,
      entry: { costLamports: 102_105_000n, tokens: 16_239_400_281n },
    });
    expect(await books()).toEqual({ openPositions: 1, spentLamports: 100_000_000n });

    await Promise.all(Array.from({ length: 5 }, async () => invoke(handler, record(order))));
    expect(await find(1)).toEqual(trade);
    expect(await books()).toEqual({ openPositions: 1, spentLamports: 100_000_000n });
    expect(jupiter.asked).toHaveLength(1);
  });

  it('asks Jupiter for an order without a taker, with its key', async () => {
    await invoke(await coldStart(), record(freshOrder(1)));
    const [asked] = jupiter.asked;
    expect(asked?.url.pathname).toBe('/jupiter/swap/v2/order');
    expect(Object.fromEntries(asked?.url.searchParams ?? [])).toEqual({
      inputMint: WRAPPED_SOL,
      outputMint: testAddress(1),
      amount: '100000000',
      slippageBps: '300',
    });
    expect(asked?.headers['x-api-key']).toBe('jupiter-key');
  });

  it('sends no key when none is configured', async () => {
    const handler = await coldStart((config) => {
      config.upstreams.jupiter.api_key = '${EMPTY}';
    });
    await invoke(handler, record(freshOrder(1)));
    expect(jupiter.asked[0]?.headers).not.toHaveProperty('x-api-key');
  });

  it('buys a mint once when ten deliveries of two decisions come at the same moment', async () => {
    const handler = await coldStart();
    const first = freshOrder(1);
    const second = { ...freshOrder(1), look: `${testAddress(77)}#01` };
    await Promise.all(
      Array.from({ length: 10 }, async (_, at) => invoke(handler, record(at % 2 ? first : second))),
    );
    expect(await find(1)).toMatchObject({ state: 'OPEN', version: 2 });
    expect(await books()).toEqual({ openPositions: 1, spentLamports: 100_000_000n });
  });

  it('keeps to the limits when a burst of decisions comes at once', async () => {
    const handler = await coldStart((config) => {
      config.limits = { ...config.limits, max_open_positions: 4, daily_spend_sol: 3 };
    });
    const results = await Promise.all(
      Array.from({ length: 15 }, async (_, seed) => invoke(handler, record(freshOrder(seed)))),
    );
    expect(results.flatMap(({ batchItemFailures }) => batchItemFailures)).toEqual([]);
    expect((await allTrades()).map(({ state }) => state)).toEqual(['OPEN', 'OPEN', 'OPEN', 'OPEN']);
    expect(await books()).toEqual({ openPositions: 4, spentLamports: 400_000_000n });
  });

  it('gives a refused trade up, says why, and takes the next one', async () => {
    const handler = await coldStart((config) => {
      config.limits = { ...config.limits, max_open_positions: 1, daily_spend_sol: 0.1 };
    });
    jupiterAnswer = () => ({
      status: 400,
      body: { error: 'Could not find any route', errorCode: 'COULD_NOT_FIND_ANY_ROUTE' },
    });
    await invoke(handler, record(freshOrder(1)));
    expect(await find(1)).toMatchObject({
      state: 'ABANDONED',
      cause: 'quote-refused',
      reason: 'HTTP 400: Could not find any route',
    });
    expect(await books()).toEqual({ openPositions: 0, spentLamports: 0n });
    jupiterAnswer = goodOrder;
    await invoke(handler, record(freshOrder(2)));
    expect(await find(2)).toMatchObject({ state: 'OPEN' });
  });

  it('asks again when Jupiter is short of breath', async () => {
    jupiterAnswer = (url) =>
      jupiter.asked.length < 3 ? { status: 429, body: { message: 'Too many' } } : goodOrder(url);
    await invoke(await coldStart(), record(freshOrder(1)));
    expect(jupiter.asked).toHaveLength(3);
    expect(await find(1)).toMatchObject({ state: 'OPEN' });
  });

  it('finishes what an earlier delivery claimed before it died', async () => {
    const order = freshOrder(1);
    const intent = testIntent(1, {
      look: order.look,
      decidedAt: order.decidedAt,
      claimedAt: Date.now(),
    });
    expect((await ledger().claim(intent, LIMITS, signal)).outcome).toBe('claimed');
    await invoke(await coldStart(), record(order));
    expect(await find(1)).toMatchObject({ state: 'OPEN', claimedAt: intent.claimedAt });
    expect(await books()).toEqual({ openPositions: 1, spentLamports: 100_000_000n });
  });

  it('does nothing about a decision that is too old', async () => {
    await invoke(await coldStart(), record(freshOrder(1, { decidedAt: Date.now() - 21_000 })));
    expect(await find(1)).toBeUndefined();
    expect(jupiter.asked).toHaveLength(0);
  });

  it('buys nothing while halted, nor when the switch was never set', async () => {
    const handler = await coldStart();
    const halt = dynamoHaltSwitch(database.client, stateTable);
    await halt.set({ ...runningSwitch, buys: 'halted' }, signal);
    await invoke(handler, record(freshOrder(1)));
    expect(await find(1)).toBeUndefined();

    env['STATE_TABLE'] = await database.table(STATE.partitionKey);
    await invoke(await coldStart(), record(freshOrder(2)));
    expect(await find(2)).toBeUndefined();
    expect(jupiter.asked).toHaveLength(0);
  });

  it('reports the record when the halt switch cannot be read, and buys nothing', async () => {
    env['STATE_TABLE'] = 'no-such-table';
    const handler = await coldStart();
    expect(await invoke(handler, record(freshOrder(1), 42))).toEqual({
      batchItemFailures: [{ itemIdentifier: '42' }],
    });
    expect(await find(1)).toBeUndefined();
  });

  it('reports a malformed record, and handles the others of the batch', async () => {
    const handler = await coldStart();
    const malformed = record(freshOrder(1), 7);
    delete malformed.dynamodb?.NewImage?.['plan'];
    expect(await invoke(handler, malformed, record(freshOrder(2), 8))).toEqual({
      batchItemFailures: [{ itemIdentifier: '7' }],
    });
    expect(await find(2)).toMatchObject({ state: 'OPEN' });
  });

  const LIVE_URLS = ['http://127.0.0.1:9/rpc', 'http://127.0.0.1:9/rpc?node=2'];

  it('buys nothing live without a key that signs: the decision comes again', async () => {
    const handler = await coldStart((config) => {
      config.mode = 'live';
      config.upstreams.rpc.urls = LIVE_URLS;
    });
    expect(await invoke(handler, record(freshOrder(1)))).toEqual({
      batchItemFailures: [{ itemIdentifier: '1' }],
    });
    expect(await find(1)).toMatchObject({ state: 'BUY_INTENT', mode: 'live', attempts: [] });
    expect(jupiter.asked).toEqual([]);
  });

  it('does not start live with one node alone, and says why', async () => {
    await expect(
      coldStart((config) => {
        config.mode = 'live';
        config.upstreams.rpc.urls = LIVE_URLS.slice(0, 1);
      }),
    ).rejects.toThrow(/config\.invalid.*two different endpoints/);
  });

  it('does not start when the environment is incomplete, and names what is missing', async () => {
    delete env['TRADES_TABLE'];
    await expect(coldStart()).rejects.toThrow(/environment\.invalid.*TRADES_TABLE/);
  });
});

/** Runs a command against the tables of this test, as `npm run` would. */
const run = async (command: string, ...args: string[]) => {
  const localFile = join(folder, 'local.json');
  writeFileSync(
    localFile,
    JSON.stringify({
      outputs: { TradesTable: tradesTable, StateTable: stateTable },
      environment: {
        AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
        AWS_ENDPOINT_URL_SQS: database.endpoint,
      },
    }),
  );
  const path = `${root}/cli/commands/${command}.ts`;
  const node = `${root}/node_modules/.bin/node`;
  return promisify(execFile)(node, [path, ...args], {
    env: { ...process.env, VOLLEY_LOCAL_FILE: localFile },
  });
};

describe('the commands', () => {
  it('halt and resume what the executor does', async () => {
    const handler = await coldStart();
    await run('halt');
    await invoke(handler, record(freshOrder(1)));
    expect(await find(1)).toBeUndefined();
    const halt = dynamoHaltSwitch(database.client, stateTable);
    expect(await halt.read(signal)).toMatchObject({ buys: 'halted', exits: 'running' });

    await run('halt', '--all');
    expect(await halt.read(signal)).toMatchObject({ buys: 'halted', exits: 'halted' });
    await run('halt');
    expect(await halt.read(signal)).toMatchObject({ exits: 'halted' });

    expect((await run('resume')).stdout).toContain('buys running, exits running');
    await invoke(handler, record(freshOrder(1)));
    expect(await find(1)).toMatchObject({ state: 'OPEN' });
  });

  it('list trades for people and for scripts', async () => {
    const handler = await coldStart();
    await invoke(handler, record(freshOrder(1)));
    jupiterAnswer = () => ({ status: 400, body: { error: 'no \u001B[31mroute' } });
    await invoke(handler, record(freshOrder(2)));

    const { stdout } = await run('trades');
    expect(stdout).toContain('2 trades (1 OPEN, 1 ABANDONED)');
    expect(stdout).toContain('books: 1 positions taken, 0.1000 SOL spent');
    expect(stdout).toContain('quote-refused: HTTP 400: no [31mroute');
    expect(stdout).not.toContain('\u001B');

    const rows = (await run('trades', '--json', '--open')).stdout.trim().split('\n');
    expect(rows).toHaveLength(1);
    expect(JSON.parse(rows[0] ?? '')).toMatchObject({
      mint: testAddress(1),
      state: 'OPEN',
      plan: { stakeLamports: '100000000' },
    });
    const one = await run('trades', '--json', '--mint', testAddress(2));
    expect(JSON.parse(one.stdout)).toMatchObject({ state: 'ABANDONED' });
  });

  it('refuse what they do not understand with exit code 2', async () => {
    await expect(run('halt', 'all')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^"all" is not understood[^]*Usage: npm run halt/) as unknown,
    });
  });
});
