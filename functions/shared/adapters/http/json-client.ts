import { Pool, errors } from 'undici';

import { Fault, isFault } from '../../domain/fault.ts';
import { parseJson } from './parse-json.ts';
import { untilAborted } from './until-aborted.ts';

/** One upstream's address and manners. */
export type JsonClientOptions = {
  /** Name for faults, logs and metrics. */
  readonly upstream: string;
  /** Base URL; a path and a query are kept, so that `https://host/?api-key=…` works. */
  readonly url: string;
  /** Longest time of one call, retries not included. */
  readonly timeoutMs: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Larger answers are cut off and refused. */
  readonly maxBytes?: number;
};

export type JsonRequest = {
  /** Appended to the base URL's path; empty for the base itself. */
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON by POST; GET when left out. */
  readonly body?: unknown;
  /** Reads are tried once more when the connection breaks before an answer; sends are not. */
  readonly idempotent: boolean;
  readonly signal: AbortSignal;
};

export type JsonAnswer = {
  readonly status: number;
  /** Parsed without losing 64-bit integers; undefined when the body is empty. */
  readonly body: unknown;
  /** Seconds that `Retry-After` asks for, when it does. */
  readonly retryAfterSeconds: number | undefined;
};

/** Counts what was asked of an upstream: for evidence, metrics and the bench. */
export type JsonClient = {
  readonly upstream: string;
  /**
   * Asks once (twice for a read whose connection broke). Answers of any HTTP status are returned.
   * @throws {Fault} `upstream.unavailable` (time, connection, size), `upstream.malformed` (not JSON).
   */
  readonly request: (request: JsonRequest) => Promise<JsonAnswer>;
  readonly close: () => Promise<void>;
};

const DEFAULT_MAX_BYTES = 2_000_000;
/** A Lambda that slept longer than this may hold sockets that the other side has closed. */
const IDLE_RENEW_MS = 15_000;

/** A JSON client over one keep-alive pool. */
export function jsonClient(options: JsonClientOptions): JsonClient {
  const base = new URL(options.url);
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  let pool = newPool(base);
  let usedAtMs = Date.now();

  const freshPool = (): Pool => {
    const nowMs = Date.now();
    if (nowMs - usedAtMs > IDLE_RENEW_MS) {
      void pool.destroy();
      pool = newPool(base);
    }
    usedAtMs = nowMs;
    return pool;
  };

  const once = async ({ path, query, body, signal }: JsonRequest): Promise<JsonAnswer> => {
    const within = AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs)]);
    const asking = freshPool().request({
      path: pathOf(base, path, query),
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: within,
    });
    const response = await untilAborted(asking, within);
    const text = await readCapped(response.body, maxBytes, options.upstream);
    return {
      status: response.statusCode,
      body: text === '' ? undefined : parse(text, options.upstream, response.statusCode),
      retryAfterSeconds: retryAfter(response.headers['retry-after']),
    };
  };

  return {
    upstream: options.upstream,
    async request(request) {
      try {
        return await once(request);
      } catch (error) {
        if (!request.idempotent || !brokeConnection(error)) throw asFault(error, options.upstream);
      }
      try {
        return await once(request);
      } catch (error) {
        throw asFault(error, options.upstream);
      }
    },
    close: async () => pool.destroy(),
  };
}

const newPool = (base: URL): Pool =>
  new Pool(base.origin, { connections: 64, pipelining: 1, connect: { timeout: 1_000 } });

function pathOf(base: URL, path = '', query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams([...base.searchParams, ...Object.entries(query)]).toString();
  const joined = `${base.pathname.replace(/\/$/, '')}${path}` || '/';
  return search === '' ? joined : `${joined}?${search}`;
}

async function readCapped(
  body: AsyncIterable<Uint8Array> & { destroy: () => unknown },
  maxBytes: number,
  upstream: string,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) {
      body.destroy();
      throw new Fault('upstream.malformed', { upstream, reason: `more than ${maxBytes} bytes` });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string, upstream: string, status: number): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    // An error page is not an answer, but its status says enough.
    if (status >= 400) return undefined;
    throw new Fault('upstream.malformed', { upstream, reason: 'not JSON' }, { cause });
  }
}

function retryAfter(header: string | string[] | undefined): number | undefined {
  const seconds = Number(Array.isArray(header) ? header[0] : header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

const CONNECTION_CODES = new Set(['ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'UND_ERR_SOCKET']);

const brokeConnection = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && CONNECTION_CODES.has(String(error.code));

function asFault(error: unknown, upstream: string): Fault {
  if (isFault(error)) return error;
  const timedOut =
    error instanceof errors.ConnectTimeoutError ||
    (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError'));
  const reason = timedOut ? 'timed out' : error instanceof Error ? error.message : String(error);
  return new Fault(
    'upstream.unavailable',
    { upstream, reason: reason.slice(0, 120) },
    { cause: error },
  );
}
