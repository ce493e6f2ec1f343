import { afterEach, describe, expect, it } from 'vitest';

import { type JsonClientOptions, jsonClient } from '#shared/adapters/http/json-client.ts';
import { isFault } from '#shared/domain/fault.ts';
import { endlessly, rawServer } from '../../support/raw-server.ts';

const never = new AbortController().signal;
const read = { idempotent: true, signal: never };
const SECRET = 'k3y-that-nobody-may-see';

const running: { stop: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const { stop } of running.splice(0)) await stop();
});

async function setUp(
  answer: Parameters<typeof rawServer>[0],
  options: Partial<JsonClientOptions> = {},
) {
  const server = await rawServer(answer);
  const client = jsonClient({
    upstream: 'test',
    url: server.origin,
    timeoutMs: 1_000,
    ...options,
    ...(options.url === undefined ? {} : { url: server.origin + options.url }),
  });
  running.push({ stop: client.close }, server);
  return { server, client };
}

const faultOf = async (promise: Promise<unknown>) => {
  try {
    await promise;
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
  throw new Error('it did not reject');
};

describe('a JSON client', () => {
  it('keeps path and query of its base, and sends its headers', async () => {
    const { server, client } = await setUp(
      (request, response) => {
        response.end(JSON.stringify({ headers: request.headers, method: request.method }));
      },
      { url: `/v2/?api-key=${SECRET}`, headers: { 'x-api-key': SECRET } },
    );
    const answer = await client.request({ ...read, path: '/search', query: { q: 'a b&c' } });
    expect(server.asked).toEqual([`/v2/search?api-key=${SECRET}&q=a+b%26c`]);
    expect(answer).toMatchObject({
      status: 200,
      body: { method: 'GET', headers: { 'x-api-key': SECRET, accept: 'application/json' } },
    });
  });

  it('posts a body as JSON to the base itself', async () => {
    const { server, client } = await setUp(
      (request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        request.on('end', () => {
          const type = request.headers['content-type'];
          response.end(JSON.stringify({ method: request.method, type, body }));
        });
      },
      { url: '/?api-key=x' },
    );
    const answer = await client.request({ ...read, body: { id: 1 } });
    expect(server.asked).toEqual(['/?api-key=x']);
    expect(answer.body).toEqual({ method: 'POST', type: 'application/json', body: '{"id":1}' });
  });

  it.each([
    ['of another status', 503, '{"error":"busy"}', { status: 503, body: { error: 'busy' } }],
    ['without a body', 204, '', { status: 204, body: undefined }],
    ['that is an error page', 502, '<html>', { status: 502, body: undefined }],
    ['that is a refusal in words', 400, 'no such mint', { status: 400, body: undefined }],
    ['with large integers', 200, '[18446744073709551615]', { body: [18_446_744_073_709_551_615n] }],
  ])('returns an answer %s', async (_what, status, body, expected) => {
    const { client } = await setUp((_request, response) => {
      response.writeHead(status).end(body);
    });
    expect(await client.request(read)).toMatchObject(expected);
  });

  it.each([
    ['seconds', '7', 7],
    ['no time', '0', 0],
    ['a date', 'Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    ['nonsense', '-4', undefined],
  ])('reads Retry-After of %s', async (_what, header, seconds) => {
    const { client } = await setUp((_request, response) => {
      response.writeHead(429, { 'retry-after': header }).end('{}');
    });
    expect(await client.request(read)).toMatchObject({ status: 429, retryAfterSeconds: seconds });
  });

  it('uses its connections again', async () => {
    const { server, client } = await setUp((_request, response) => {
      response.end('{}');
    });
    for (let calls = 0; calls < 20; calls += 1) await client.request(read);
    expect(server.asked).toHaveLength(20);
    // The next call may come a moment before the connection of the last one is free.
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  it.each([
    ['a read', true, 2],
    ['a send', false, 1],
  ])('asks %s again only where that is harmless', async (_what, idempotent, times) => {
    const { server, client } = await setUp((request) => {
      request.socket.destroy();
    });
    const fault = await faultOf(client.request({ ...read, idempotent }));
    expect(fault.code).toBe('upstream.unavailable');
    expect(server.asked).toHaveLength(times);
  });

  it('has the answer of the second try', async () => {
    const { client } = await setUp((request, response, count) => {
      if (count === 1) request.socket.destroy();
      else response.end('{"try":2}');
    });
    expect((await client.request(read)).body).toEqual({ try: 2 });
  });

  it('asks no second time after an answer, however bad', async () => {
    const { server, client } = await setUp((_request, response) => {
      response.writeHead(500).end('{}');
    });
    expect((await client.request(read)).status).toBe(500);
    expect(server.asked).toHaveLength(1);
  });

  it.each([
    ['not JSON', (response: { end: (text: string) => void }) => response.end('<html>hello')],
    ['cut off', (response: { end: (text: string) => void }) => response.end('{"a":')],
  ])('calls an answer malformed that is %s', async (_what, answer) => {
    const { server, client } = await setUp((_request, response) => {
      answer(response);
    });
    expect((await faultOf(client.request(read))).code).toBe('upstream.malformed');
    expect(server.asked).toHaveLength(1);
  });

  it('survives a document of a million brackets', async () => {
    const { client } = await setUp((_request, response) => {
      response.end('['.repeat(500_000) + '1234567890123456789' + ']'.repeat(500_000));
    });
    expect((await faultOf(client.request(read))).code).toBe('upstream.malformed');
  });

  it('takes as many bytes as it may, and no more', async () => {
    const body = JSON.stringify('x'.repeat(998));
    const answer: Parameters<typeof rawServer>[0] = (_request, response) => {
      response.end(body);
    };
    const { client } = await setUp(answer, { maxBytes: 1_000 });
    expect((await client.request(read)).status).toBe(200);
    const { client: narrower } = await setUp(answer, { maxBytes: 999 });
    const fault = await faultOf(narrower.request(read));
    expect(fault.context).toMatchObject({ reason: 'more than 999 bytes' });
  });

  it('stops an endless answer at its size', async () => {
    const { server, client } = await setUp(
      (_request, response) => {
        endlessly(response, 'x'.repeat(10_000));
      },
      { maxBytes: 50_000 },
    );
    expect((await faultOf(client.request(read))).code).toBe('upstream.malformed');
    expect(server.asked).toHaveLength(1);
  });

  it.each([
    ['never answers', () => undefined],
    [
      'stops in the middle of its answer',
      (response: { write: (text: string) => void }) => {
        response.write('{"a":');
      },
    ],
  ])('gives up on an upstream that %s', async (_what, answer) => {
    const { server, client } = await setUp(
      (_request, response) => {
        answer(response);
      },
      { timeoutMs: 30 },
    );
    const startedAt = performance.now();
    const fault = await faultOf(client.request(read));
    expect(fault.context).toEqual({ upstream: 'test', reason: 'timed out' });
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(server.asked).toHaveLength(1);
  });

  it('ends when its caller does', async () => {
    const { client } = await setUp(() => undefined);
    const ending = new AbortController();
    const asking = faultOf(client.request({ ...read, signal: ending.signal }));
    ending.abort();
    expect((await asking).code).toBe('upstream.unavailable');
  });

  it('gives up on an upstream that cannot be reached', async () => {
    // An address of documentation (RFC 5737): packets to it are lost, or refused at once.
    const client = jsonClient({ upstream: 'test', url: 'http://192.0.2.1', timeoutMs: 30 });
    running.push({ stop: client.close });
    const startedAt = performance.now();
    expect((await faultOf(client.request(read))).code).toBe('upstream.unavailable');
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  it('says that nobody listens', async () => {
    const { server, client } = await setUp(() => undefined);
    await server.stop();
    const fault = await faultOf(client.request(read));
    expect(fault.code).toBe('upstream.unavailable');
  });
});

describe('a fault of a JSON client', () => {
  it.each<[string, Parameters<typeof rawServer>[0]]>([
    ['a broken connection', (request) => void request.socket.destroy()],
    ['no answer in time', () => undefined],
    ['no JSON', (_request, response) => void response.end(`not JSON`)],
    [
      'a broken answer',
      (request, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"a":', () => request.socket.destroy());
      },
    ],
  ])('for %s tells no key', async (_what, answer) => {
    const { client } = await setUp(answer, {
      url: `/?api-key=${SECRET}`,
      headers: { authorization: `Bearer ${SECRET}` },
      timeoutMs: 30,
    });
    const fault = await faultOf(client.request({ ...read, body: { method: 'x' } }));
    const told = [fault.message, JSON.stringify(fault.context), fault.stack].join(' ');
    expect(told).not.toContain(SECRET);
  });

  it('for a key that is no header value tells no key', async () => {
    const { client } = await setUp(() => undefined, { headers: { 'x-api-key': `${SECRET}\n` } });
    const fault = await faultOf(client.request(read));
    expect(`${fault.message} ${fault.stack}`).not.toContain(SECRET);
  });
});
