import type { LookupAddress } from 'node:dns';

import { afterEach, describe, expect, it } from 'vitest';

import { exchange } from '#shared/adapters/http/http-exchange.ts';
import { publicConnections } from '#shared/adapters/http/http-offchain-documents.ts';
import {
  assertPublicUrl,
  isPublicAddress,
  publicLookup,
  type ResolveAll,
} from '#shared/adapters/http/public-address.ts';
import { rawServer } from '../../support/raw-server.ts';

describe('isPublicAddress', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.32.0.1',
    '192.0.1.1',
    '198.20.0.1',
    '2001:4860:4860::8888',
    '2606:4700:4700::1111',
    '::ffff:8.8.8.8',
  ])('%s is', (text) => {
    expect(isPublicAddress(text)).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '127.255.255.255',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '198.18.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '198.51.100.1',
    '203.0.113.1',
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '::7f00:1',
    '::a00:1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::7f00:1',
    '2002:7f00:1::',
    '2001:0:7f00::1',
    '2001:db8::1',
    '2001:2::1',
    '2001:20::1',
    '2620:4f:8000::1',
    '3fff::1',
    '5f00::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '100::1',
    '4000::1',
    '',
    'localhost',
    'example.com',
  ])('%s is not', (text) => {
    expect(isPublicAddress(text)).toBe(false);
  });
});

describe('assertPublicUrl', () => {
  it.each([
    'https://example.com/a.json',
    'http://example.com:80/',
    'https://example.com:443/',
    'https://8.8.8.8/',
    'https://[2606:4700:4700::1111]/',
  ])('lets %s pass', (url) => {
    expect(() => assertPublicUrl(new URL(url))).not.toThrow();
  });

  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://①②⑦.0.0.1/',
    'http://%31%32%37.0.0.1/',
    'http://0/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::127.0.0.1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://[64:ff9b::127.0.0.1]/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]/',
    'http://localhost/',
    'http://LOCALHOST/',
    'http://localhost./',
    'http://app.localhost/',
    'http://user@example.com/',
    'http://user:password@example.com/',
    'http://:password@example.com/',
    'http://example.com:22/',
    'http://example.com:8080/',
    'https://example.com:80/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'data:application/json,{}',
    'gopher://example.com/',
  ])('refuses %s', (url) => {
    expect(() => assertPublicUrl(new URL(url))).toThrow(
      expect.objectContaining({ code: 'request.forbidden' }) as Error,
    );
  });
});

const resolvesTo =
  (...addresses: string[]): ResolveAll =>
  (_hostname, _options, callback) => {
    callback(
      null,
      addresses.map((address): LookupAddress => ({
        address,
        family: address.includes(':') ? 6 : 4,
      })),
    );
  };

const look = async (resolve: ResolveAll, all: boolean) =>
  new Promise((done, reject) => {
    publicLookup(resolve)('name.example', { all }, (error, address, family) =>
      error ? reject(error) : done(all ? address : [address, family]),
    );
  });

describe('publicLookup', () => {
  it('gives the addresses that it has checked', async () => {
    const resolve = resolvesTo('8.8.8.8', '2606:4700::1');
    expect(await look(resolve, true)).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ]);
    expect(await look(resolve, false)).toEqual(['8.8.8.8', 4]);
  });

  it.each([
    ['leads inside', ['10.0.0.1']],
    ['leads inside as well as outside', ['8.8.8.8', '169.254.169.254']],
    ['leads inside by IPv6', ['::ffff:7f00:1']],
    ['leads nowhere', []],
  ])('refuses a name that %s', async (_what, addresses) => {
    for (const all of [true, false]) {
      await expect(look(resolvesTo(...addresses), all)).rejects.toMatchObject({
        code: 'request.forbidden',
      });
    }
  });

  it('passes on why a name was not resolved', async () => {
    const error = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const resolve: ResolveAll = (_hostname, _options, callback) => callback(error, []);
    await expect(look(resolve, true)).rejects.toBe(error);
  });
});

describe('a connection to a public address', () => {
  const running: { stop: () => Promise<void> }[] = [];
  afterEach(async () => {
    for (const { stop } of running.splice(0)) await stop();
  });

  it('is never made to another one, whatever the name says', async () => {
    const server = await rawServer((_request, response) => void response.end('{}'));
    const agents = publicConnections(resolvesTo('127.0.0.1'));
    running.push({ stop: async () => agents.destroy() }, server);
    const signal = AbortSignal.timeout(1_000);
    for (const scheme of ['http', 'https']) {
      // Past the check of the URL: what is tried here is the socket alone.
      const url = new URL(`${scheme}://name.example:${server.port}/`);
      const asking = exchange(url, agents, { headers: {}, signal });
      await expect(asking).rejects.toMatchObject({ code: 'request.forbidden' });
    }
    expect(server.connections()).toBe(0);
  });

  it('asks again where the name leads for every connection', async () => {
    const answers = [['8.8.8.8'], ['127.0.0.1']];
    const asked: string[] = [];
    const resolve: ResolveAll = (hostname, options, callback) => {
      asked.push(hostname);
      resolvesTo(...(answers.shift() ?? ['127.0.0.1']))(hostname, options, callback);
    };
    await expect(look(resolve, false)).resolves.toEqual(['8.8.8.8', 4]);
    await expect(look(resolve, false)).rejects.toMatchObject({ code: 'request.forbidden' });
    expect(asked).toEqual(['name.example', 'name.example']);
  });
});
