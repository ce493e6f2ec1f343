import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import type { Address } from '#shared/domain/address.ts';
import { restrictionsOf, transferFeeBps } from '#shared/domain/restrictions.ts';
import { extensionName } from '#shared/domain/token-extensions.ts';
import { TOKEN_2022_PROGRAM, TOKEN_PROGRAM, decodeMint } from '#shared/domain/token-mint.ts';
import { addressNamed } from '../../support/detections.ts';
import {
  key,
  mint2022Bytes,
  mintBytes,
  tlv,
  tokenMetadata,
  transferFeeConfig,
  u16,
} from '../../support/mint-bytes.ts';
import { hasRecordings, recorded } from '../../support/recorded.ts';

const somebody = addressNamed('somebody');
const mint = addressNamed('mint');
const kinds = (data: Uint8Array, owner: string = TOKEN_2022_PROGRAM) => {
  const decoded = decodeMint(owner, data);
  return decoded && restrictionsOf(decoded).map(({ kind }) => kind);
};

describe('a mint of the first token program', () => {
  it('is read field by field', () => {
    const data = mintBytes({
      mintAuthority: somebody,
      freezeAuthority: mint,
      supply: 18_446_744_073_709_551_615n,
      decimals: 9,
    });
    expect(decodeMint(TOKEN_PROGRAM, data)).toEqual({
      program: 'spl-token',
      mintAuthority: somebody,
      freezeAuthority: mint,
      supply: 18_446_744_073_709_551_615n,
      decimals: 9,
      extensions: [],
      metadata: null,
    });
  });

  it('has null for an authority that nobody holds', () => {
    const { mintAuthority, freezeAuthority } = decodeMint(TOKEN_PROGRAM, mintBytes())!;
    expect({ mintAuthority, freezeAuthority }).toEqual({
      mintAuthority: null,
      freezeAuthority: null,
    });
  });

  it.each([0, 46])('takes any tag but 0 at offset %i for an authority', (offset) => {
    const data = mintBytes();
    data[offset] = 2;
    expect(kinds(data, TOKEN_PROGRAM)).toHaveLength(1);
  });

  it.each<[string, string, Uint8Array]>([
    ['another program owns', 'MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr', mintBytes()],
    ['is not initialised', TOKEN_PROGRAM, mintBytes({ isInitialized: false })],
    ['is empty', TOKEN_PROGRAM, new Uint8Array()],
    ['is cut short', TOKEN_PROGRAM, mintBytes().subarray(0, 81)],
    ['is a byte longer', TOKEN_PROGRAM, Buffer.concat([mintBytes(), Buffer.from([0])])],
    ['has the length of a token account', TOKEN_PROGRAM, mint2022Bytes([]).subarray(0, 165)],
    ['has an extended form in the first program', TOKEN_PROGRAM, mint2022Bytes([])],
    ['has the length of a multisig', TOKEN_2022_PROGRAM, mint2022Bytes([Buffer.alloc(355 - 166)])],
    ['is a token account of Token-2022', TOKEN_2022_PROGRAM, mint2022Bytes([], mintBytes(), 2)],
  ])('is none when the account %s', (_what, owner, data) => {
    expect(decodeMint(owner, data)).toBeUndefined();
  });
});

describe('a Token-2022 mint', () => {
  it.each([
    ['without any extension', mintBytes()],
    ['with room for none', mint2022Bytes([])],
    ['with zeros behind', mint2022Bytes([Buffer.alloc(40)])],
  ])('%s is a plain mint', (_what, data) => {
    expect(decodeMint(TOKEN_2022_PROGRAM, data)).toMatchObject({
      program: 'token-2022',
      extensions: [],
    });
  });

  it.each<[string, number, Uint8Array, string[]]>([
    ['a fee, fixed for good', 1, transferFeeConfig(null, 0, 250), ['transfer-fee']],
    ['no fee that somebody can raise', 1, transferFeeConfig(somebody, 0, 0), ['raisable-fee']],
    ['no fee, for good', 1, transferFeeConfig(null, 0, 0), []],
    ['somebody who can close it', 3, key(somebody), ['unvetted-extension']],
    ['confidential transfers', 4, Buffer.alloc(65), ['unvetted-extension']],
    ['accounts that start frozen', 6, Uint8Array.of(2), ['default-frozen']],
    ['accounts that start in no known state', 6, Uint8Array.of(7), ['default-frozen']],
    ['accounts that start open', 6, Uint8Array.of(1), []],
    ['no transfers', 9, Buffer.alloc(0), ['non-transferable']],
    ['interest', 10, Buffer.alloc(52), ['unvetted-extension']],
    ['a permanent delegate', 12, key(somebody), ['permanent-delegate']],
    ['a permanent delegate of nobody', 12, key(null), []],
    ['a hook', 14, Buffer.concat([key(null), key(somebody)]), ['transfer-hook']],
    ['a hook to be installed', 14, Buffer.concat([key(somebody), key(null)]), ['transfer-hook']],
    ['no hook, for good', 14, Buffer.concat([key(null), key(null)]), []],
    ['confidential fees', 16, Buffer.alloc(129), ['unvetted-extension']],
    ['a metadata pointer', 18, Buffer.concat([key(somebody), key(mint)]), []],
    ['a group pointer', 20, Buffer.alloc(64), []],
    ['a group', 21, Buffer.alloc(80), []],
    ['a member pointer', 22, Buffer.alloc(64), []],
    ['a membership', 23, Buffer.alloc(72), []],
    ['confidential minting', 24, Buffer.alloc(196), ['unvetted-extension']],
    ['a scaled display', 25, Buffer.alloc(56), ['unvetted-extension']],
    ['somebody who can pause', 26, Buffer.concat([key(somebody), Buffer.from([0])]), ['pausable']],
    ['a pause for good', 26, Buffer.concat([key(null), Buffer.from([1])]), ['pausable']],
    ['no pause, for good', 26, Buffer.concat([key(null), Buffer.from([0])]), []],
    ['permissioned burns', 28, key(null), ['unvetted-extension']],
    ['a type of the future', 29, Buffer.alloc(8), ['unvetted-extension']],
    ['the highest type', 65_535, Buffer.alloc(8), ['unvetted-extension']],
  ])('with %s (type %i)', (_what, type, value, expected) => {
    expect(kinds(mint2022Bytes([tlv(type, value)]))).toEqual(expected);
  });

  it.each([
    ['older', 900, 100, 900],
    ['newer', 100, 900, 900],
    ['impossible', 0, 60_000, 10_000],
  ])('is taxed by the higher of its fees: the %s one', (_what, older, newer, bps) => {
    const decoded = decodeMint(
      TOKEN_2022_PROGRAM,
      mint2022Bytes([tlv(1, transferFeeConfig(null, older, newer))]),
    )!;
    expect(transferFeeBps(decoded)).toBe(bps);
  });

  it('is judged by the worse of an extension that stands there twice', () => {
    const twice = mint2022Bytes([tlv(12, key(null)), tlv(12, key(somebody))]);
    expect(kinds(twice)).toEqual(['permanent-delegate']);
  });

  it('reads what stands behind its metadata', () => {
    const data = mint2022Bytes([
      tlv(19, tokenMetadata(mint, null, 'Gary', 'GARY', 'ipfs://gary')),
      tlv(9),
    ]);
    expect(kinds(data)).toEqual(['non-transferable']);
  });

  it.each<[string, Uint8Array[]]>([
    ['a length beyond the end', [tlv(18, Buffer.alloc(64), 65)]],
    ['the greatest length', [tlv(18, Buffer.alloc(64), 65_535)]],
    ['half a head', [tlv(9), u16(12)]],
    ['a transfer fee cut short', [tlv(1, transferFeeConfig(null, 0, 0).subarray(0, 100))]],
    ['an empty delegate', [tlv(12)]],
    ['half a hook', [tlv(14, key(null))]],
    ['metadata with a text longer than itself', [tlv(19, Buffer.alloc(64 + 4, 0xff))]],
    ['more extensions than there are types', Array.from({ length: 41 }, () => tlv(9))],
  ])('is none with %s', (_what, entries) => {
    expect(decodeMint(TOKEN_2022_PROGRAM, mint2022Bytes(entries))).toBeUndefined();
  });

  it('cleans its texts', () => {
    const name = '\u001B[31mGary\u202E\u0000\u200B the Cat\uDC00';
    const data = mint2022Bytes([
      tlv(19, tokenMetadata(mint, somebody, name, 'GA\u0000RY\u0000\u0000', ' ipfs://x\u0000 ')),
    ]);
    expect(decodeMint(TOKEN_2022_PROGRAM, data)?.metadata).toEqual({
      // The lone half became U+FFFD when it was written as UTF-8.
      name: '[31mGary the Cat\uFFFD',
      symbol: 'GARY',
      uri: 'ipfs://x',
      updateAuthority: somebody,
    });
  });

  it('cuts its texts to what evidence holds', () => {
    const long = 'a'.repeat(9_000);
    const data = mint2022Bytes([tlv(19, tokenMetadata(mint, null, long, long, long))]);
    const { name, symbol, uri } = decodeMint(TOKEN_2022_PROGRAM, data)!.metadata!;
    expect([name.length, symbol.length, uri.length]).toEqual([64, 32, 256]);
  });

  it('is taxed by nothing without a fee', () => {
    for (const entries of [[], [tlv(9)], [tlv(1, transferFeeConfig(null, 0, 0))]]) {
      expect(transferFeeBps(decodeMint(TOKEN_2022_PROGRAM, mint2022Bytes(entries))!)).toBe(0);
    }
  });

  it('survives a name that is no UTF-8', () => {
    const data = mint2022Bytes([
      tlv(19, tokenMetadata(mint, null, Uint8Array.of(0xff, 0xfe, 0x41), 'A', '')),
    ]);
    expect(decodeMint(TOKEN_2022_PROGRAM, data)?.metadata?.name).toBe('\uFFFD\uFFFDA');
  });
});

describe('the extension types of a mint', () => {
  // `ExtensionType` of @solana-program/token-2022 0.15.0; its other numbers are for token accounts.
  it.each([
    [1, 'transferFeeConfig'],
    [3, 'mintCloseAuthority'],
    [4, 'confidentialTransferMint'],
    [6, 'defaultAccountState'],
    [9, 'nonTransferable'],
    [10, 'interestBearingConfig'],
    [12, 'permanentDelegate'],
    [14, 'transferHook'],
    [16, 'confidentialTransferFeeConfig'],
    [18, 'metadataPointer'],
    [19, 'tokenMetadata'],
    [20, 'groupPointer'],
    [21, 'tokenGroup'],
    [22, 'groupMemberPointer'],
    [23, 'tokenGroupMember'],
    [24, 'confidentialMintBurn'],
    [25, 'scaledUiAmountConfig'],
    [26, 'pausableConfig'],
    [28, 'permissionedBurn'],
    [2, 'unknown'],
    [27, 'unknown'],
    [29, 'unknown'],
  ])('%i is %s', (typeNumber, name) => {
    expect(extensionName(typeNumber)).toBe(name);
  });
});

/** A recorded mint as the RPC node parsed it. */
const parsedSchema = z.object({
  result: z.object({
    value: z.object({
      owner: z.string(),
      data: z.object({
        parsed: z.object({
          info: z.object({
            decimals: z.number(),
            supply: z.string(),
            mintAuthority: z.string().nullable(),
            freezeAuthority: z.string().nullable(),
            extensions: z
              .array(z.object({ extension: z.string(), state: z.record(z.string(), z.unknown()) }))
              .optional(),
          }),
        }),
      }),
    }),
  }),
});

const address = (value: unknown) => key((value ?? null) as Address | null);

describe.skipIf(!hasRecordings)('recorded mints, written as bytes again', () => {
  const encoders: Record<string, (state: Record<string, unknown>) => Uint8Array> = {
    mintCloseAuthority: ({ closeAuthority }) => tlv(3, address(closeAuthority)),
    permanentDelegate: ({ delegate }) => tlv(12, address(delegate)),
    transferFeeConfig: ({ transferFeeConfigAuthority }) =>
      tlv(1, transferFeeConfig(transferFeeConfigAuthority as Address, 0, 0)),
    confidentialTransferMint: ({ authority }) =>
      tlv(4, Buffer.concat([address(authority), Buffer.alloc(33)])),
    confidentialTransferFeeConfig: () => tlv(16, Buffer.alloc(129)),
    transferHook: ({ authority, programId }) =>
      tlv(14, Buffer.concat([address(authority), address(programId)])),
    metadataPointer: ({ authority, metadataAddress }) =>
      tlv(18, Buffer.concat([address(authority), address(metadataAddress)])),
    tokenMetadata: ({ updateAuthority, mint: of, name, symbol, uri }) =>
      tlv(
        19,
        tokenMetadata(
          of as Address,
          updateAuthority as Address | null,
          String(name),
          String(symbol),
          String(uri),
        ),
      ),
  };

  it.each([
    ['mint-spl-usdc', 82, ['mint-authority', 'freeze-authority']],
    ['mint-token2022-good', 414, []],
    [
      'mint-token2022-pyusd',
      866,
      [
        'mint-authority',
        'freeze-authority',
        'unvetted-extension',
        'permanent-delegate',
        'raisable-fee',
        'unvetted-extension',
        'unvetted-extension',
        'transfer-hook',
      ],
    ],
  ])('%s has %i bytes and these restrictions', (file, length, expected) => {
    const { owner, data } = parsedSchema.parse(recorded(`solana-rpc/getAccountInfo.${file}.json`))
      .result.value;
    const { info } = data.parsed;
    const base = mintBytes({
      supply: BigInt(info.supply),
      decimals: info.decimals,
      mintAuthority: info.mintAuthority as Address | null,
      freezeAuthority: info.freezeAuthority as Address | null,
    });
    const entries = info.extensions?.map(({ extension, state }) => encoders[extension]!(state));
    const bytes = entries === undefined ? base : mint2022Bytes(entries, base);
    expect(bytes).toHaveLength(length);
    expect(kinds(bytes, owner)).toEqual(expected);
    expect(decodeMint(owner, bytes)).toMatchObject({
      supply: BigInt(info.supply),
      decimals: info.decimals,
      extensions: (info.extensions ?? []).map(({ extension }) => ({ type: extension })),
    });
  });
});
