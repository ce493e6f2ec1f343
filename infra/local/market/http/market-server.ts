import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Fate, FaultDesk } from './fault-desk.ts';
import type { Reply } from './reply.ts';
import type { RequestStats } from './request-stats.ts';
import type { Upstream } from './upstream.ts';

/** A request whose body has been read. */
export type MarketRequest = {
  readonly method: string;
  /** Path below the upstream's base, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

/** What answers below one path. */
export type Endpoint = {
  /** Undefined for the market's own administration: no latency, no faults. */
  readonly upstream: Upstream | undefined;
  /** Name of the route, for latency, faults and statistics. */
  readonly routeOf: (request: MarketRequest) => string;
  readonly answer: (request: MarketRequest) => Reply | Promise<Reply>;
  /** This upstream's words for "too many requests"; a plain sentence otherwise. */
  readonly limited?: (request: MarketRequest) => Reply;
};

const MAX_BODY_BYTES = 10_000_000;
const HANG_MS = 60_000;
const PLAIN_LIMITED: Reply = { status: 429, body: '{"error":"Too many requests"}' };
const UNAVAILABLE: Reply = { status: 503, body: '{"error":"Service Unavailable"}' };
const GARBAGE: Reply = {
  status: 200,
  body: '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>{"data":[',
  headers: { 'content-type': 'text/html; charset=UTF-8' },
};

/** One origin for all upstreams: the first part of the path says which. */
export class MarketServer {
  readonly #server: Server;
  readonly #endpoints: ReadonlyMap<string, Endpoint>;
  readonly #faults: FaultDesk;
  readonly #stats: RequestStats;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(parts: {
    /** By first part of the path, e.g. `rpc`. */
    readonly endpoints: ReadonlyMap<string, Endpoint>;
    readonly faults: FaultDesk;
    readonly stats: RequestStats;
  }) {
    this.#endpoints = parts.endpoints;
    this.#faults = parts.faults;
    this.#stats = parts.stats;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        send(response, { status: 500, body: JSON.stringify({ error: reason }) });
      });
    });
    // Clients keep connections: closing them first would break a request on its way.
    this.#server.keepAliveTimeout = 120_000;
  }

  /** The port; 0 asks for any free one. @throws the system's error when the port is taken. */
  async listen(port: number): Promise<number> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    const bound: AddressInfo | string | null = this.#server.address();
    if (bound === null || typeof bound === 'string') throw new Error('the server has no port');
    return bound.port;
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedMs = performance.now();
    const request = await readRequest(incoming);
    if (request === undefined) {
      send(response, { status: 413, body: '{"error":"body too large"}' });
      return;
    }
    const endpoint = this.#endpoints.get(request.base);
    if (endpoint === undefined) {
      send(response, { status: 404, body: '{"error":"no such upstream"}' });
      return;
    }
    if (endpoint.upstream === undefined) {
      send(response, await endpoint.answer(request));
      return;
    }
    const { upstream } = endpoint;
    const route = endpoint.routeOf(request);
    const fate = this.#faults.fate(upstream, route);
    if (fate.kind === 'hang') await this.#wait(HANG_MS);
    else if (fate.delayMs >= 0.5) await this.#wait(fate.delayMs);
    if (fate.kind === 'answer') send(response, await endpoint.answer(request));
    else fail(response, fate, endpoint, request);
    this.#stats.count(upstream, route, performance.now() - startedMs, fate.kind !== 'answer');
  }

  async #wait(delayMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, delayMs);
      this.#timers.add(timer);
    });
  }
}

async function readRequest(
  incoming: IncomingMessage,
): Promise<(MarketRequest & { readonly base: string }) | undefined> {
  const method = incoming.method ?? 'GET';
  const [path = '/', search = ''] = (incoming.url ?? '/').split('?', 2);
  const [, base = ''] = path.split('/', 2);
  const query = new URLSearchParams(search);
  const { headers } = incoming;
  let body = '';
  if (method !== 'GET' && method !== 'HEAD') {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of incoming) {
      if (!Buffer.isBuffer(chunk)) continue;
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) return undefined;
      chunks.push(chunk);
    }
    body = Buffer.concat(chunks).toString('utf8');
  }
  return { method, base, path: path.slice(base.length + 1) || '/', query, headers, body };
}

function fail(
  response: ServerResponse,
  { kind, retryAfterSeconds }: Fate,
  endpoint: Endpoint,
  request: MarketRequest,
): void {
  if (kind === 'down' || kind === 'hang') {
    response.destroy();
  } else if (kind === '429') {
    const reply = endpoint.limited?.(request) ?? PLAIN_LIMITED;
    const headers = { ...reply.headers, 'retry-after': String(retryAfterSeconds) };
    send(response, { ...reply, headers });
  } else {
    send(response, kind === 'garbage' ? GARBAGE : UNAVAILABLE);
  }
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
