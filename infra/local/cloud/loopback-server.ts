import { type RequestListener, type Server, createServer } from 'node:http';

import * as z from 'zod';

/** An HTTP server on a free loopback port. */
export type LoopbackServer = {
  /** Without a slash at the end. */
  readonly origin: string;
  readonly stop: () => Promise<void>;
};

/** Listens on the loopback interface only: nobody else's machine can reach the local cloud. */
export async function startLoopbackServer(listener: RequestListener): Promise<LoopbackServer> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    async stop() {
      const closed = new Promise((resolve) => {
        server.close(resolve);
      });
      server.closeAllConnections();
      await closed;
    },
  };
}
