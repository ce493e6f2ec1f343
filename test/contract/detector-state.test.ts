import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { dynamoDecisionLookup } from '#shared/adapters/aws/dynamo-decision-lookup.ts';
import { dynamoSweepCursors } from '#shared/adapters/aws/dynamo-sweep-cursors.ts';
import { dynamoTokenCaps } from '#shared/adapters/aws/dynamo-token-caps.ts';
import { DECISIONS, STATE, lookKey } from '#shared/domain/table-keys.ts';
import type { DecisionLookup, LookName } from '#shared/ports/decision-lookup.ts';
import type { SweepCursors } from '#shared/ports/sweep-cursors.ts';
import type { TokenCaps } from '#shared/ports/token-caps.ts';
import { DETECTED_AT_MS, aDetection, addressNamed, signatureNamed } from '../support/detections.ts';
import { type TestDatabase, testDatabase } from '../support/dynamodb-tables.ts';
import { memoryDecisionLookup, memorySweepCursors } from '../support/memory-sweep.ts';
import { memoryTokenCaps } from '../support/memory-token-caps.ts';

const { signal } = new AbortController();
const account = addressNamed('account');

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => database.stop());

const stateTable = async () => database.table(STATE.partitionKey);

const at = (name: string, slot: number) => ({ signature: signatureNamed(name), slot });

describe.each<{ name: string; bench: () => Promise<SweepCursors> }>([
  { name: 'memorySweepCursors', bench: async () => memorySweepCursors() },
  {
    name: 'dynamoSweepCursors',
    bench: async () =>
      dynamoSweepCursors({ tableName: await stateTable(), client: database.client }),
  },
])('$name', ({ bench }) => {
  it('knows nothing of an account that was never swept', async () => {
    const cursors = await bench();
    await cursors.move(addressNamed('another account'), at('a', 1), signal);
    expect(await cursors.read(account, signal)).toBeUndefined();
  });

  it('remembers that an account had no transaction when the sweep began', async () => {
    const cursors = await bench();
    await cursors.move(account, { signature: null, slot: 0 }, signal);
    expect(await cursors.read(account, signal)).toEqual({ signature: null, slot: 0 });
  });

  it.each([
    { says: 'moves on to', slot: 8 },
    { says: 'moves within', slot: 7 },
  ])('$says slot $slot', async ({ slot }) => {
    const cursors = await bench();
    await cursors.move(account, at('a', 7), signal);
    await cursors.move(account, at('b', slot), signal);
    expect(await cursors.read(account, signal)).toEqual(at('b', slot));
  });

  it('never moves back, and does not complain', async () => {
    const cursors = await bench();
    await cursors.move(account, at('a', 7), signal);
    await cursors.move(account, at('b', 6), signal);
    await cursors.move(account, { signature: null, slot: 0 }, signal);
    expect(await cursors.read(account, signal)).toEqual(at('a', 7));
  });
});

describe.each<{
  name: string;
  bench: () => Promise<{ lookup: DecisionLookup; decide: (look: LookName) => Promise<void> }>;
}>([
  {
    name: 'memoryDecisionLookup',
    bench: async () => {
      const lookup = memoryDecisionLookup();
      return {
        lookup,
        decide: async ({ mint, pool, look }) => {
          lookup.decided.add(`${mint}/${pool}/${look}`);
        },
      };
    },
  },
  {
    name: 'dynamoDecisionLookup',
    bench: async () => {
      const TableName = await database.table(DECISIONS.partitionKey, DECISIONS.sortKey);
      return {
        lookup: dynamoDecisionLookup({ tableName: TableName, client: database.client }),
        decide: async ({ mint, pool, look }) => {
          const Item = {
            [DECISIONS.partitionKey]: { S: mint },
            [DECISIONS.sortKey]: { S: lookKey(pool, look) },
            evidence: { S: 'x'.repeat(10_000) },
          };
          await database.client.send(new PutItemCommand({ TableName, Item }));
        },
      };
    },
  },
])('$name', ({ bench }) => {
  it('asks for nothing when there is nothing to ask', async () => {
    const { lookup } = await bench();
    expect(await lookup.undecided([], signal)).toEqual([]);
  });

  it('tells looks, pools and mints apart', async () => {
    const { lookup, decide } = await bench();
    const look = aDetection();
    const others = [
      aDetection({ look: 2 }),
      aDetection({ pool: addressNamed('another pool') }),
      aDetection({ mint: addressNamed('another mint') }),
    ];
    await decide(look);
    expect(await lookup.undecided([look, ...others], signal)).toEqual(others);
  });

  it('answers for more looks than one request holds, in their order', async () => {
    const { lookup, decide } = await bench();
    const looks = Array.from({ length: 230 }, (_, index) => aDetection({ name: `t${index}` }));
    const decided = looks.filter((_, index) => index % 50 === 7);
    await Promise.all(decided.map(async (look) => decide(look)));
    expect(await lookup.undecided(looks, signal)).toEqual(
      looks.filter((look) => !decided.includes(look)),
    );
  });

  it('may be asked twice for the same look', async () => {
    const { lookup } = await bench();
    const looks = [aDetection(), aDetection({ source: 'sweep' })];
    expect(await lookup.undecided(looks, signal)).toEqual(looks);
  });
});

describe.each<{ name: string; bench: (limit: number) => Promise<TokenCaps> }>([
  { name: 'memoryTokenCaps', bench: async (limit) => memoryTokenCaps(limit) },
  {
    name: 'dynamoTokenCaps a minute',
    bench: async (limit) =>
      dynamoTokenCaps({
        tableName: await stateTable(),
        perMinute: limit,
        perDay: 0,
        client: database.client,
        clock: { now: () => DETECTED_AT_MS },
      }),
  },
  {
    name: 'dynamoTokenCaps a day',
    bench: async (limit) =>
      dynamoTokenCaps({
        tableName: await stateTable(),
        perMinute: 0,
        perDay: limit,
        client: database.client,
        clock: { now: () => DETECTED_AT_MS },
      }),
  },
])('$name', ({ bench }) => {
  it('grants up to its limit, and nothing after', async () => {
    const caps = await bench(10);
    const granted = [];
    for (const wanted of [4, 0, 5, 3, 1]) granted.push(await caps.take(wanted, signal));
    expect(granted).toEqual([4, 0, 5, 1, 0].map((count) => ({ granted: count, unread: null })));
  });

  it('never grants more than its limit to many at once', async () => {
    const caps = await bench(100);
    const takes = await Promise.all(Array.from({ length: 40 }, async () => caps.take(7, signal)));
    expect(takes.reduce((sum, { granted }) => sum + granted, 0)).toBe(100);
  });
});

const countedCaps = async ({ perMinute = 0, perDay = 0 }) => {
  let nowMs = DETECTED_AT_MS;
  const tableName = await stateTable();
  const { client } = database;
  const item = async (id: string) => {
    const Key = { [STATE.partitionKey]: { S: id } };
    return (await client.send(new GetItemCommand({ TableName: tableName, Key }))).Item;
  };
  return {
    item,
    caps: dynamoTokenCaps({ tableName, perMinute, perDay, client, clock: { now: () => nowMs } }),
    later: (ms: number) => {
      nowMs += ms;
    },
  };
};

describe('dynamoTokenCaps', () => {
  it('counts each minute and each day anew, and lets the counters expire', async () => {
    const { caps: both, later, item } = await countedCaps({ perMinute: 5, perDay: 8 });
    const take = async () => (await both.take(5, signal)).granted;
    expect(await take()).toBe(5);
    expect(await take()).toBe(0);
    later(60_000);
    expect(await take()).toBe(3);
    later(86_400_000);
    expect(await take()).toBe(5);
    expect(await item('cap#minute#2026-11-01T12:00')).toMatchObject({
      tokens: { N: '10' },
      expiresAt: { N: String(DETECTED_AT_MS / 1_000 + 3_600) },
    });
    // What the minute's cap dropped does not use up the day.
    expect(await item('cap#day#2026-11-01')).toMatchObject({ tokens: { N: '10' } });
  });

  it('writes nothing when both caps are off', async () => {
    const { caps: off, item } = await countedCaps({});
    expect(await off.take(1_000_000, signal)).toEqual({ granted: 1_000_000, unread: null });
    expect(await item('cap#minute#2026-11-01T12:00')).toBeUndefined();
  });

  it('grants all when its table cannot be read, and says why', async () => {
    const off = dynamoTokenCaps({
      tableName: 'nowhere',
      perMinute: 1,
      perDay: 1,
      client: database.client,
    });
    expect(await off.take(9, signal)).toEqual({
      granted: 9,
      unread: expect.stringMatching(/^cap#minute#.*ResourceNotFound/) as string,
    });
  });
});

describe('a table that is not there', () => {
  it.each([
    {
      what: 'dynamoSweepCursors.read',
      ask: async () =>
        dynamoSweepCursors({ tableName: 'nowhere', client: database.client }).read(account, signal),
    },
    {
      what: 'dynamoSweepCursors.move',
      ask: async () =>
        dynamoSweepCursors({ tableName: 'nowhere', client: database.client }).move(
          account,
          { signature: null, slot: 1 },
          signal,
        ),
    },
    {
      what: 'dynamoDecisionLookup.undecided',
      ask: async () =>
        dynamoDecisionLookup({ tableName: 'nowhere', client: database.client }).undecided(
          [aDetection()],
          signal,
        ),
    },
  ])('is a fault of $what', async ({ ask }) => {
    await expect(ask()).rejects.toMatchObject({
      code: 'upstream.unavailable',
      context: { upstream: 'dynamodb' },
    });
  });
});
