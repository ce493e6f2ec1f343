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
    expect(await store.read('rpc')).toMatchObject({ ledger: EMPTY_LEDGER, version: 0 });
    expect(await store.write('rpc', LEDGER, 0)).toBe('stored');
    expect(await store.read('rpc')).toMatchObject({ ledger: LEDGER, version: 1 });
    expect(await store.read('jupiter')).toMatchObject({ ledger: EMPTY_LEDGER, version: 0 });
  });

  it('takes one of several writes over the same reading', async () => {
    const store = await open();
    const write = async () => store.write('rpc', LEDGER, 0);
    const results = await Promise.all([write(), write(), write()]);
    expect(results.sort()).toEqual(['conflict', 'conflict', 'stored']);
    expect(await store.write('rpc', EMPTY_LEDGER, 1)).toBe('stored');
    expect(await store.write('rpc', LEDGER, 1)).toBe('conflict');
    expect(await store.read('rpc')).toMatchObject({ ledger: EMPTY_LEDGER, version: 2 });
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
    await expect(store.write('rpc', LEDGER, 0)).rejects.toThrow('upstream.unavailable');
  });
});
