import { type RawData, WebSocket } from 'ws';
import * as z from 'zod';

import type { SubscriptionCall } from './subscriptions.ts';

export type SessionOptions = {
  readonly url: string;
  readonly calls: readonly SubscriptionCall[];
  /** Between two pings. Without any sign of life from one to the next the connection is dead. */
  readonly heartbeatMs: number;
  /** For the handshake, and again for all subscriptions to be confirmed. */
  readonly patienceMs: number;
  /** All subscriptions stand: from now on nothing is missed. */
  readonly onReady: () => void;
  /** Each message that is no answer to a subscription, parsed. */
  readonly onMessage: (message: unknown) => void;
  /** A message that is not JSON. */
  readonly onGarbage: () => void;
};

/** Why a connection ended; a sentence without the address, which holds the key. */
export type SessionEnd = { readonly reason: string; readonly wasReady: boolean };

/** No honest transaction comes near it: a node cuts logs at 10 KB and transactions at 4 KB. */
const MAX_MESSAGE_BYTES = 8_000_000;

const answerSchema = z.object({
  id: z.number(),
  error: z.object({ code: z.number(), message: z.string() }).optional(),
  result: z.number().optional(),
});

/** One WebSocket connection, from its opening until it ends, however it ends. Never rejects. */
export async function websocketSession(
  options: SessionOptions,
  signal: AbortSignal,
): Promise<SessionEnd> {
  if (signal.aborted) return { reason: STOPPED, wasReady: false };
  const socket = new WebSocket(options.url, {
    handshakeTimeout: options.patienceMs,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  return new Promise((resolve) => {
    const session = new Session(socket, options, (end) => {
      signal.removeEventListener('abort', onAbort);
      resolve(end);
    });
    const onAbort = () => session.end(STOPPED);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

const STOPPED = 'stopped';

/** What one connection remembers. */
class Session {
  readonly #socket: WebSocket;
  readonly #options: SessionOptions;
  readonly #resolve: (end: SessionEnd) => void;
  readonly #unconfirmed = new Map<number, string>();
  #isReady = false;
  #isAlive = true;
  #ended = false;
  #heartbeat: NodeJS.Timeout | undefined;
  #patience: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket, options: SessionOptions, resolve: (end: SessionEnd) => void) {
    this.#socket = socket;
    this.#options = options;
    this.#resolve = resolve;
    socket
      .on('open', () => this.#subscribe())
      .on('message', (data) => this.#hear(data))
      .on('pong', () => {
        this.#isAlive = true;
      })
      .on('error', (error) => this.end(error.message))
      .on('close', (code) => this.end(`the other side closed the connection (${code})`));
  }

  end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#patience);
    // Without a handshake: whatever made it end, nothing more is wanted of this connection.
    this.#socket.terminate();
    this.#resolve({ reason, wasReady: this.#isReady });
  }

  #subscribe(): void {
    const { calls, heartbeatMs, patienceMs } = this.#options;
    for (const [index, { method, params }] of calls.entries()) {
      const id = index + 1;
      this.#unconfirmed.set(id, method);
      this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    }
    this.#patience = setTimeout(
      () => this.end(`${this.#unconfirmed.size} subscriptions were not confirmed in time`),
      patienceMs,
    );
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs);
  }

  #beat(): void {
    if (!this.#isAlive) {
      this.end('no sign of life since the last ping');
      return;
    }
    this.#isAlive = false;
    this.#socket.ping();
  }

  #hear(data: RawData): void {
    this.#isAlive = true;
    let message: unknown;
    try {
      message = JSON.parse(textOf(data));
    } catch {
      this.#options.onGarbage();
      return;
    }
    const answer = answerSchema.safeParse(message);
    const method = answer.success ? this.#unconfirmed.get(answer.data.id) : undefined;
    if (!answer.success || method === undefined) this.#options.onMessage(message);
    else this.#confirm(answer.data, method);
  }

  #confirm({ id, error, result }: z.infer<typeof answerSchema>, method: string): void {
    if (error !== undefined || result === undefined) {
      const why = error === undefined ? 'no subscription id' : `${error.code} ${error.message}`;
      this.end(`${method} was refused: ${why}`.slice(0, 200));
      return;
    }
    this.#unconfirmed.delete(id);
    if (this.#unconfirmed.size > 0) return;
    clearTimeout(this.#patience);
    this.#isReady = true;
    this.#options.onReady();
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}
