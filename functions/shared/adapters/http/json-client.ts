import { Fault, isFault } from '../../domain/fault.ts';
import { type Connections, connections, exchange, readCapped } from './http-exchange.ts';
import { parseJson } from './parse-json.ts';

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
  /** Asked before that second try; left out, nobody minds. */
  readonly mayRetry?: () => boolean;
  /** Requests of one kind take about the same time; all of a client's where it is left out. */
  readonly kind?: string;
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
const MAX_SOCKETS = 64;

/** A JSON client over one keep-alive pool. */
export function jsonClient(options: JsonClientOptions): JsonClient {
  const base = new URL(options.url);
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  let pool = connections(MAX_SOCKETS);
  let usedAtMs = Date.now();

  const freshPool = (): Connections => {
    const nowMs = Date.now();
    if (nowMs - usedAtMs > IDLE_RENEW_MS) {
      pool.destroy();
      pool = connections(MAX_SOCKETS);
    }
    usedAtMs = nowMs;
    return pool;
  };

  const once = async ({ path, query, body }: JsonRequest, signal: AbortSignal) => {
    const answer = await exchange(urlOf(base, path, query), freshPool(), {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
    const text = await readCapped(answer, maxBytes);
    if (text === undefined) {
      const reason = `more than ${maxBytes} bytes`;
      throw new Fault('upstream.malformed', { upstream: options.upstream, reason });
    }
    const status = answer.statusCode ?? 0;
    return {
      status,
      body: text === '' ? undefined : parse(text, options.upstream, status),
      retryAfterSeconds: retryAfter(answer.headers['retry-after']),
    };
  };

  /** One call within its time; a call that ran out of it did not merely lose its connection. */
  const timed = async (request: JsonRequest): Promise<JsonAnswer> => {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(options.timeoutMs)]);
    try {
      return await once(request, signal);
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    }
  };

  return {
    upstream: options.upstream,
    async request(request) {
      try {
        return await timed(request);
      } catch (error) {
        const again =
          request.idempotent && brokeConnection(error) && request.mayRetry?.() !== false;
        if (!again) throw asFault(error, options.upstream);
      }
      try {
        return await timed(request);
      } catch (error) {
        throw asFault(error, options.upstream);
      }
    },
    close: async () => pool.destroy(),
  };
}

function urlOf(base: URL, path = '', query: Readonly<Record<string, string>> = {}): URL {
  const search = new URLSearchParams([...base.searchParams, ...Object.entries(query)]).toString();
  const joined = `${base.pathname.replace(/\/$/, '')}${path}` || '/';
  return new URL(search === '' ? joined : `${joined}?${search}`, base.origin);
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

const CONNECTION_CODES = new Set(['ECONNRESET', 'EPIPE', 'ECONNREFUSED']);

const brokeConnection = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && CONNECTION_CODES.has(String(error.code));

function asFault(error: unknown, upstream: string): Fault {
  if (isFault(error)) return error;
  const timedOut =
    error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
  const reason = timedOut ? 'timed out' : error instanceof Error ? error.message : String(error);
  return new Fault(
    'upstream.unavailable',
    { upstream, reason: reason.slice(0, 120) },
    { cause: error },
  );
}
