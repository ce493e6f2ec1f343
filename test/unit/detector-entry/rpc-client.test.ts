import { describe, expect, it } from 'vitest';

import type { JsonAnswer, JsonClient, JsonRequest } from '#shared/adapters/http/json-client.ts';
import { rpcClient } from '#shared/adapters/solana/rpc-client.ts';
import { Fault } from '#shared/domain/fault.ts';

const { signal } = new AbortController();
const answer = (body: unknown, status = 200): JsonAnswer => ({
  status,
  body,
  retryAfterSeconds: undefined,
});
const unavailable = (upstream: string) =>
  new Fault('upstream.unavailable', { upstream, reason: 'timed out' });

/** An endpoint that answers, or throws, the same each time. */
function endpoint(upstream: string, reply: JsonAnswer | Fault) {
  const requests: JsonRequest[] = [];
  const client: JsonClient = {
    upstream,
    async request(request) {
      requests.push(request);
      if (reply instanceof Fault) throw reply;
      return reply;
    },
    close: async () => undefined,
  };
  return { client, requests };
}

describe('rpcClient', () => {
  it('asks in JSON-RPC 2.0 and answers with the result', async () => {
    const { client, requests } = endpoint('a', answer({ jsonrpc: '2.0', id: 1, result: [7] }));
    const rpc = rpcClient({ clients: [client] });

    expect(await rpc.call('getSlot', [{ commitment: 'confirmed' }], signal)).toEqual([7]);
    await rpc.call('getSlot', [], signal);

    expect(requests.map(({ body, idempotent }) => ({ body, idempotent }))).toEqual([
      {
        body: { jsonrpc: '2.0', id: 1, method: 'getSlot', params: [{ commitment: 'confirmed' }] },
        idempotent: true,
      },
      { body: { jsonrpc: '2.0', id: 2, method: 'getSlot', params: [] }, idempotent: true },
    ]);
  });

  it.each([
    { result: null, of: 'null, which is an answer' },
    { result: 0, of: 'zero' },
  ])('passes on $of', async ({ result }) => {
    const { client } = endpoint('a', answer({ result, error: null }));
    expect(await rpcClient({ clients: [client] }).call('m', [], signal)).toBe(result);
  });

  it.each([
    { when: 'an endpoint is out of reach', first: unavailable('a') },
    { when: 'it answers HTTP 429', first: answer(undefined, 429) },
    {
      when: 'it answers 429 in the body',
      first: answer({ error: { code: 429, message: 'slow' } }),
    },
    {
      when: 'it answers 429 in the body as Helius does',
      first: answer({ error: { code: -32_429, message: 'rate limited' } }, 200),
    },
    { when: 'it answers HTTP 503', first: answer('<html>', 503) },
    {
      when: 'it answers HTTP 500 with a JSON-RPC error',
      first: answer({ error: { code: -32_603, message: 'Internal error' } }, 500),
    },
  ])('asks the next endpoint when $when', async ({ first }) => {
    const a = endpoint('a', first);
    const b = endpoint('b', answer({ result: 'from b' }));
    const rpc = rpcClient({ clients: [a.client, b.client] });
    expect(await rpc.call('m', [], signal)).toBe('from b');
    expect(a.requests).toHaveLength(1);
  });

  it.each([
    {
      when: 'the question is refused',
      first: answer({ error: { code: -32_602, message: 'Invalid param: could not find mint' } }),
      fault: {
        code: 'upstream.refused',
        context: {
          upstream: 'a',
          status: -32_602,
          reason: 'getThis: Invalid param: could not find mint',
        },
      },
    },
    {
      when: 'the key is refused',
      first: answer({ error: { code: -32_401, message: 'missing api key' } }, 401),
      fault: { code: 'upstream.refused', context: { status: -32_401 } },
    },
    {
      when: 'it answers HTTP 404 with nothing to read',
      first: answer(undefined, 404),
      fault: { code: 'upstream.refused', context: { status: 404, reason: 'getThis: HTTP 404' } },
    },
    {
      when: 'the answer is none',
      first: answer({ hello: 1 }),
      fault: { code: 'upstream.malformed', context: { upstream: 'a' } },
    },
    {
      when: 'the answer is empty',
      first: answer(undefined),
      fault: { code: 'upstream.malformed', context: { upstream: 'a' } },
    },
  ])('asks no other endpoint when $when', async ({ first, fault }) => {
    const a = endpoint('a', first);
    const b = endpoint('b', answer({ result: 'from b' }));
    const rpc = rpcClient({ clients: [a.client, b.client] });
    await expect(rpc.call('getThis', [], signal)).rejects.toMatchObject(fault);
    expect(b.requests).toEqual([]);
  });

  it('fails with the last failure when every endpoint does', async () => {
    const a = endpoint('a', unavailable('a'));
    const b = endpoint('b', answer({ error: { code: 429, message: 'slow down' } }));
    await expect(
      rpcClient({ clients: [a.client, b.client] }).call('m', [], signal),
    ).rejects.toMatchObject({
      code: 'upstream.refused',
      context: { upstream: 'b', status: 429, reason: 'm: slow down' },
    });
  });

  it('asks no other endpoint when the time is up', async () => {
    const a = endpoint('a', unavailable('a'));
    const b = endpoint('b', answer({ result: 'from b' }));
    const rpc = rpcClient({ clients: [a.client, b.client] });
    await expect(rpc.call('m', [], AbortSignal.abort())).rejects.toMatchObject({
      context: { upstream: 'a' },
    });
    expect(b.requests).toEqual([]);
  });

  it('asks an endpoint last for half a minute that failed twice in a row', async () => {
    let nowMs = 0;
    const a = endpoint('a', unavailable('a'));
    const b = endpoint('b', answer({ result: 'from b' }));
    const rpc = rpcClient({ clients: [a.client, b.client], clock: { now: () => nowMs } });
    for (let call = 0; call < 5; call += 1) expect(await rpc.call('m', [], signal)).toBe('from b');
    expect(a.requests).toHaveLength(2);
    nowMs = 30_000;
    await rpc.call('m', [], signal);
    expect(a.requests).toHaveLength(3);
  });

  it('names the method as the kind of its requests: each takes its own time', async () => {
    const a = endpoint('a', answer({ result: 1 }));
    await rpcClient({ clients: [a.client] }).call('getThis', [], signal);
    expect(a.requests[0]?.kind).toBe('getThis');
  });
});
