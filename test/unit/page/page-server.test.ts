import { request } from 'node:http';

import { afterEach, describe, expect, it } from 'vitest';

import { type PageServer, type Route, startPageServer } from '#cli/page/page-server.ts';
import { pageRoutes } from '#cli/page/page-routes.ts';
import type { PageSource } from '#cli/page/page-source.ts';
import type { FeedEvent } from '#cli/page/protocol.ts';
import { SECURITY_HEADERS } from '#cli/page/request-guard.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const MINT = 'So11111111111111111111111111111111111111112';

const never = (what: string) => (): never => {
  throw new Error(`${what} was not to be asked`);
};
const source = (over: Partial<PageSource>): PageSource => ({
  about: {
    where: 'the test',
    localChain: true,
    mode: 'paper',
    poolSize: 20,
    maxOpenPositions: 10,
    dailySpendSol: 3,
  },
  hub: { subscribe: never('the hub') },
  decisions: never('decisions'),
  token: never('a token'),
  trades: never('trades'),
  status: never('the status'),
  ...over,
});

let running: PageServer[] = [];
afterEach(async () => {
  await Promise.all(running.map(async ({ stop }) => stop()));
  running = [];
});
const serve = async (routes: readonly Route[], port = 0): Promise<PageServer> => {
  const server = await startPageServer(routes, port);
  running.push(server);
  return server;
};
const served = async (over: Partial<PageSource> = {}) => serve(pageRoutes(source(over), () => NOW));

type Got = { status: number; headers: Record<string, unknown>; body: string };
/** By node:http, since fetch would not send another Host. */
const get = async (server: PageServer, path: string, headers = {}, method = 'GET'): Promise<Got> =>
  new Promise((resolve, reject) => {
    const asked = request(new URL(path, server.url), { headers, method }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    asked.once('error', reject).end();
  });

describe('the server', () => {
  it('listens on loopback only', async () => {
    expect((await served()).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  });

  it('sends the policy with everything, refusals and misses too', async () => {
    const server = await served();
    const answers = await Promise.all([
      get(server, '/api/about'),
      get(server, '/nothing'),
      get(server, '/api/about', { host: 'evil.example' }),
      get(server, '/api/about', {}, 'POST'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 403, 405]);
    for (const { headers } of answers) {
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
        expect(headers[name.toLowerCase()]).toBe(value);
      }
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
    expect(answers[3]?.headers['allow']).toBe('GET');
  });

  it('says which port is taken', async () => {
    const { url } = await served();
    const port = Number(new URL(url).port);
    await expect(startPageServer([], port)).rejects.toThrow(`port ${port} is taken`);
  });

  it('tells a fault as a sentence, without what moves a cursor', async () => {
    const server = await served({
      trades: async () => Promise.reject(new Error('no credentials\u001B[31m')),
    });
    const { status, body } = await get(server, '/api/trades');
    expect(status).toBe(502);
    expect(JSON.parse(body)).toEqual({ error: 'Error: no credentials[31m' });
  });

  it('ends the subscription of a reader who leaves', async () => {
    const left = Promise.withResolvers<void>();
    const event: FeedEvent = { kind: 'rows', rows: [] };
    const server = await served({
      hub: {
        subscribe: (listener) => {
          listener(event);
          return () => left.resolve();
        },
      },
    });
    const leaving = new AbortController();
    const response = await fetch(new URL('/api/events', server.url), { signal: leaving.signal });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array);
      if (text.includes('data:')) break;
    }
    expect(text).toContain(`data: ${JSON.stringify(event)}\n\n`);
    leaving.abort();
    await left.promise;
  });
});

describe('the API', () => {
  it('asks for the span and the size of a page, bounded', async () => {
    const asked: unknown[] = [];
    const server = await served({
      decisions: async (span, limit) => {
        asked.push({ ...span, limit });
        return { rows: [], next: 77, unreadable: 0 };
      },
    });
    expect(JSON.parse((await get(server, '/api/decisions')).body)).toEqual({
      rows: [],
      next: 77,
      unreadable: 0,
    });
    await get(server, `/api/decisions?since=${NOW - 9_000}&until=${NOW - 5_000}&limit=10`);
    expect(asked).toEqual([
      { sinceMs: NOW - 86_400_000, untilMs: NOW + 60_000, limit: 1_000 },
      { sinceMs: NOW - 9_000, untilMs: NOW - 5_000, limit: 10 },
    ]);
  });

  it.each([
    '/api/decisions?limit=0',
    '/api/decisions?limit=1000000',
    '/api/decisions?since=yesterday',
    '/api/decisions?since=0',
    '/api/token/not-an-address',
    '/api/token/%2Fetc%2Fpasswd',
  ])('refuses %s with a reason', async (path) => {
    const { status, body } = await get(await served(), path);
    expect(status).toBe(400);
    expect(JSON.parse(body)).toEqual({ error: expect.stringMatching(/\w/) as string });
  });

  it('reads the token that the path names', async () => {
    const server = await served({
      token: async (mint) => ({ mint, looks: [], unreadable: 0, trade: null }),
    });
    const { body } = await get(server, `/api/token/${MINT}`);
    expect(JSON.parse(body)).toEqual({ mint: MINT, looks: [], unreadable: 0, trade: null });
  });

  it('knows no path of the prototype', async () => {
    expect((await get(await served(), '/constructor')).status).toBe(404);
  });
});
