import { describe, expect, it } from 'vitest';

import { checkQuote } from '#shared/swap/check-quote.ts';
import type { JsonAnswer, JsonClient, JsonRequest } from '#shared/adapters/http/json-client.ts';
import { jupiterQuoteApi } from '#shared/adapters/http/jupiter-quote-api.ts';
import { address } from '#shared/domain/address.ts';
import { Fault } from '#shared/domain/fault.ts';
import { testRequest } from '../../support/quotes.ts';
import { hasRecordings, recorded } from '../../support/recorded.ts';
import { testAddress, testPlan } from '../../support/trades.ts';

const recordedAnswer = (name: string): unknown => recorded(`jupiter/${name}`);
const { signal } = new AbortController();
const BOUGHT = address('DoVAVzViX8Bjy3r15nwikSaSbzE6dV4ovd28aWpJpump');

function clientOf(answer: Partial<JsonAnswer> | Error): JsonClient & { asked: JsonRequest[] } {
  const asked: JsonRequest[] = [];
  return {
    upstream: 'jupiter',
    asked,
    async request(request) {
      asked.push(request);
      if (answer instanceof Error) throw answer;
      return { status: 200, body: undefined, retryAfterSeconds: undefined, ...answer };
    },
    close: async () => {},
  };
}
const quoted = async (answer: Partial<JsonAnswer> | Error) =>
  jupiterQuoteApi(clientOf(answer)).quote(testRequest(), signal);

const order = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  inputMint: testRequest().inputMint,
  outputMint: testRequest().outputMint,
  inAmount: '100000000',
  outAmount: '18446744073709551615',
  otherAmountThreshold: '18446744073709551000',
  slippageBps: 0,
  priceImpact: -2.1957,
  feeBps: 10,
  signatureFeeLamports: 5000,
  prioritizationFeeLamports: 696237,
  rentFeeLamports: 2039280,
  router: 'metis',
  requestId: 'request-1',
  transaction: null,
  ...over,
});

describe('Jupiter orders', () => {
  it('are asked for with the amount to the lamport, and a taker only when there is one', async () => {
    const client = clientOf({ body: order() });
    const api = jupiterQuoteApi(client);
    await api.quote(testRequest({ amount: 9_007_199_254_740_993n }), signal);
    await api.quote(testRequest({ taker: testAddress(5) }), signal);
    expect(client.asked.map(({ path, query }) => ({ path, query }))).toEqual([
      {
        path: '/swap/v2/order',
        query: {
          inputMint: testRequest().inputMint,
          outputMint: testRequest().outputMint,
          amount: '9007199254740993',
          slippageBps: '300',
        },
      },
      {
        path: '/swap/v2/order',
        query: expect.objectContaining({ taker: testAddress(5) }) as unknown,
      },
    ]);
  });

  it('keep amounts of any size, and add up what the network takes', async () => {
    expect(await quoted({ body: order() })).toMatchObject({
      kind: 'quoted',
      quote: {
        outAmount: 18_446_744_073_709_551_615n,
        networkLamports: 2_740_517n,
        priceImpactBps: 220,
      },
    });
  });

  it.each([
    [{ priceImpact: -2.1957 }, 220],
    [{ priceImpact: 2.1957 }, 220],
    [{ priceImpact: 0 }, 0],
    [{ priceImpact: undefined, priceImpactPct: '-0.0219' }, 219],
    [{ priceImpact: null, priceImpactPct: 'n/a' }, null],
    [{ priceImpact: undefined, priceImpactPct: undefined }, null],
  ])('with %j have a price impact of %s bps', async (over, priceImpactBps) => {
    expect(await quoted({ body: order(over) })).toMatchObject({ quote: { priceImpactBps } });
  });

  it.each([429, 408, 500, 502, 503])('answered with %i may come later', async (status) => {
    expect(await quoted({ status })).toEqual({
      kind: 'unavailable',
      reason: `HTTP ${status}`,
      retryAfterMs: undefined,
    });
  });

  it('say how long to wait', async () => {
    expect(await quoted({ status: 429, retryAfterSeconds: 2 })).toMatchObject({
      retryAfterMs: 2_000,
    });
  });

  it('are unavailable when the connection fails, with the reason', async () => {
    const fault = new Fault('upstream.unavailable', { upstream: 'jupiter', reason: 'timed out' });
    expect(await quoted(fault)).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining('timed out') as unknown,
    });
  });

  it.each([
    ['an unknown key', 401],
    ['a key without this right', 403],
    ['a wrong request', 400],
  ])('are refused for %s', async (_why, status) => {
    expect(await quoted({ status, body: { message: 'no' } })).toEqual({
      kind: 'refused',
      reason: `HTTP ${status}: no`,
    });
  });

  it.each([
    ['nothing', undefined],
    ['a list', []],
    ['no amount', order({ outAmount: undefined })],
    ['a negative amount', order({ outAmount: '-5' })],
    ['an amount beyond a u64', order({ outAmount: '18446744073709551616' })],
    ['an amount as a number', order({ inAmount: 100000000 })],
    ['no address', order({ outputMint: 'x' })],
    ['a fee of more than the whole', order({ feeBps: 10_001 })],
  ])('of another shape are no quote: %s', async (_what, body) => {
    expect(await quoted({ body })).toMatchObject({ kind: 'unavailable' });
  });
});

describe.skipIf(!hasRecordings)('recorded Jupiter answers', () => {
  const buy = { ...testRequest({ outputMint: BOUGHT }), slippageBps: 300 };

  it('quote a buy without a taker, which passes the checks', async () => {
    const answer = await quoted({ body: recordedAnswer('ultra-order.buy-no-taker.json') });
    if (answer.kind !== 'quoted') throw new Error(answer.reason);
    expect(answer.quote).toEqual({
      inputMint: 'So11111111111111111111111111111111111111112',
      outputMint: BOUGHT,
      inAmount: 100_000_000n,
      outAmount: 16_239_400_281n,
      minOutAmount: 16_239_400_281n,
      slippageBps: 0,
      priceImpactBps: 220,
      feeBps: 10,
      networkLamports: 0n,
      router: 'metis',
      requestId: '01a11c56-cfde-72ec-a552-db4ef3aa8c67',
      transaction: null,
      lastValidBlockHeight: null,
      expireAt: null,
    });
    expect(checkQuote(answer.quote, buy, testPlan())).toBeUndefined();
    expect(checkQuote(answer.quote, buy, testPlan({ maxPriceImpactBps: 219 }))).toContain('impact');
  });

  it('quote a sell, which is not the buy that was asked for', async () => {
    const answer = await quoted({ body: recordedAnswer('ultra-order.sell-no-taker.json') });
    if (answer.kind !== 'quoted') throw new Error(answer.reason);
    expect(answer.quote.priceImpactBps).toBe(3);
    expect(checkQuote(answer.quote, buy, testPlan())).toBe(`it sells ${BOUGHT}`);
  });

  it('carry a transaction and fees for a taker', async () => {
    const answer = await quoted({ body: recordedAnswer('order-execute.docs.01-metis.json') });
    expect(answer).toMatchObject({
      kind: 'quoted',
      quote: {
        router: 'metis',
        networkLamports: 701_237n,
        slippageBps: 26,
        transaction: expect.stringMatching(/^AQAAAA/) as unknown,
      },
    });
  });

  it('name the end of a market maker’s offer', async () => {
    const answer = await quoted({
      body: recordedAnswer('order-execute.docs.02-jupiterz-rfq.json'),
    });
    expect(answer).toMatchObject({ quote: { router: 'jupiterz', expireAt: 1_758_598_698 } });
  });

  it.each([
    ['ultra-order.buy-insufficient-funds.json', 200, 'refused', 'Insufficient funds (1)'],
    ['order-execute.docs.03-400-response-code.json', 400, 'refused', 'Failed to get quotes'],
    ['order-execute.docs.04-ultra-endpoint-codes.json', 200, 'refused', 'Order not found'],
    ['error.swap-v1-quote.no-route.json', 400, 'refused', 'Could not find any route'],
    ['error.swap-v1-quote.token-not-tradable.json', 400, 'refused', 'is not tradable'],
    ['error.429-gateway.docs.json', 429, 'unavailable', 'HTTP 429'],
    ['swap-v1-quote.bonding-curve.json', 200, 'unavailable', 'not an order'],
    ['price-v3.json', 200, 'unavailable', 'not an order'],
  ])('%s with status %i is %s', async (name, status, kind, words) => {
    const answer = await quoted({ status, body: recordedAnswer(name) });
    expect(answer).toMatchObject({ kind, reason: expect.stringContaining(words) as unknown });
  });
});
