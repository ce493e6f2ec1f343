import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';

import * as z from 'zod';

import { cleanText } from '#shared/domain/clean-text.ts';
import { reasonOf } from '#shared/domain/fault.ts';
import { CommandError } from '../command-error.ts';
import type { FeedEvent } from './protocol.ts';
import { SECURITY_HEADERS, refusalOf } from './request-guard.ts';

/** What a route answers. `events` stays open: `subscribe` returns how to end it. */
export type Reply =
  | { readonly kind: 'json'; readonly body: unknown }
  | { readonly kind: 'asset'; readonly type: string; readonly body: Uint8Array }
  | { readonly kind: 'problem'; readonly status: 400 | 404; readonly error: string }
  | {
      readonly kind: 'events';
      readonly subscribe: (send: (event: FeedEvent) => void) => () => void;
    };

/** Answers a path; undefined when it is none of its own. */
export type Route = (url: URL, signal: AbortSignal) => Promise<Reply> | Reply | undefined;

export type PageServer = {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
  readonly stop: () => Promise<void>;
};

export const DEFAULT_PAGE_PORT = 8787;
/** A reader this far behind is cut off; it comes back by itself and reads anew. */
const MAX_UNREAD_BYTES = 16_000_000;

/**
 * Serves on loopback only. Without a `port`, 8787 or else a free one.
 * @throws {CommandError} when the port asked for is taken.
 */
export async function startPageServer(
  routes: readonly Route[],
  port?: number,
): Promise<PageServer> {
  const server = createServer((request, response) => {
    answer(routes, portOf(server), request, response).catch((error: unknown) => {
      tell(response, 502, cleanText(reasonOf(error), 300));
    });
  });
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${portOf(server)}/`,
    stop: async () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Live feeds stay open for ever otherwise.
        server.closeAllConnections();
      }),
  };
}

const portOf = (server: Server): number =>
  z.object({ port: z.number() }).parse(server.address()).port;

async function listen(server: Server, port: number | undefined): Promise<void> {
  try {
    await listenOn(server, port ?? DEFAULT_PAGE_PORT);
  } catch (cause) {
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    if (!taken) throw cause;
    if (port !== undefined) {
      throw new CommandError(
        `port ${port} is taken: choose another with --port, or leave --port out for a free one`,
        { cause },
      );
    }
    await listenOn(server, 0);
  }
}

const listenOn = async (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });

async function answer(
  routes: readonly Route[],
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  const refusal = refusalOf(request, port);
  if (refusal !== undefined) {
    if (refusal.status === 405) response.setHeader('Allow', 'GET');
    tell(response, refusal.status, refusal.error);
    return;
  }
  const left = new AbortController();
  response.once('close', () => left.abort());
  const url = URL.parse(request.url ?? '/', 'http://page');
  if (url === null) {
    tell(response, 404, 'there is nothing at this path');
    return;
  }
  for (const route of routes) {
    const reply = await route(url, left.signal);
    if (reply !== undefined) {
      write(response, reply, left.signal);
      return;
    }
  }
  tell(response, 404, 'there is nothing at this path');
}

function write(response: ServerResponse, reply: Reply, left: AbortSignal): void {
  switch (reply.kind) {
    case 'json':
      response.setHeader('Content-Type', 'application/json; charset=utf-8');
      response.end(JSON.stringify(reply.body));
      return;
    case 'asset':
      response.setHeader('Content-Type', reply.type);
      response.end(reply.body);
      return;
    case 'problem':
      tell(response, reply.status, reply.error);
      return;
    case 'events':
      writeEvents(response, reply.subscribe, left);
  }
}

/** Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */
function writeEvents(
  response: ServerResponse,
  subscribe: Extract<Reply, { kind: 'events' }>['subscribe'],
  left: AbortSignal,
): void {
  response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  response.write('retry: 2000\n\n');
  const end = subscribe((event) => {
    if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
    else response.write(`data: ${JSON.stringify(event)}\n\n`);
  });
  left.addEventListener('abort', end, { once: true });
}

function tell(response: ServerResponse, status: number, error: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(JSON.stringify({ error }));
}
