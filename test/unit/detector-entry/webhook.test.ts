import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import {
  type WebhookDeps,
  type WebhookRequest,
  receiveWebhook,
} from '#functions/detector/webhook.ts';
import { VENUES } from '#shared/domain/venue.ts';
import { aLaunch, aPool, aTransaction, openedBy } from '../../support/chain-transactions.ts';
import { DETECTED_AT_MS } from '../../support/detections.ts';
import { memoryTokenCaps } from '../../support/memory-token-caps.ts';
import { memoryTokenQueue } from '../../support/memory-token-queue.ts';

const SECRET = 'a secret of the webhook';
const MAX_BODY_BYTES = 100_000;
const { signal } = new AbortController();

function bench(changes: Partial<WebhookDeps> = {}) {
  const queue = memoryTokenQueue();
  const deps: WebhookDeps = {
    queue,
    caps: memoryTokenCaps(),
    clock: { now: () => DETECTED_AT_MS },
    secret: SECRET,
    maxBodyBytes: MAX_BODY_BYTES,
    scope: { venues: new Set(VENUES), analyzeLaunches: true },
    ...changes,
  };
  const receive = async (request: Partial<WebhookRequest>) =>
    receiveWebhook(
      deps,
      { method: 'POST', headers: { authorization: SECRET }, body: Buffer.from('[]'), ...request },
      signal,
    );
  const post = async (body: unknown, headers: WebhookRequest['headers'] = {}) =>
    receive({
      headers: { authorization: SECRET, ...headers },
      body: Buffer.from(JSON.stringify(body)),
    });
  return { queue, receive, post };
}

const signed = (body: Buffer, secret = SECRET) => ({
  'x-qn-nonce': 'n-1',
  'x-qn-timestamp': '1793534400',
  'x-qn-signature': createHmac('sha256', secret)
    .update(Buffer.concat([Buffer.from('n-11793534400'), body]))
    .digest('hex'),
});

describe('receiveWebhook', () => {
  it('queues each opened pool as its first look', async () => {
    const { queue, post } = bench();

    const outcome = await post([aLaunch({ name: 'a' }), aTransaction({ name: 'b' })]);

    expect(outcome).toMatchObject({ kind: 'accepted', transactions: 2, unresolved: 0, dropped: 0 });
    expect(queue.messages).toHaveLength(1);
    expect(queue.messages[0]).toMatchObject({
      ...openedBy('a'),
      venue: 'pump-fun',
      event: 'launch',
      version: 1,
      slot: 400_000_000,
      blockTime: DETECTED_AT_MS / 1_000,
      detectedAt: DETECTED_AT_MS,
      dueAt: DETECTED_AT_MS,
      source: 'webhook',
      look: 1,
    });
  });

  it.each([
    { shape: 'the result of getTransaction', body: aLaunch({ name: 'a' }) },
    { shape: 'a whole answer of getTransaction', body: { result: aLaunch({ name: 'a' }) } },
    {
      shape: 'a transactionNotification',
      body: { params: { result: { slot: 7, transaction: aLaunch({ name: 'a' }) } } },
    },
    { shape: 'a list of one', body: [aLaunch({ name: 'a' })] },
  ])('accepts $shape', async ({ body }) => {
    const { queue, post } = bench();
    expect(await post(body)).toMatchObject({ kind: 'accepted', transactions: 1 });
    expect(queue.messages.map(({ mint }) => mint)).toEqual([openedBy('a').mint]);
  });

  it('queues a pool once that two transactions tell of, as the first of them tells', async () => {
    const { queue, post } = bench();
    await post([aLaunch({ name: 'a', slot: 7 }), aLaunch({ name: 'a', slot: 8 })]);
    expect(queue.messages).toMatchObject([{ ...openedBy('a'), slot: 7 }]);
  });

  it('counts an opening that it cannot tell, and still answers well', async () => {
    const { queue, post } = bench();
    const outcome = await post([aPool({ name: 'a', quoteMint: openedBy('other').mint })]);
    expect(outcome).toMatchObject({ kind: 'accepted', transactions: 1, unresolved: 1 });
    expect(queue.messages).toEqual([]);
  });

  it('leaves launches out when the configuration says so', async () => {
    const scope = { venues: new Set(VENUES), analyzeLaunches: false };
    const { queue, post } = bench({ scope });
    await post([aLaunch({ name: 'a' }), aPool({ name: 'b' })]);
    expect(queue.messages.map(({ mint }) => mint)).toEqual([openedBy('b').mint]);
  });

  it('leaves out venues that are not configured', async () => {
    const scope = { venues: new Set(['pump-fun'] as const), analyzeLaunches: true };
    const { queue, post } = bench({ scope });
    await post([aLaunch({ name: 'a' }), aPool({ name: 'b' })]);
    expect(queue.messages.map(({ mint }) => mint)).toEqual([openedBy('a').mint]);
  });

  it('rejects when the queue refused a part, so that the sender tries again', async () => {
    const { queue, post } = bench();
    queue.refuse = ({ mint }) => mint === openedBy('a').mint;
    await expect(post([aLaunch({ name: 'a' }), aLaunch({ name: 'b' })])).rejects.toMatchObject({
      code: 'queue.refused',
      context: { refused: 1 },
    });
  });
});

describe('receiveWebhook and its caps', () => {
  it('drops launches before pools beyond the cap', async () => {
    const { queue, post } = bench({ caps: memoryTokenCaps(2) });
    const outcome = await post([
      aLaunch({ name: 'a' }),
      aLaunch({ name: 'b' }),
      aPool({ name: 'c' }),
    ]);
    expect(outcome).toMatchObject({ kind: 'accepted', dropped: 1 });
    expect(queue.messages.map(({ mint }) => mint)).toEqual([
      openedBy('c').mint,
      openedBy('a').mint,
    ]);
  });

  it('detects on when a cap cannot be read, and says so', async () => {
    const { queue, post } = bench({ caps: memoryTokenCaps(0, 'cap#minute: throttled') });
    const outcome = await post([aLaunch({ name: 'a' })]);
    expect(outcome).toMatchObject({ kind: 'accepted', capUnread: 'cap#minute: throttled' });
    expect(queue.messages).toHaveLength(1);
  });

  it('asks no cap when nothing was found', async () => {
    const caps = {
      take: () => {
        throw new Error('must not be called');
      },
    };
    const { post } = bench({ caps });
    expect(await post([aTransaction({ name: 'a' })])).toMatchObject({ kind: 'accepted' });
  });
});

describe('receiveWebhook and who may send', () => {
  it.each(['GET', 'PUT', 'DELETE', 'HEAD', ''])('refuses %s', async (method) => {
    expect(await bench().receive({ method })).toMatchObject({ kind: 'refused', status: 405 });
  });

  it.each([
    { when: 'there is no Authorization header', headers: {} },
    { when: 'the header is empty', headers: { authorization: '' } },
    { when: 'the secret is another', headers: { authorization: 'a secret of the webhooK' } },
    { when: 'the secret is longer', headers: { authorization: `${SECRET} ` } },
    { when: 'the secret is shorter', headers: { authorization: SECRET.slice(0, -1) } },
    { when: 'a signature is made up', headers: { 'x-qn-signature': 'ab'.repeat(32) } },
    { when: 'a signature is empty', headers: { 'x-qn-signature': '' } },
  ])('refuses with 401 when $when, whatever the body', async ({ headers }) => {
    const { queue, receive } = bench();
    const body = Buffer.from(JSON.stringify([aLaunch({ name: 'a' })]));
    expect(await receive({ headers, body })).toMatchObject({ kind: 'refused', status: 401 });
    expect(queue.messages).toEqual([]);
  });

  it('looks at nothing of a body from a stranger', async () => {
    const body = new Proxy(Buffer.alloc(MAX_BODY_BYTES + 1), {
      get: () => {
        throw new Error('the body was looked at');
      },
    });
    const outcome = await bench().receive({ headers: { authorization: 'wrong' }, body });
    expect(outcome).toMatchObject({ kind: 'refused', status: 401 });
  });

  it('accepts a QuickNode stream by its signature', async () => {
    const { queue, receive } = bench();
    const body = Buffer.from(JSON.stringify({ data: [aLaunch({ name: 'a' })], metadata: {} }));
    const outcome = await receive({ headers: signed(body), body });
    expect(outcome).toMatchObject({ kind: 'accepted', transactions: 1 });
    expect(queue.messages).toHaveLength(1);
  });

  it('checks the signature over the body before compression', async () => {
    const body = Buffer.from(JSON.stringify({ data: [[aLaunch({ name: 'a' })]], metadata: {} }));
    const outcome = await bench().receive({
      headers: { ...signed(body), 'content-encoding': 'gzip' },
      body: gzipSync(body),
    });
    expect(outcome).toMatchObject({ kind: 'accepted', transactions: 1 });
  });

  it.each([
    { what: 'body', change: { body: Buffer.from('{"data":[],"metadata":{} }') } },
    { what: 'nonce', header: { 'x-qn-nonce': 'n-2' } },
    { what: 'timestamp', header: { 'x-qn-timestamp': '1793534401' } },
  ])('refuses a signature over another $what', async ({ change = {}, header = {} }) => {
    const body = Buffer.from('{"data":[],"metadata":{}}');
    const headers = { ...signed(body), ...header };
    expect(await bench().receive({ headers, body, ...change })).toMatchObject({ status: 401 });
  });

  it('acknowledges an empty batch of a stream, which would stop otherwise', async () => {
    const body = Buffer.from('{"data":[],"metadata":{}}');
    expect(await bench().receive({ headers: signed(body), body })).toMatchObject({
      kind: 'accepted',
      transactions: 0,
    });
  });
});

describe('receiveWebhook and the body', () => {
  const atLimit = Buffer.from(JSON.stringify([aLaunch({ name: 'a' })]).padEnd(MAX_BODY_BYTES, ' '));

  it.each([
    { says: 'accepted', when: 'it is at the limit', body: atLimit, encoding: '' },
    {
      says: 413,
      when: 'it is one byte over',
      body: Buffer.concat([atLimit, Buffer.from(' ')]),
      encoding: '',
    },
    {
      says: 'accepted',
      when: 'it inflates to the limit',
      body: gzipSync(atLimit),
      encoding: 'gzip',
    },
    {
      says: 413,
      when: 'it inflates to one byte over',
      body: gzipSync(Buffer.concat([atLimit, Buffer.from(' ')])),
      encoding: 'GZIP',
    },
    {
      says: 413,
      when: 'it is a bomb',
      body: gzipSync(Buffer.alloc(50_000_000)),
      encoding: 'gzip',
    },
    { says: 400, when: 'it only says that it is gzip', body: Buffer.from('[]'), encoding: 'gzip' },
    {
      says: 400,
      when: 'its gzip breaks off',
      body: gzipSync(atLimit).subarray(0, 200),
      encoding: 'gzip',
    },
    { says: 415, when: 'it is compressed otherwise', body: Buffer.from('[]'), encoding: 'br' },
  ])('says $says when $when', async ({ says, body, encoding }) => {
    const outcome = await bench().receive({
      headers: { authorization: SECRET, 'content-encoding': encoding },
      body,
    });
    expect(outcome.kind === 'accepted' ? 'accepted' : outcome.status).toBe(says);
  });

  it.each([
    { when: 'it is empty', text: '', reason: /not JSON/ },
    { when: 'it is not JSON', text: 'hello', reason: /not JSON/ },
    { when: 'it is an empty list', text: '[]', reason: /no transaction/ },
    { when: 'it is a number', text: '7', reason: /not a transaction/ },
    { when: 'it is an object of another kind', text: '{"hello":1}', reason: /hello/ },
    { when: 'it lists something else', text: '[{"hello":1}]', reason: /hello/ },
    {
      when: 'it is an enhanced webhook',
      text: '[{"accountData":[],"signature":"x","type":"SWAP"}]',
      reason: /"raw" \(webhookType\)/,
    },
  ])('refuses with 400 and the reason when $when', async ({ text, reason }) => {
    const outcome = await bench().receive({ body: Buffer.from(text) });
    expect(outcome).toMatchObject({
      kind: 'refused',
      status: 400,
      reason: expect.stringMatching(reason) as string,
    });
  });

  it('does not send a long body back in its reason', async () => {
    const body = Buffer.from(JSON.stringify({ ['x'.repeat(50_000)]: 1 }));
    const outcome = await bench().receive({ body });
    expect(outcome.kind === 'refused' && outcome.reason.length).toBeLessThanOrEqual(300);
  });

  it('takes what it can read of a list, and counts the rest', async () => {
    const { queue, post } = bench();
    const outcome = await post([{ hello: 1 }, aLaunch({ name: 'a' })]);
    expect(outcome).toMatchObject({ kind: 'accepted', transactions: 1, unreadable: 1 });
    expect(queue.messages).toHaveLength(1);
  });
});
