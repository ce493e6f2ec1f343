import { describe, expect, it } from 'vitest';

import { METAPLEX_PROGRAM, decodeMetaplexMetadata } from '#shared/domain/metaplex-metadata.ts';
import type { Address } from '#shared/domain/address.ts';
import { addressNamed } from '../../support/detections.ts';
import { key, text, u16, u32 } from '../../support/mint-bytes.ts';

const mint = addressNamed('mint');
const authority = addressNamed('update authority');

const padded = (value: string, length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  bytes.write(value, 'utf8');
  return text(bytes);
};

function account({
  updateAuthority = authority,
  texts = [padded('Gary', 32), padded('GARY', 10), padded('ipfs://gary', 200)],
  creators = 0,
  mutable = 1,
  rest = 0,
}: {
  updateAuthority?: Address | null;
  texts?: Buffer[];
  creators?: number;
  mutable?: number;
  rest?: number;
} = {}): Uint8Array {
  const list =
    creators === 0
      ? Buffer.from([0])
      : Buffer.concat([Buffer.from([1]), u32(creators), Buffer.alloc(34 * creators, 7)]);
  return Buffer.concat([
    Buffer.from([4]),
    key(updateAuthority),
    key(mint),
    ...texts,
    u16(500),
    list,
    Buffer.from([1, mutable]),
    Buffer.alloc(rest),
  ]);
}

describe('decodeMetaplexMetadata', () => {
  const gary = { mint, name: 'Gary', symbol: 'GARY', uri: 'ipfs://gary' };

  it.each([
    ['padded to its old length', account({ rest: 679 - 326 }), { ...gary, mutable: true }],
    ['ending at what we read', account(), { ...gary, mutable: true }],
    [
      'shrunken, its texts without padding',
      account({ texts: [text('Gary'), text('GARY'), text('ipfs://gary')] }),
      { ...gary, mutable: true },
    ],
    ['that nobody may change', account({ mutable: 0 }), { ...gary, mutable: false }],
    ['with creators', account({ creators: 5 }), { ...gary, mutable: true }],
    [
      'without an update authority',
      account({ updateAuthority: null }),
      { ...gary, updateAuthority: null },
    ],
    [
      'with a hostile name',
      account({ texts: [text('\u202EGary\u0007'), text('GARY'), text('ipfs://gary')] }),
      gary,
    ],
  ])('reads one %s', (_what, data, expected) => {
    expect(decodeMetaplexMetadata(METAPLEX_PROGRAM, data)).toMatchObject(expected);
  });

  it('cuts texts to what evidence holds', () => {
    const texts = [text('a'.repeat(200)), text('b'.repeat(100)), text('c'.repeat(1_000))];
    const { name, symbol, uri } = decodeMetaplexMetadata(METAPLEX_PROGRAM, account({ texts }))!;
    expect([name.length, symbol.length, uri.length]).toEqual([64, 32, 256]);
  });

  it.each([
    [
      'whose name is longer than any',
      METAPLEX_PROGRAM,
      account({ texts: [text('a'.repeat(201))] }),
    ],
    ['of another program', mint, account()],
    ['of another kind', METAPLEX_PROGRAM, Buffer.concat([Buffer.from([6]), account().subarray(1)])],
    ['that is empty', METAPLEX_PROGRAM, new Uint8Array()],
    ['cut short', METAPLEX_PROGRAM, account().subarray(0, -1)],
    [
      'whose name claims four gigabytes',
      METAPLEX_PROGRAM,
      account({ texts: [text('Gary', 0xffff_ffff)] }),
    ],
    [
      'whose creators claim more than there is',
      METAPLEX_PROGRAM,
      Buffer.concat([account().subarray(0, -3), Buffer.from([1]), u32(0xffff_ffff)]),
    ],
  ])('knows no account %s', (_what, owner, data) => {
    expect(decodeMetaplexMetadata(owner, data)).toBeUndefined();
  });
});
