import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { afterEach, describe, expect, it } from 'vitest';

import type { LandedTransaction } from '#infra/local/market/chain/landed-transaction.ts';
import { WebhookSender } from '#infra/local/market/openings/webhook-sender.ts';
import { Random } from '#infra/local/market/random.ts';
import { startMarket } from '#infra/local/market/start-market.ts';

type Waiting = { readonly transactions: number; readonly answer: (status: number) => void };

/** A receiver whose answers the test gives by hand, or at once with `status`. */
async function receiver() {
  const state = { most: 0, open: 0, bodies: [] as number[], statuses: [] as number[] };
  const waiting: Waiting[] = [];
  const byHand = { on: false };
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const transactions = (JSON.parse(await text(request)) as unknown[]).length;
    state.open += 1;
    state.most = Math.max(state.most, state.open);
    state.bodies.push(transactions);
    const answer = (status: number) => {
      state.open -= 1;
      response.writeHead(status).end();
    };
    if (byHand.on) waiting.push({ transactions, answer });
    else answer(state.statuses.shift() ?? 200);
  };
  const server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { state, waiting, byHand, url, stop };
}

const until = async (done: () => boolean): Promise<void> => {
  while (!done()) await new Promise((resolve) => setImmediate(resolve));
};

/** Real transactions: what a market has landed for three tokens. */
async function landedTransactions(): Promise<LandedTransaction[]> {
  const market = await startMarket({ seed: 'sender', latencyMs: 0, noise: 0 });
  const landed: LandedTransaction[] = [];
  const deliver = market.webhooks.deliver.bind(market.webhooks);
  market.webhooks.deliver = (transactions) => {
    landed.push(...transactions);
    deliver(transactions);
  };
  await market.open({ tokens: 3, ratePerSecond: 1_000 });
  await market.close();
  return landed;
}

describe('WebhookSender', () => {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });

  async function setUp(duplicateRate = 0) {
    const to = await receiver();
    const sender = new WebhookSender(new Random('sender'), duplicateRate);
    sender.register({ url: to.url, authorization: 'secret' });
    cleanups.push(to.stop, async () => sender.close());
    const [transaction] = await landedTransactions();
    const land = (count: number) => {
      for (let index = 0; index < count; index += 1) sender.deliver([transaction!]);
    };
    return { to, sender, land };
  }

  it('has at most four bodies on their way, and gathers a hundred transactions while it waits', async () => {
    const { to, sender, land } = await setUp();
    to.byHand.on = true;
    land(100);
    await until(() => to.waiting.length === 4);
    expect(to.state.bodies).toEqual([25, 25, 25, 25]);
    land(250);
    expect(sender.inFlight).toBe(5);
    for (let place = 0; place < 3; place += 1) {
      to.waiting[place]!.answer(200);
      await until(() => to.waiting.length === 5 + place);
    }
    expect(to.state.bodies.slice(4)).toEqual([100, 100, 50]);
    expect(to.state.most).toBe(4);
    for (const { answer } of to.waiting.slice(3)) answer(200);
    await until(() => sender.inFlight === 0);
    expect(sender.counts).toMatchObject({ bodies: 7, transactions: 350, retries: 0, failed: 0 });
  });

  it('counts a second copy as one more on its way', async () => {
    const { to, sender, land } = await setUp(1);
    to.byHand.on = true;
    land(75);
    await until(() => to.waiting.length === 4);
    expect(to.state.most).toBe(4);
    expect(sender.inFlight).toBe(5);
    for (let next = 0; next < 6; next += 1) {
      await until(() => to.waiting.length > next);
      to.waiting[next]!.answer(200);
    }
    await until(() => sender.inFlight === 0);
    expect(to.state.bodies).toHaveLength(6);
    expect(sender.counts).toMatchObject({ bodies: 6, transactions: 75, duplicates: 3 });
  });

  it('tries again what is refused while the receiver is cold', async () => {
    const { to, sender, land } = await setUp();
    to.state.statuses.push(429, 503, 200);
    land(25);
    await until(() => sender.counts.bodies === 1);
    expect(to.state.bodies).toEqual([25, 25, 25]);
    expect(sender.counts).toMatchObject({ retries: 2, failed: 0 });
  });

  it('ends at once when it is closed in the middle of a pause', async () => {
    const { to, sender, land } = await setUp();
    to.state.statuses.push(...Array.from({ length: 9 }, () => 429));
    land(25);
    await until(() => sender.counts.retries === 3);
    const startMs = performance.now();
    await sender.close();
    expect(performance.now() - startMs).toBeLessThan(500);
    expect(sender.counts).toMatchObject({ bodies: 0, failed: 1 });
  });
});
