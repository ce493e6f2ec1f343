import { createHash } from 'node:crypto';

import { GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { decisionItem, decisionOfItem } from '#shared/adapters/aws/decision-item.ts';
import { DETAIL_DICTIONARIES } from '#shared/adapters/aws/detail-dictionary.ts';
import { dynamoDecisionLedger } from '#shared/adapters/aws/dynamo-decision-ledger.ts';
import type { Decision } from '#shared/domain/decision.ts';
import { absent, failed } from '#shared/domain/evidence.ts';
import { DECISIONS, lookKey, verdictHourKey, verdictShard } from '#shared/domain/table-keys.ts';
import type { DecisionLedger } from '#shared/ports/decision-ledger.ts';
import { aDecision } from '../support/decisions.ts';
import { makeDecisionsTable } from '../support/decisions-table.ts';
import { addressNamed, signatureNamed } from '../support/detections.ts';
import { type TestDatabase, testDatabase } from '../support/dynamodb-tables.ts';
import { itemSize } from '../support/item-size.ts';
import { memoryDecisionLedger } from '../support/memory-decision-ledger.ts';

const KEEP_DAYS = 60;
const never = new AbortController().signal;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => database.stop());

type Bench = {
  readonly ledger: DecisionLedger;
  /** What is stored for this look. */
  readonly stored: (decision: Decision) => Promise<Decision | undefined>;
};

const memoryBench = async (): Promise<Bench> => {
  const ledger = memoryDecisionLedger();
  return {
    ledger,
    stored: async ({ opening, look }) =>
      ledger.rows.get(`${opening.mint}/${lookKey(opening.pool, look)}`),
  };
};

const dynamoBench = async (): Promise<Bench> => {
  const { client } = database;
  const tableName = await makeDecisionsTable(client);
  return {
    ledger: dynamoDecisionLedger({ client, tableName, keepDays: KEEP_DAYS }),
    stored: async ({ opening, look }) => {
      const Key = { mint: { S: opening.mint }, look: { S: lookKey(opening.pool, look) } };
      const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key }));
      return Item && decisionOfItem(Item);
    },
  };
};

describe.each([
  ['the memory of the tests', memoryBench],
  ['DynamoDB', dynamoBench],
])('the decisions in %s', (_name, makeBench) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await makeBench();
  });
  const has = async ({ opening, look }: Decision) =>
    bench.ledger.has(opening.mint, opening.pool, look, never);

  it('are there once they are recorded, whole', async () => {
    const decision = aDecision({}, { token: 'first', signature: signatureNamed('first') });
    expect(await has(decision)).toBe(false);
    expect(await bench.ledger.record(decision, never)).toBe('stored');
    expect(await has(decision)).toBe(true);
    expect(await bench.stored(decision)).toEqual(decision);
  });

  it('stay what they were first', async () => {
    const first = aDecision({}, { token: 'twice' });
    const second = aDecision({ holders: failed('timed out') }, { token: 'twice' });
    expect(await bench.ledger.record(first, never)).toBe('stored');
    expect(await bench.ledger.record(second, never)).toBe('duplicate');
    expect(await bench.ledger.record(first, never)).toBe('duplicate');
    expect(await bench.stored(first)).toEqual(first);
  });

  it('are one for each look and each pool of a mint', async () => {
    const first = aDecision({}, { token: 'looks' });
    const second = aDecision({}, { token: 'looks', look: 2 });
    const elsewhere = aDecision(
      { opening: { pool: addressNamed('elsewhere') } },
      { token: 'looks' },
    );
    for (const decision of [first, second, elsewhere]) {
      expect(await has(decision)).toBe(false);
      expect(await bench.ledger.record(decision, never)).toBe('stored');
    }
    expect(await bench.stored(second)).toEqual(second);
    expect(await bench.stored(elsewhere)).toEqual(elsewhere);
  });

  it('tell what a look came to, with its evidence', async () => {
    const decision = aDecision({ holders: failed('timed out') }, { token: 'found', look: 2 });
    const find = async (look: number) =>
      bench.ledger.find(decision.opening.mint, decision.opening.pool, look, never);
    expect(await find(2)).toBeUndefined();
    await bench.ledger.record(decision, never);
    expect(await find(2)).toEqual({ verdict: decision.verdict, evidence: decision.evidence });
    expect(await find(1)).toBeUndefined();
  });

  it('are recorded once by many at the same time', async () => {
    const decision = aDecision({}, { token: 'race' });
    const results = await Promise.all(
      Array.from({ length: 8 }, async () => bench.ledger.record(decision, never)),
    );
    expect(results.filter((result) => result === 'stored')).toHaveLength(1);
  });

  it.each<[string, Decision]>([
    ['refused', aDecision({ holders: { top1Bps: 9_000 } }, { token: 'refused' })],
    [
      'expired',
      aDecision(
        {},
        {
          token: 'expired',
          verdict: 'EXPIRED',
          shouldTrade: false,
          plan: null,
          evidence: null,
          rules: [],
          factors: [],
          checks: {},
        },
      ),
    ],
    [
      'that knows nothing',
      aDecision(
        {
          metadata: failed('down'),
          holders: failed('down'),
          social: failed('down'),
          honeypot: failed('down'),
          organic: failed('down'),
          liquidity: failed('down'),
          opening: { creator: null, baseVault: null, quoteVault: null, lpMint: null },
        },
        { token: 'nothing', slot: null },
      ),
    ],
    [
      'with the largest numbers and odd texts',
      aDecision(
        {
          metadata: { supply: 2n ** 64n - 1n, name: '😀 é "\\' },
          liquidity: { quoteReserve: 2n ** 64n - 1n },
        },
        { token: 'odd', name: '😀 é "\\', score: 91.7, coverage: 0.65 },
      ),
    ],
  ])('come back as they were: one %s', async (_what, decision) => {
    await bench.ledger.record(decision, never);
    expect(await bench.stored(decision)).toEqual(decision);
  });
});

describe('the decisions in DynamoDB', () => {
  it('are found by verdict and hour, in the order of their time', async () => {
    const tableName = await makeDecisionsTable(database.client);
    const ledger = dynamoDecisionLedger({
      client: database.client,
      tableName,
      keepDays: KEEP_DAYS,
    });
    const late = aDecision({}, { token: 'one', look: 2 });
    const early = aDecision({}, { token: 'one', decidedAt: late.decidedAt - 60_000 + 1 });
    await ledger.record({ ...late, decidedAt: late.decidedAt + 1_000 }, never);
    await ledger.record({ ...early, decidedAt: late.decidedAt + 500 }, never);
    const { byVerdict } = DECISIONS;
    const { Items } = await database.client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: byVerdict.indexName,
        KeyConditionExpression: '#key = :key',
        ExpressionAttributeNames: { '#key': byVerdict.partitionKey },
        ExpressionAttributeValues: {
          ':key': {
            S: verdictHourKey('BUY', new Date(late.decidedAt), verdictShard(late.opening.mint)),
          },
        },
      }),
    );
    expect(Items?.map(({ look }) => look?.S?.slice(-2))).toEqual(['01', '02']);
    expect(Items?.[0]).toMatchObject({ verdict: { S: 'BUY' }, score: { N: String(late.score) } });
  });

  it('of another version tell their verdict, and no evidence', async () => {
    const { client } = database;
    const tableName = await makeDecisionsTable(client);
    const ledger = dynamoDecisionLedger({ client, tableName, keepDays: KEEP_DAYS });
    const decision = aDecision({ holders: absent('not listed yet') });
    const { mint, pool } = decision.opening;
    const item = decisionItem(decision, KEEP_DAYS);
    const put = async (changes: typeof item) =>
      client.send(new PutItemCommand({ TableName: tableName, Item: { ...item, ...changes } }));

    await put({ detail: { B: Uint8Array.of(250, 1, 2, 3) } });
    expect(await ledger.find(mint, pool, 1, never)).toEqual({ verdict: 'WATCH', evidence: null });
    await put({ verdict: { S: 'PERHAPS' } });
    await expect(ledger.find(mint, pool, 1, never)).rejects.toMatchObject({
      code: 'ledger.malformed',
    });
  });

  it('fail as faults of the ledger', async () => {
    const ledger = dynamoDecisionLedger({
      client: database.client,
      tableName: 'there-is-none',
      keepDays: KEEP_DAYS,
    });
    const decision = aDecision();
    await expect(ledger.record(decision, never)).rejects.toMatchObject({
      code: 'ledger.unavailable',
    });
    const { mint, pool } = decision.opening;
    for (const reading of [ledger.has(mint, pool, 1, never), ledger.find(mint, pool, 1, never)]) {
      await expect(reading).rejects.toMatchObject({ code: 'ledger.unavailable' });
    }
    const working = dynamoDecisionLedger({
      client: database.client,
      tableName: await makeDecisionsTable(database.client),
      keepDays: KEEP_DAYS,
    });
    await expect(working.record(decision, AbortSignal.abort())).rejects.toMatchObject({
      code: 'ledger.unavailable',
    });
  });
});

describe('a row', () => {
  const typical = aDecision({}, { signature: signatureNamed('typical') });

  it('says in the clear what people look for', () => {
    expect(decisionItem(typical, KEEP_DAYS)).toMatchObject({
      mint: { S: typical.opening.mint },
      look: { S: `${typical.opening.pool}#01` },
      verdict: { S: 'BUY' },
      score: { N: String(typical.score) },
      coverage: { N: '1' },
      reasons: { L: [{ S: typical.reasons[0] }] },
      symbol: { S: 'GARY' },
      venue: { S: 'pump-swap' },
      creator: { S: typical.opening.creator },
      decidedAt: { N: String(typical.decidedAt) },
      latencyMs: { N: '600' },
      checkMs: { M: { metadata: { N: '150' } } },
      plan: { M: { stakeLamports: { S: '100000000' } } },
      expiresAt: { N: String(Math.ceil(typical.decidedAt / 1_000) + KEEP_DAYS * 86_400) },
    });
  });

  it.each([
    ['that buys', typical],
    [
      'that refuses',
      aDecision(
        {
          holders: { top1Bps: 9_000, top10Bps: 9_900 },
          social: failed('ended early: the decision is certain'),
          organic: failed('ended early: the decision is certain'),
        },
        { endedEarly: true, signature: signatureNamed('typical') },
      ),
    ],
    [
      'that waits for another look',
      aDecision(
        {
          holders: absent('the node does not list the mint yet'),
          organic: absent('not listed by Jupiter yet'),
          honeypot: { rugcheck: absent('no report by RugCheck yet') },
        },
        { signature: signatureNamed('typical') },
      ),
    ],
  ])('%s costs at most two write units', (_what, decision) => {
    const size = itemSize(decisionItem(decision, KEEP_DAYS));
    expect(size).toBeGreaterThan(1_000);
    expect(size).toBeLessThanOrEqual(2_048);
  });

  it('that is none of ours is refused', () => {
    const item = decisionItem(typical, KEEP_DAYS);
    const { detail: _detail, ...without } = item;
    expect(() => decisionOfItem(without)).toThrow('detail');
    expect(() => decisionOfItem({ ...item, detail: { B: Buffer.from('garbage') } })).toThrow(
      'no dictionary',
    );
    expect(() => decisionOfItem({ ...item, verdict: { S: 'MAYBE' } })).toThrow('verdict');
  });
});

describe('the dictionaries of the details', () => {
  it.each([[1, 'f4c219a8f5e2f796']])('stay what they are: number %i', (version, hash) => {
    const text = DETAIL_DICTIONARIES.get(version)!;
    expect(createHash('sha256').update(text).digest('hex').slice(0, 16)).toBe(hash);
    expect([...DETAIL_DICTIONARIES.keys()]).toEqual([1]);
  });

  it('are named by the first byte of a detail', () => {
    const item = decisionItem(aDecision(), KEEP_DAYS);
    const detail = item['detail']?.B ?? new Uint8Array();
    expect(detail[0]).toBe(1);
    const foreign = Uint8Array.from([2, ...detail.subarray(1)]);
    expect(() => decisionOfItem({ ...item, detail: { B: foreign } })).toThrow('no dictionary 2');
  });
});
