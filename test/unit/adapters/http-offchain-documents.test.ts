import { Agent } from 'node:http';
import * as https from 'node:https';
import { connect } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import {
  type OffchainDocumentsOptions,
  httpOffchainDocuments,
  publicConnections,
} from '#shared/adapters/http/http-offchain-documents.ts';
import type { Connections } from '#shared/adapters/http/http-exchange.ts';
import { absent, failed } from '#shared/domain/evidence.ts';
import { endlessly, rawServer } from '../../support/raw-server.ts';

const never = new AbortController().signal;
const GARY = JSON.stringify({ name: 'Gary', image: 'x', twitter: 'https://x.com/gary' });
const gary = { status: 'known', facts: { name: 'Gary', twitter: 'https://x.com/gary' } };

const running: { stop: () => Promise<unknown> }[] = [];
afterEach(async () => {
  for (const { stop } of running.splice(0)) await stop();
});

/** Stands for the internet: whatever host is asked for, this server answers. */
function internet(port: number): Connections & { destroy: () => void } {
  class Http extends Agent {
    override createConnection = () => connect(port, '127.0.0.1');
  }
  // TLS has no place in this test: an https address reaches the server as plain http.
  class Https extends https.Agent {
    override createConnection = () => connect(port, '127.0.0.1');
  }
  const agents = { http: new Http(), https: new Https() };
  return {
    ...agents,
    destroy: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/** A server that is the gateway, and, unless `guarded`, the rest of the internet as well. */
async function setUp(
  answer: Parameters<typeof rawServer>[0],
  options: Partial<OffchainDocumentsOptions> & { guarded?: boolean } = {},
) {
  const server = await rawServer(answer);
  const foreign = options.guarded === true ? publicConnections() : internet(server.port);
  const documents = httpOffchainDocuments({
    ipfsGateway: `${server.origin}/ipfs/`,
    arweaveGateway: `${server.origin}/arweave/`,
    timeoutMs: 1_000,
    maxBytes: 65_536,
    foreign,
    ...options,
  });
  running.push({ stop: async () => foreign.destroy() }, server);
  return { server, read: async (uri: string, signal = never) => documents.read(uri, signal) };
}

describe('metadata', () => {
  it.each([
    ['ipfs://bafy123', '/ipfs/bafy123'],
    ['ipfs://ipfs/bafy123', '/ipfs/bafy123'],
    ['ipfs://bafy123/meta.json', '/ipfs/bafy123/meta.json'],
    ['ipfs://bafy123/a%20b.json', '/ipfs/bafy123/a%20b.json'],
    ['ar://abc-_1', '/arweave/abc-_1'],
    ['https://meta.example/gary.json?v=1', '/gary.json?v=1'],
    ['http://meta.example/gary.json', '/gary.json'],
    ['HTTP://meta.example/gary.json', '/gary.json'],
  ])('at %s is read', async (uri, path) => {
    const { server, read } = await setUp((_request, response) => void response.end(GARY));
    expect(await read(uri)).toMatchObject(gary);
    expect(server.asked).toEqual([path]);
  });

  it('is asked for without credentials', async () => {
    let headers: Record<string, unknown> = {};
    const { read } = await setUp((request, response) => {
      headers = request.headers;
      response.end(GARY);
    });
    await read('http://meta.example/gary.json');
    expect(Object.keys(headers).toSorted()).toEqual(['accept', 'connection', 'host', 'user-agent']);
  });

  it.each([
    ['', absent('no URI')],
    ['gary.json', failed('not a URI we read')],
    ['file:///etc/passwd', failed('not a URI we read')],
    ['ftp://meta.example/x', failed('not a URI we read')],
    ['data:application/json,{}', failed('not a URI we read')],
    ['javascript:alert(1)', failed('not a URI we read')],
    ['http://', failed('not a URI we read')],
    ['ipfs://', failed('not a URI we read')],
    ['ipfs://../market/admin', failed('not a URI we read')],
    ['ipfs://x/../../market/admin', failed('not a URI we read')],
    ['ipfs://%2e%2e/market/admin', failed('not a URI we read')],
    ['ipfs://x/%2E%2e/.%2e/market/admin', failed('not a URI we read')],
    ['ar://x/..%2f..', failed('HTTP 418')],
    ['ipfs://user@evil.example/x', failed('not a URI we read')],
    [`ipfs://${'a'.repeat(201)}`, failed('not a URI we read')],
  ])('at %s is asked for at the gateway or not at all', async (uri, finding) => {
    const { server, read } = await setUp((_request, response) => {
      response.writeHead(418).end();
    });
    expect(await read(uri)).toEqual(finding);
    for (const path of server.asked) expect(path).toMatch(/^\/(ipfs|arweave)\//);
  });

  it.each([
    [404, absent('HTTP 404')],
    [410, absent('HTTP 410')],
    [403, failed('HTTP 403')],
    [429, failed('HTTP 429')],
    [500, failed('HTTP 500')],
    [204, failed('HTTP 204')],
    [304, failed('HTTP 304')],
  ])('answered with %i is no metadata', async (status, finding) => {
    const { read } = await setUp((_request, response) => void response.writeHead(status).end());
    expect(await read('ipfs://bafy')).toEqual(finding);
  });

  it.each([
    ['HTML', '<!doctype html><title>Gary</title>'],
    ['nothing', ''],
    ['half a document', '{"name":"Gary'],
    ['JavaScript', '{name: "Gary"}'],
  ])('that is %s is none', async (_what, body) => {
    const { read } = await setUp((_request, response) => void response.end(body));
    expect(await read('ipfs://bafy')).toEqual(failed('not JSON'));
  });

  it.each([
    ['deep', '['.repeat(30_000) + ']'.repeat(30_000)],
    ['deep in a field', `{"extensions":${'{"a":'.repeat(8_000)}1${'}'.repeat(8_000)}}`],
    ['full of prototypes', '{"__proto__":{"name":"x"},"toString":1,"constructor":{"name":"x"}}'],
    ['another type', '[1,2,3]'],
  ])('that is %s has no fields', async (_what, body) => {
    const { read } = await setUp((_request, response) => void response.end(body));
    expect(await read('ipfs://bafy')).toMatchObject({
      status: 'known',
      facts: { name: '', twitter: null },
    });
  });

  it('may be as large as it may, and not a byte larger', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(100) });
    const answer: Parameters<typeof rawServer>[0] = (_request, response) => void response.end(body);
    const wide = await setUp(answer, { maxBytes: body.length });
    expect((await wide.read('ipfs://bafy')).status).toBe('known');
    const narrow = await setUp(answer, { maxBytes: body.length - 1 });
    expect(await narrow.read('ipfs://bafy')).toEqual(failed(`more than ${body.length - 1} bytes`));
  });

  it('of ten megabytes is left at the limit', async () => {
    let written = 0;
    const { read } = await setUp((_request, response) => {
      const chunk = `"${'x'.repeat(99_998)}"`;
      const more = () => {
        while (written < 100 && !response.destroyed) {
          written += 1;
          if (!response.write(chunk)) return;
        }
        response.end();
      };
      response.on('drain', more);
      more();
    });
    expect(await read('http://meta.example/big.json')).toEqual(failed('more than 65536 bytes'));
    // What lies in buffers on the way, and no more.
    expect(written).toBeLessThan(100);
  });

  it('without an end is left at the limit', async () => {
    const { read } = await setUp((_request, response) => endlessly(response, 'x'.repeat(5_000)));
    expect(await read('ipfs://bafy')).toEqual(failed('more than 65536 bytes'));
  });
});

describe('a host that is slow', () => {
  it.each<[string, Parameters<typeof rawServer>[0]]>([
    ['never answers', () => undefined],
    [
      'stops after the head',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{');
      },
    ],
    [
      'sends a byte now and then',
      (request, response) => {
        const timer = setInterval(() => response.write(' '), 5);
        request.socket.on('close', () => clearInterval(timer));
      },
    ],
    [
      'redirects to itself, slowly',
      (_request, response) => {
        setTimeout(() => {
          response.writeHead(302, { location: 'http://meta.example/again' }).end();
        }, 25);
      },
    ],
  ])('and %s holds nobody up', async (_what, answer) => {
    const { read } = await setUp(answer, { timeoutMs: 40 });
    const startedAt = performance.now();
    for (const uri of ['ipfs://bafy', 'http://meta.example/x']) {
      expect(await read(uri)).toEqual(failed('timed out'));
    }
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('cannot outlast the analysis', async () => {
    const { read } = await setUp(() => undefined, { timeoutMs: 10_000 });
    const ending = new AbortController();
    const reading = read('http://meta.example/x', ending.signal);
    ending.abort(new DOMException('over', 'TimeoutError'));
    expect(await reading).toEqual(failed('timed out'));
  });

  it('by its name holds nobody up either', async () => {
    const foreign = publicConnections(() => undefined);
    const { read } = await setUp(() => undefined, { foreign, timeoutMs: 30 });
    running.push({ stop: async () => foreign.destroy() });
    expect(await read('http://slow.example/x')).toEqual(failed('timed out'));
  });
});

/** Redirects there, and has the document at `/end`. */
const to =
  (location: string): Parameters<typeof rawServer>[0] =>
  (request, response) => {
    if (request.url === '/end') response.end(GARY);
    else response.writeHead(302, { location }).end();
  };

describe('a redirect', () => {
  it.each(['http://other.example/end', '//other.example/end', '/end'])(
    'to %s is followed',
    async (location) => {
      const { read } = await setUp(to(location));
      expect(await read('http://meta.example/start')).toMatchObject(gary);
    },
  );

  it('is followed three times, and no fourth', async () => {
    const { server, read } = await setUp((request, response) => {
      const hop = Number(/\d+/.exec(request.url ?? '')?.[0]);
      if (hop === 0) response.end(GARY);
      else response.writeHead(301, { location: `http://meta.example/hop${hop - 1}` }).end();
    });
    expect(await read('http://meta.example/hop3')).toMatchObject(gary);
    expect(await read('http://meta.example/hop4')).toEqual(failed('more than 3 redirects'));
    expect(server.asked).toHaveLength(8);
  });

  it.each([
    'http://127.0.0.1/end',
    'http://127.1/end',
    'http://[::1]/end',
    'http://[::ffff:7f00:1]/end',
    'http://[::7f00:1]/end',
    'http://169.254.169.254/latest/meta-data/',
    'http://2130706433/end',
    'http://0300.0250.0.1/end',
    'http://localhost/end',
    'http://user:password@meta.example/end',
    'http://meta.example:8080/end',
    'file:///etc/passwd',
    'data:application/json,{}',
    'ipfs://bafy',
    'http://',
  ])('to %s is refused, from a foreign host and from the gateway', async (location) => {
    const { server, read } = await setUp(to(location));
    for (const uri of ['http://meta.example/start', 'ipfs://start']) {
      const finding = await read(uri);
      expect(finding.status).toBe('failed');
      expect(finding).toMatchObject({
        reason: expect.stringMatching(/request\.forbidden|Invalid URL/) as string,
      });
    }
    expect(server.asked).toEqual(['/start', '/ipfs/start']);
  });

  it('without a goal is no answer', async () => {
    const { read } = await setUp((_request, response) => void response.writeHead(302).end());
    expect(await read('http://meta.example/start')).toEqual(failed('HTTP 302'));
  });
});

describe('the address of a creator', () => {
  it.each(['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433'])(
    'at http://%s reaches nobody on this machine',
    async (host) => {
      const { server, read } = await setUp((_request, response) => void response.end(GARY), {
        guarded: true,
      });
      for (const uri of [`http://${host}/x`, `http://${host}:${server.port}/x`]) {
        expect((await read(uri)).status).toBe('failed');
      }
      expect(server.connections()).toBe(0);
    },
  );

  it('whose name leads inside is refused at the socket', async () => {
    const foreign = publicConnections((_hostname, _options, callback) =>
      callback(null, [{ address: '10.0.0.1', family: 4 }]),
    );
    running.push({ stop: async () => foreign.destroy() });
    const { read } = await setUp(() => undefined, { foreign });
    expect(await read('http://inside.example/x')).toEqual(
      failed('request.forbidden: {"reason":"inside.example leads to no public address"}'),
    );
  });
});
