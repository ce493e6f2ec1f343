import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { dynamoBudgetStore } from '#shared/adapters/aws/dynamo-budget-store.ts';
import { isFault } from '#shared/domain/fault.ts';
import { STATE } from '#shared/domain/table-keys.ts';
import { systemClock } from '#shared/ports/clock.ts';
import type { BudgetStore } from '#shared/ports/budget-store.ts';
import { type BudgetLedger, EMPTY_LEDGER } from '#shared/upstream/budget-ledger.ts';
import { type TestDatabase, testDatabase } from '../support/dynamodb-tables.ts';
import { memoryBudgetStore } from '../support/memory-budget-store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => database.stop());

const LEDGER: BudgetLedger = {
  holders: { a1b2c3d4: { units: 3, untilMs: 1_800_000_000_000 }, other: { units: 0, untilMs: 7 } },
  cooling: [{ units: 2, untilMs: 1_800_000_000_500 }],
};

const stores: [string, () => Promise<BudgetStore>][] = [
  ['memory', async () => memoryBudgetStore(systemClock)],
  [
    'DynamoDB',
    async () =>
      dynamoBudgetStore({
        client: database.client,
        tableName: await database.table(STATE.partitionKey),
      }),
  ],
];

describe.each(stores)('the budget store in %s', (_name, open) => {
  it('is empty at first, and keeps what was written', async () => {
    const store = await open();
    const nothing = await store.read('rpc');
    expect(nothing).toMatchObject({ ledger: EMPTY_LEDGER, version: 0 });
    expect(await store.write('rpc', nothing, LEDGER)).toBe('stored');
    const once = await store.read('rpc');
    expect(once).toMatchObject({ version: 1 });
    expect(once.ledger).toEqual(LEDGER);
    const later: BudgetLedger = {
      holders: { a1b2c3d4: { units: 5, untilMs: 8 }, third: { units: 1, untilMs: 9 } },
      cooling: [],
    };
    expect(await store.write('rpc', once, later)).toBe('stored');
    expect((await store.read('rpc')).ledger).toEqual(later);
    expect(await store.read('jupiter')).toMatchObject({ ledger: EMPTY_LEDGER, version: 0 });
  });

  it('takes one of several writes over the same reading', async () => {
    const store = await open();
    for (const version of [0, 1]) {
      const read = await store.read('rpc');
      expect(read.version).toBe(version);
      const write = async () => store.write('rpc', read, LEDGER);
      const results = await Promise.all([write(), write(), write()]);
      expect(results.sort()).toEqual(['conflict', 'conflict', 'stored']);
    }
  });

  it('extends a holding whatever happens to others, and undoes none of it', async () => {
    const store = await open();
    await store.write('rpc', await store.read('rpc'), LEDGER);
    const read = await store.read('rpc');
    const longer = { units: 3, untilMs: 1_800_000_009_000 };
    expect(await store.extend('rpc', 'a1b2c3d4', longer)).toBe('stored');
    const other = { units: 1, untilMs: 70 };
    const changed = { ...read.ledger, holders: { ...read.ledger.holders, other } };
    expect(await store.write('rpc', read, changed)).toBe('stored');
    const { ledger } = await store.read('rpc');
    expect(ledger.holders).toEqual({ a1b2c3d4: longer, other });
  });

  it('extends no holding that is not there, or of another size', async () => {
    const store = await open();
    const holding = { units: 3, untilMs: 9 };
    expect(await store.extend('rpc', 'a1b2c3d4', holding)).toBe('conflict');
    await store.write('rpc', await store.read('rpc'), LEDGER);
    expect(await store.extend('rpc', 'nobody', holding)).toBe('conflict');
    expect(await store.extend('rpc', 'other', holding)).toBe('conflict');
    expect((await store.read('rpc')).ledger).toEqual(LEDGER);
  });

  it('knows what time it is, to a second', async () => {
    const { nowMs } = await (await open()).read('rpc');
    expect(Math.abs(nowMs - Date.now())).toBeLessThan(1_500);
    expect(nowMs % 1_000).toBe(500);
  });
});

describe('the budget store in DynamoDB', () => {
  it('says so when it cannot be reached', async () => {
    const store = dynamoBudgetStore({ client: database.client, tableName: 'no-such-table' });
    const fault = await store.read('rpc').catch((error: unknown) => error);
    expect(isFault(fault) && fault.code).toBe('upstream.unavailable');
    const read = { ledger: LEDGER, version: 1, nowMs: 0 };
    await expect(store.write('rpc', read, EMPTY_LEDGER)).rejects.toThrow('upstream.unavailable');
  });
});
