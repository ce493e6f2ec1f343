import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { dynamoBudgetStore } from '#shared/adapters/aws/dynamo-budget-store.ts';
import { guardedClient } from '#shared/adapters/http/guarded-client.ts';
import { jsonClient } from '#shared/adapters/http/json-client.ts';
import { STATE } from '#shared/domain/table-keys.ts';
import { systemClock } from '#shared/ports/clock.ts';
import { systemPause } from '#shared/ports/pause.ts';
import { EMPTY_LEDGER } from '#shared/upstream/budget-ledger.ts';
import { sharedBudget } from '#shared/upstream/shared-budget.ts';
import { type TestDatabase, testDatabase } from '../../support/dynamodb-tables.ts';
import { type StubServer, stubServer } from '../../support/stub-server.ts';

const LIMIT = 50;
const ANALYZERS = 20;
const FOR_MS = 20_000;

describe('twenty analyzers at full speed against an upstream of 50 requests a second', () => {
  const arrivedMs: number[] = [];
  let refused = 0;
  let database: TestDatabase;
  let upstream: StubServer;

  /** Refuses the fifty-first request within any second. */
  const answer = () => {
    const nowMs = performance.now();
    if (arrivedMs.filter((atMs) => atMs > nowMs - 1_000).length >= LIMIT) {
      refused += 1;
      return { status: 429, body: {} };
    }
    arrivedMs.push(nowMs);
    return { body: {} };
  };

  beforeAll(async () => {
    [database, upstream] = await Promise.all([testDatabase(), stubServer(answer)]);
  });
  afterAll(async () => {
    await Promise.all([database.stop(), upstream.stop()]);
  });

  it('are never refused, use nine tenths of it, and write less than once in ten', async () => {
    const tableName = await database.table(STATE.partitionKey);
    // What is measured is not the emulator's own start: its first writes take half a second each.
    const warming = dynamoBudgetStore({ client: database.client, tableName });
    for (let turn = 0; turn < 40; turn += 1) {
      await warming.write('warm', await warming.read('warm'), EMPTY_LEDGER);
    }
    let writes = 0;
    const ending = AbortSignal.timeout(FOR_MS);
    const analyzer = async (index: number): Promise<void> => {
      const store = dynamoBudgetStore({ client: database.client, tableName });
      const budget = sharedBudget(
        { upstream: 'rpc1', requestsPerSecond: LIMIT, members: ANALYZERS, holder: `h${index}` },
        {
          store: {
            read: store.read,
            write: async (...what) => {
              writes += 1;
              return store.write(...what);
            },
            extend: async (...what) => {
              writes += 1;
              return store.extend(...what);
            },
          },
          clock: systemClock,
          pause: systemPause,
        },
      );
      const client = guardedClient(
        jsonClient({ upstream: 'rpc1', url: upstream.origin, timeoutMs: 1_000 }),
        { clock: systemClock, pause: systemPause, budget, onEvent: () => undefined },
      );
      // Environments do not all start in the same millisecond.
      await sleep(index * 50);
      while (!ending.aborted) {
        await client.request({ idempotent: true, signal: ending }).catch((error: unknown) => {
          if (!ending.aborted) throw error;
        });
        // No faster than an honest analysis.
        await sleep(5);
      }
      await client.close();
    };
    const startedMs = performance.now();
    await Promise.all(Array.from({ length: ANALYZERS }, async (_, index) => analyzer(index)));
    const seconds = (performance.now() - startedMs) / 1_000;
    expect(refused).toBe(0);
    expect(arrivedMs.length / seconds).toBeGreaterThanOrEqual(0.9 * LIMIT);
    expect(writes * 10).toBeLessThan(arrivedMs.length);
  });
});
