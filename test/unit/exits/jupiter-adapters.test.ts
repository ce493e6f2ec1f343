import { describe, expect, it } from 'vitest';

import type { JsonAnswer, JsonClient } from '#shared/adapters/http/json-client.ts';
import { jupiterOrderExecutor } from '#shared/adapters/http/jupiter-order-executor.ts';
import { jupiterPriceFeed } from '#shared/adapters/http/jupiter-price-feed.ts';
import { address } from '#shared/domain/address.ts';
import { hasRecordings, recorded } from '../../support/recorded.ts';
import { testAddress } from '../../support/trades.ts';

const { signal } = new AbortController();
const answering = (status: number, body: unknown): JsonClient & { asked: unknown[] } => {
  const asked: unknown[] = [];
  return {
    asked,
    upstream: 'jupiter',
    request: async (request): Promise<JsonAnswer> => {
      asked.push(request);
      return { status, body, retryAfterSeconds: undefined };
    },
    close: async () => {},
  };
};
const attempt = { transaction: 'AQAB', requestId: 'request-1' };

/** What the executor makes of a recorded answer. */
const said = async (file: string) => {
  const client = answering(200, recorded(`jupiter/order-execute.docs.${file}.json`));
  return jupiterOrderExecutor(client).execute(attempt, signal);
};

describe('executing an order', () => {
  it.each([
    { code: -1, kind: 'refused', why: 'the order is forgotten' },
    { code: -2, kind: 'refused', why: 'the transaction is not understood' },
    { code: -3, kind: 'refused', why: 'the message is another' },
    { code: -1_000, kind: 'again', why: 'it did not land yet' },
    { code: -1_001, kind: 'again', why: 'nobody knows' },
    { code: -1_002, kind: 'refused', why: 'the transaction is invalid' },
    { code: -1_003, kind: 'refused', why: 'a signature is missing' },
    { code: -1_004, kind: 'refused', why: 'the block height is past' },
    { code: -2_000, kind: 'again', why: 'a market maker failed' },
    { code: 6_001, kind: 'again', why: 'it failed on chain, and only the chain says so' },
    { code: 0, kind: 'again', why: 'it says that it landed, and only the chain says so' },
  ])('with code $code: $why', async ({ code, kind }) => {
    const client = answering(200, { status: 'Failed', code, error: 'words' });
    expect(await jupiterOrderExecutor(client).execute(attempt, signal)).toMatchObject({ kind });
  });

  it('posts the bytes and the order that they belong to', async () => {
    const client = answering(200, { code: 0 });
    await jupiterOrderExecutor(client).execute(attempt, signal);
    expect(client.asked).toMatchObject([
      {
        path: '/swap/v2/execute',
        body: { signedTransaction: 'AQAB', requestId: 'request-1' },
        idempotent: false,
      },
    ]);
  });

  it.each([429, 500, 504])('asks again after HTTP %i', async (status) => {
    const executor = jupiterOrderExecutor(answering(status, undefined));
    expect(await executor.execute(attempt, signal)).toMatchObject({ kind: 'again' });
  });

  it.skipIf(!hasRecordings)('understands the answers that are on record', async () => {
    expect(await said('04-ultra-endpoint-codes')).toMatchObject({ kind: 'refused' });
    expect(await said('06-program-related-codes')).toEqual({
      kind: 'again',
      reason: 'Slippage tolerance exceeded (6001)',
    });
  });
});

describe('prices', () => {
  const PUMPED = address('8ZCmwpW3MtC5UpNcZf7U4HMvRNTo71syU11BDiAFpump');

  it.skipIf(!hasRecordings)('come in lamports for a base unit, of all mints at once', async () => {
    const client = answering(200, recorded('jupiter/price-v3.json'));
    const prices = await jupiterPriceFeed(client).prices([PUMPED, testAddress(1)], signal);
    expect([...prices.keys()]).toEqual([PUMPED]);
    // 0.0006045832 dollars a token of 6 decimals, SOL at 108.31695 dollars.
    expect(prices.get(PUMPED)?.lamportsPerUnit).toBeCloseTo(0.005_581_6, 6);
    expect(prices.get(PUMPED)?.liquidityUsd).toBeCloseTo(33_202.64, 1);
    expect(client.asked).toHaveLength(1);
  });

  it.each([
    ['no price of SOL', 200, { [testAddress(1)]: { usdPrice: 1, decimals: 6 } }],
    ['an error', 429, { message: 'Too many requests' }],
    ['something else', 200, ['no', 'object']],
  ])('are unknown after %s', async (_name, status, body) => {
    const prices = await jupiterPriceFeed(answering(status, body)).prices([testAddress(1)], signal);
    expect(prices.size).toBe(0);
  });

  it('are asked for in groups of fifty, SOL among them', async () => {
    const client = answering(200, {});
    const mints = Array.from({ length: 60 }, (_, seed) => testAddress(seed));
    await jupiterPriceFeed(client).prices(mints, signal);
    const counts = (client.asked as { query: { ids: string } }[]).map(
      ({ query }) => query.ids.split(',').length,
    );
    expect(counts).toEqual([50, 12]);
  });
});
