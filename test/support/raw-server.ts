import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type RawServer = {
  readonly origin: string;
  readonly port: number;
  /** Paths asked for, in their order. */
  readonly asked: string[];
  /** Connections made so far. */
  readonly connections: () => number;
  readonly stop: () => Promise<void>;
};

/** A server on a free port that answers as badly as it is told to. */
export async function rawServer(
  answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
): Promise<RawServer> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  let made = 0;
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response, asked.length);
  });
  server.on('connection', (socket) => {
    made += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    asked,
    connections: () => made,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** Writes until nobody reads any more. */
export function endlessly(response: ServerResponse, chunk: string): void {
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}
