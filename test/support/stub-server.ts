import { type IncomingHttpHeaders, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type StubRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};
export type StubAnswer = { readonly status?: number; readonly body: unknown };

export type StubServer = {
  readonly origin: string;
  readonly asked: StubRequest[];
  readonly stop: () => Promise<void>;
};

/** A JSON server on a free port; it remembers what it was asked. */
export async function stubServer(
  answer: (request: StubRequest) => StubAnswer,
): Promise<StubServer> {
  const asked: StubRequest[] = [];
  const server = createServer((incoming, response) => {
    void (async () => {
      const request: StubRequest = {
        method: incoming.method ?? '',
        url: new URL(incoming.url ?? '/', 'http://stub'),
        headers: incoming.headers,
        body: await text(incoming),
      };
      asked.push(request);
      const { status = 200, body } = answer(request);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
