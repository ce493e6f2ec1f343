import { describe, expect, it } from 'vitest';

import { loadTradingConfig } from '#config/load-trading-config.ts';
import { liveKeys } from '#infra/local/live/live-keys.ts';
import { retryPauseMs } from '#infra/local/live/stay-connected.ts';
import { websocketUrl } from '#infra/local/live/websocket-url.ts';

const config = loadTradingConfig({ stage: 'test' });

describe('liveKeys', () => {
  it('names each key that an address cannot do without, and each that only makes it poorer', () => {
    expect(liveKeys(config, {})).toEqual({
      keys: { HELIUS_API_KEY: '', JUPITER_API_KEY: '', X_BEARER_TOKEN: '' },
      missing: ['HELIUS_API_KEY'],
      without: ['JUPITER_API_KEY', 'X_BEARER_TOKEN'],
    });
  });

  it('takes each key from the variable of its name, and nothing else', () => {
    const environment = {
      HELIUS_API_KEY: 'h',
      JUPITER_API_KEY: 'j',
      X_BEARER_TOKEN: 'x',
      HOME: '/',
    };
    expect(liveKeys(config, environment)).toEqual({
      keys: { HELIUS_API_KEY: 'h', JUPITER_API_KEY: 'j', X_BEARER_TOKEN: 'x' },
      missing: [],
      without: [],
    });
  });

  it('finds the placeholders of every endpoint', () => {
    const { upstreams } = config;
    const urls = ['https://one/${FIRST}', 'https://two/?key=${SECOND}&also=${FIRST}'];
    const found = liveKeys({ upstreams: { ...upstreams, rpc: { ...upstreams.rpc, urls } } }, {});
    expect(found.missing).toEqual(['FIRST', 'SECOND']);
  });
});

describe('websocketUrl', () => {
  it.each([
    {
      rpc: 'https://mainnet.helius-rpc.com/?api-key=k',
      kind: 'logs',
      url: 'wss://mainnet.helius-rpc.com/?api-key=k',
    },
    {
      rpc: 'https://mainnet.helius-rpc.com/?api-key=k',
      kind: 'transactions',
      url: 'wss://atlas-mainnet.helius-rpc.com/?api-key=k',
    },
    { rpc: 'https://x.example/path/key', kind: 'transactions', url: 'wss://x.example/path/key' },
    { rpc: 'http://127.0.0.1:8899', kind: 'logs', url: 'ws://127.0.0.1:8900/' },
  ] as const)('is $url for $kind of $rpc', ({ rpc, kind, url }) => {
    expect(websocketUrl(rpc, kind)).toBe(url);
  });
});

describe('retryPauseMs', () => {
  it.each([
    { failures: 1, chance: 0, ms: 250 },
    { failures: 1, chance: 1, ms: 500 },
    { failures: 4, chance: 0, ms: 2_000 },
    { failures: 7, chance: 1, ms: 30_000 },
    { failures: 1_000, chance: 0, ms: 15_000 },
  ])('is $ms ms after $failures failures at a chance of $chance', ({ failures, chance, ms }) => {
    expect(retryPauseMs(failures, chance)).toBe(ms);
  });
});
