import type { AddressInfo } from 'node:net';

import { type WebSocket, WebSocketServer } from 'ws';
import * as z from 'zod';

const callSchema = z.object({ id: z.number(), method: z.string(), params: z.array(z.unknown()) });
export type StreamCall = z.infer<typeof callSchema>;

export type StreamServer = {
  readonly url: string;
  /** What each connection asked for, the oldest first. */
  readonly calls: StreamCall[][];
  readonly connections: () => number;
  /** Answer to a subscription; undefined: none at all. By default a subscription id. */
  answer: (call: StreamCall) => unknown;
  /** False: pings are not answered. */
  pongs: boolean;
  /** Sends to every connection: text as it is, anything else as JSON. */
  readonly send: (message: unknown) => void;
  /** Breaks every connection, without a word. */
  readonly drop: () => void;
  /** Closes every connection with a handshake. */
  readonly close: () => void;
  readonly stop: () => Promise<void>;
};

/** A node's WebSocket side on a free port, which behaves as badly as a test tells it to. */
export async function streamServer(): Promise<StreamServer> {
  const sockets = new Set<WebSocket>();
  const calls: StreamCall[][] = [];
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, autoPong: false });
  const state: Pick<StreamServer, 'answer' | 'pongs'> = {
    answer: ({ id }) => ({ jsonrpc: '2.0', id, result: 1_000 + id }),
    pongs: true,
  };
  server.on('connection', (socket) => {
    const own: StreamCall[] = [];
    calls.push(own);
    sockets.add(socket);
    socket
      .on('close', () => sockets.delete(socket))
      .on('ping', () => {
        if (state.pongs) socket.pong();
      })
      .on('message', (data: Buffer) => {
        const call = callSchema.parse(JSON.parse(data.toString()));
        own.push(call);
        const answer = state.answer(call);
        if (answer !== undefined) socket.send(JSON.stringify(answer));
      });
  });
  await new Promise((resolve) => {
    server.once('listening', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    url: `ws://127.0.0.1:${port}/?api-key=very-secret`,
    calls,
    connections: () => sockets.size,
    send: (message: unknown) => {
      const text = typeof message === 'string' ? message : JSON.stringify(message);
      for (const socket of sockets) socket.send(text);
    },
    drop: () => {
      for (const socket of sockets) socket.terminate();
    },
    close: () => {
      for (const socket of sockets) socket.close(1001, 'maintenance');
    },
    stop: async () => {
      for (const socket of sockets) socket.terminate();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  });
}

/** As `logsSubscribe` notifies (Solana RPC reference). */
export const logsNotification = (signature: string, err: unknown = null): unknown => ({
  jsonrpc: '2.0',
  method: 'logsNotification',
  params: {
    result: {
      context: { slot: 400_000_000 },
      value: { signature, err, logs: ['Program 11111111111111111111111111111111 invoke [1]'] },
    },
    subscription: 1_001,
  },
});
