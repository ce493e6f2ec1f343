import { describe, expect, it } from 'vitest';

import { readOffchainMetadata } from '#shared/domain/offchain-metadata.ts';

const nothing = {
  name: '',
  symbol: '',
  description: '',
  hasImage: false,
  twitter: null,
  telegram: null,
  website: null,
};

describe('readOffchainMetadata', () => {
  it('reads what Pump.fun writes', () => {
    expect(
      readOffchainMetadata({
        name: 'Gary',
        symbol: 'GARY',
        description: 'A cat.',
        image: 'https://ipfs.io/ipfs/x',
        showName: true,
        createdOn: 'https://pump.fun',
        twitter: 'https://x.com/gary',
        telegram: 'https://t.me/gary',
        website: 'https://gary.example',
      }),
    ).toEqual({
      name: 'Gary',
      symbol: 'GARY',
      description: 'A cat.',
      hasImage: true,
      twitter: 'https://x.com/gary',
      telegram: 'https://t.me/gary',
      website: 'https://gary.example',
    });
  });

  it.each(['extensions', 'links', 'socials', 'properties'])('finds links in %s', (place) => {
    expect(readOffchainMetadata({ [place]: { x: 'https://x.com/gary' } }).twitter).toBe(
      'https://x.com/gary',
    );
  });

  it('takes an external URL for a website', () => {
    expect(readOffchainMetadata({ external_url: 'https://gary.example' }).website).toBe(
      'https://gary.example',
    );
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a number', 4],
    ['a text', 'Gary'],
    ['a list', [{ name: 'Gary' }]],
    ['fields of other types', { name: 1, image: {}, twitter: ['x'], extensions: 'x' }],
    ['links that are nothing but spaces', { twitter: ' \u200B ' }],
    ['prototypes', JSON.parse('{"__proto__": {"name": "Gary"}, "constructor": {"name": "x"}}')],
  ])('makes nothing of %s', (_what, document) => {
    expect(readOffchainMetadata(document)).toEqual(nothing);
  });

  it('cleans and cuts texts', () => {
    const read = readOffchainMetadata({ name: `\u202E${'a'.repeat(500)}`, symbol: 'GA\u0000RY' });
    expect(read).toMatchObject({ name: 'a'.repeat(64), symbol: 'GARY' });
  });
});
