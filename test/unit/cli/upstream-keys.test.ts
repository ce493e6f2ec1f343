import { describe, expect, it } from 'vitest';

import { keyNames, upstreamKeys } from '#cli/upstream-keys.ts';
import { loadTradingConfig } from '#config/load-trading-config.ts';

const config = loadTradingConfig({ stage: 'test' });

const secret = async () => ({ HELIUS_API_KEY: 'of the secret', JUPITER_API_KEY: 'j' });
const noSecret = async (): Promise<never> => {
  throw new Error('must not be read');
};

describe('the keys of the upstreams', () => {
  it('are those that the configuration names', () => {
    expect(keyNames(config).toSorted()).toEqual([
      'HELIUS_API_KEY',
      'JUPITER_API_KEY',
      'X_BEARER_TOKEN',
    ]);
  });

  it('come from the environment first, then from the secret, else are empty', async () => {
    expect(await upstreamKeys(config, { HELIUS_API_KEY: 'of the environment' }, secret)).toEqual({
      HELIUS_API_KEY: 'of the environment',
      JUPITER_API_KEY: 'j',
      X_BEARER_TOKEN: '',
    });
  });

  it('leave the secret alone when the environment has them all', async () => {
    const environment = { HELIUS_API_KEY: 'a', JUPITER_API_KEY: '', X_BEARER_TOKEN: '' };
    expect(await upstreamKeys(config, environment, noSecret)).toEqual(environment);
  });
});
