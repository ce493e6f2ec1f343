import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import { type Market, startMarket } from '#infra/local/market/start-market.ts';
import { OPENINGS } from '#infra/local/market/venues/openings.ts';
import { hasRecordings, recorded } from '../../support/recorded.ts';
import { type Json, getJson, rpc } from './market-client.ts';

type Transaction = {
  meta: Json & {
    err: unknown;
    postTokenBalances: Json[];
    loadedAddresses: { writable: string[]; readonly: string[] };
  };
  transaction: { signatures: string[]; message: { accountKeys: string[] } };
};
type Delivery = { authorization: string | undefined; transactions: Transaction[] };

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function aMarket(options: Parameters<typeof startMarket>[0]): Promise<Market> {
  const market = await startMarket({ latencyMs: 0, indexing: 'instant', ...options });
  stops.push(async () => market.close());
  return market;
}

/** A receiver of webhooks; `refuse` answers 500 to so many of its first requests. */
async function aReceiver(refuse = 0) {
  const deliveries: Delivery[] = [];
  let requests = 0;
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests += 1;
      response.statusCode = requests <= refuse ? 500 : 200;
      if (response.statusCode === 200) {
        const { authorization } = request.headers;
        const transactions = JSON.parse(Buffer.concat(chunks).toString()) as Transaction[];
        deliveries.push({ authorization, transactions });
      }
      response.end('{}');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  stops.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, deliveries, requests: () => requests };
}

async function untilDelivered(market: Market): Promise<void> {
  const counts = () => market.webhooks.inFlight;
  await expect.poll(counts, { timeout: 10_000, interval: 10 }).toBe(0);
}

async function register(market: Market, url: string): Promise<void> {
  const body = JSON.stringify({ url, authorization: 'a secret' });
  await fetch(`${market.url}/market/webhook`, { method: 'POST', body });
}

/** What a fresh market opens with this seed. */
async function openedWith(seed: string) {
  const market = await aMarket({ seed });
  await market.open({ tokens: 25, arrivals: 'burst' });
  return market.truth().map(({ mint, opening, archetype }) => ({ mint, opening, archetype }));
}

const keys = (value: unknown) => Object.keys(value as Json).sort();

async function setFault(market: Market, fault: object) {
  return fetch(`${market.url}/market/faults`, { method: 'POST', body: JSON.stringify(fault) });
}

describe('openings', () => {
  it.each(OPENINGS.map(([{ id }]) => id))('%s lands with its vaults filled', async (id) => {
    const market = await aMarket({ venues: { [id]: 1 }, seed: id, noise: 0 });
    await market.open({ tokens: 3 });
    expect(market.truth()).toHaveLength(3);
    for (const truth of market.truth()) {
      const { recipe, place } = market.book.get(truth.mint)!;
      const landed = market.chain.history.get(truth.signature!)!;
      expect(landed.err).toBeNull();
      expect(landed.slot).toBe(truth.slot);
      const bought = recipe.bundle.reduce((sum, { amount }) => sum + amount, 0n);
      const filled = landed.postTokenBalances.find(
        ({ owner, mint }) => owner === place.authority && mint === recipe.mint,
      );
      expect(filled?.amount).toBe(recipe.poolAmount + bought);
    }
  });

  it('are the same for the same seed, and others for another', async () => {
    const first = await openedWith('one');
    expect(await openedWith('one')).toEqual(first);
    expect(await openedWith('two')).not.toEqual(first);
  });

  it('are told to the webhook in bodies of several, noise among them', async () => {
    const market = await aMarket({ seed: 'hook', noise: 1, duplicateRate: 0 });
    const receiver = await aReceiver();
    await register(market, receiver.url);
    await market.open({ tokens: 60 });
    await untilDelivered(market);
    const all = receiver.deliveries.flatMap(({ transactions }) => transactions);
    const signatures = all.map(({ transaction }) => transaction.signatures[0]);
    expect(new Set(signatures).size).toBe(signatures.length);
    expect(signatures).toEqual(expect.arrayContaining(market.truth().map((one) => one.signature)));
    expect(receiver.deliveries.every(({ authorization }) => authorization === 'a secret')).toBe(
      true,
    );
    expect(
      Math.max(...receiver.deliveries.map(({ transactions }) => transactions.length)),
    ).toBeGreaterThan(1);
    expect(all.length).toBeGreaterThan(market.truth().length);
    expect(all.some(({ meta }) => meta.err !== null)).toBe(true);
    expect(all.every(({ transaction }) => transaction.message.accountKeys.length > 0)).toBe(true);
  });

  it.skipIf(!hasRecordings)('have the shape of a raw webhook', async () => {
    const market = await aMarket({ seed: 'shape', noise: 0, venues: { 'pump-fun/migrate': 1 } });
    const receiver = await aReceiver();
    await register(market, receiver.url);
    await market.open({ tokens: 1 });
    await untilDelivered(market);
    const made = receiver.deliveries[0]!.transactions[0]!;
    const [model] = recorded('helius/webhook.raw.docs.json') as Transaction[];
    expect(keys(made).filter((key) => key !== 'version')).toEqual(
      keys(model!).filter((key) => key !== 'version'),
    );
    expect(keys(made.meta)).toEqual(keys(model!.meta));
    expect(keys(made.transaction.message)).toEqual(keys(model!.transaction.message));
    expect(keys(made.meta.postTokenBalances[0])).toEqual(keys(model!.meta.postTokenBalances[0]));
  });

  it('are sent again to a receiver that refuses', async () => {
    const market = await aMarket({ seed: 'retry', noise: 0, duplicateRate: 0 });
    const receiver = await aReceiver(2);
    await register(market, receiver.url);
    await market.open({ tokens: 1 });
    await untilDelivered(market);
    expect(receiver.requests()).toBe(3);
    expect(receiver.deliveries).toHaveLength(1);
  });

  it('are delivered twice as often as asked for', async () => {
    const market = await aMarket({ seed: 'twice', noise: 0, duplicateRate: 1 });
    const receiver = await aReceiver();
    await register(market, receiver.url);
    await market.open({ tokens: 2 });
    await untilDelivered(market);
    const all = receiver.deliveries.flatMap(({ transactions }) => transactions);
    const signatures = all.map(({ transaction }) => transaction.signatures[0]);
    expect(signatures.filter((one) => one === market.truth()[0]!.signature)).toHaveLength(2);
  });

  it('follow the admin’s order, and say how far they have come', async () => {
    const market = await aMarket({ seed: 'admin', noise: 0 });
    const response = await fetch(`${market.url}/market/open`, {
      method: 'POST',
      body: JSON.stringify({ tokens: 12, arrivals: 'poisson', ratePerSecond: 200 }),
    });
    expect(response.status).toBe(202);
    expect(await getJson(`${market.url}/market/status`)).toMatchObject({
      prepared: 12,
      tokens: 12,
    });
    const state = async () => (await getJson(`${market.url}/market/status`))['state'];
    await expect.poll(state, { timeout: 5_000 }).toBe('done');
    expect(await getJson<Json[]>(`${market.url}/market/truth`)).toHaveLength(12);
    const stats = await getJson<{ cpuMs: number; transactions: number }>(
      `${market.url}/market/stats`,
    );
    expect(stats.cpuMs).toBeGreaterThan(0);
    expect(stats.transactions).toBeGreaterThanOrEqual(12);
    const bad = await fetch(`${market.url}/market/open`, { method: 'POST', body: '{"tokens":0}' });
    expect(bad.status).toBe(400);
  });
});

describe('faults', () => {
  it('break, limit and spoil an upstream until they end', async () => {
    const market = await aMarket({ seed: 'faults' });
    const ask = async () => fetch(`${market.url}/dexscreener/token-pairs/v1/solana/x`);
    await setFault(market, { upstream: 'dexscreener', kind: 'down' });
    await expect(ask()).rejects.toThrow(/fetch failed/);
    await setFault(market, { upstream: 'dexscreener', kind: 'none' });
    await setFault(market, { upstream: 'dexscreener', kind: '429', retryAfterSeconds: 3 });
    const limited = await ask();
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3']);
    await setFault(market, { upstream: 'dexscreener', kind: 'none' });
    await setFault(market, { upstream: 'dexscreener', kind: 'garbage' });
    const garbage = await ask();
    expect(garbage.status).toBe(200);
    await expect(garbage.json()).rejects.toThrow(SyntaxError);
    await setFault(market, { upstream: 'dexscreener', kind: 'none' });
    expect((await ask()).status).toBe(200);
  });

  it('hang for as long as the caller waits', async () => {
    const market = await aMarket({ seed: 'hang' });
    await setFault(market, { upstream: 'x', kind: 'hang' });
    const signal = AbortSignal.timeout(150);
    await expect(fetch(`${market.url}/x/2/users/by/username/a`, { signal })).rejects.toThrow(
      /timeout/,
    );
  });

  it('answer limits in each upstream’s own words', async () => {
    const market = await aMarket({ seed: 'words' });
    await setFault(market, { upstream: 'all', kind: '429' });
    expect(await rpc(market.url, 'getSlot')).toEqual({
      jsonrpc: '2.0',
      error: { code: 429, message: 'Too many requests for a specific RPC call' },
      id: 1,
    });
    expect(await getJson(`${market.url}/jupiter/tokens/v2/search?query=a`)).toEqual({
      message: '[API Gateway] Too many requests',
    });
  });

  it('take the latency that the options ask for', async () => {
    const market = await aMarket({ seed: 'slow', latencyMs: 80, sigma: 0 });
    const startedMs = performance.now();
    await rpc(market.url, 'getSlot');
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(78);
    const stats = await getJson<{ requests: Json[] }>(`${market.url}/market/stats`);
    expect(stats.requests).toEqual([
      expect.objectContaining({ upstream: 'rpc', route: 'getSlot', requests: 1, faults: 0 }),
    ]);
  });
});
