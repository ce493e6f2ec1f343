import { describe, expect, it } from 'vitest';

import { ChainClock } from '#infra/local/market/chain/chain-clock.ts';
import { Chain } from '#infra/local/market/chain/chain.ts';
import {
  initializeExtension,
  type MintExtension,
  mintBytes,
} from '#infra/local/market/tokens/mint-extension.ts';
import { createAccount } from '#infra/local/market/tokens/system-instructions.ts';
import {
  initializeTokenMetadata,
  tokenMetadataBytes,
} from '#infra/local/market/tokens/token-metadata.ts';
import { initializeMint } from '#infra/local/market/tokens/token-instructions.ts';
import type { Extension } from '#shared/domain/evidence.ts';
import { restrictionsOf } from '#shared/domain/restrictions.ts';
import { TOKEN_2022_PROGRAM, decodeMint } from '#shared/domain/token-mint.ts';
import { addressNamed } from '../../support/detections.ts';

const somebody = addressNamed('somebody');
const program = addressNamed('hook program');
const metadata = { name: 'Gary the Cat', symbol: 'GARY', uri: 'ipfs://gary' };
const chain = new Chain(new ChainClock({ now: () => Date.UTC(2026, 10, 1), seed: 'test' }), 'test');

/** A mint that the Token-2022 program itself wrote, with these extensions. */
function written(name: string, extensions: readonly MintExtension[], text?: typeof metadata) {
  const mint = addressNamed(name);
  const space = mintBytes(extensions);
  chain.setUp([
    createAccount({
      from: chain.treasury,
      account: mint,
      // Metadata grows the account afterwards.
      lamports: chain.vm.rentOf(space + (text === undefined ? 0 : tokenMetadataBytes(text))),
      space,
      owner: TOKEN_2022_PROGRAM,
    }),
    ...extensions.map((extension) => initializeExtension(mint, extension)),
    initializeMint({
      tokenProgram: TOKEN_2022_PROGRAM,
      mint,
      decimals: 6,
      mintAuthority: somebody,
      freezeAuthority: extensions.some(({ type }) => type === 'defaultFrozen') ? somebody : null,
    }),
    ...(text === undefined ? [] : [initializeTokenMetadata(mint, somebody, text)]),
  ]);
  const account = chain.vm.account(mint)!;
  return decodeMint(account.owner, account.data);
}

describe('what the Token-2022 program writes', () => {
  it.each<[string, MintExtension, Extension, string | undefined]>([
    [
      'a transfer fee',
      { type: 'transferFee', feeBps: 250, maxFee: 9n, authority: somebody },
      { type: 'transferFeeConfig', typeNumber: 1, transferFeeBps: 250, authority: somebody },
      'raisable-fee',
    ],
    [
      'a fixed transfer fee',
      { type: 'transferFee', feeBps: 250, maxFee: 9n, authority: null },
      { type: 'transferFeeConfig', typeNumber: 1, transferFeeBps: 250, authority: null },
      'transfer-fee',
    ],
    [
      'a close authority',
      { type: 'mintClose', authority: somebody },
      { type: 'mintCloseAuthority', typeNumber: 3, authority: somebody },
      'unvetted-extension',
    ],
    [
      'frozen accounts',
      { type: 'defaultFrozen' },
      { type: 'defaultAccountState', typeNumber: 6, frozen: true },
      'default-frozen',
    ],
    [
      'no transfers',
      { type: 'nonTransferable' },
      { type: 'nonTransferable', typeNumber: 9 },
      'non-transferable',
    ],
    [
      'interest',
      { type: 'interestBearing', authority: somebody, rateBps: 500 },
      { type: 'interestBearingConfig', typeNumber: 10, authority: somebody },
      'unvetted-extension',
    ],
    [
      'a permanent delegate',
      { type: 'permanentDelegate', delegate: somebody },
      { type: 'permanentDelegate', typeNumber: 12, authority: somebody },
      'permanent-delegate',
    ],
    [
      'a hook',
      { type: 'transferHook', authority: somebody, programId: program },
      { type: 'transferHook', typeNumber: 14, authority: somebody, programId: program },
      'transfer-hook',
    ],
    [
      'a metadata pointer',
      { type: 'metadataPointer', address: program },
      { type: 'metadataPointer', typeNumber: 18, authority: null },
      undefined,
    ],
    [
      'a scaled display',
      { type: 'scaledUiAmount', authority: somebody, multiplier: 2 },
      { type: 'scaledUiAmountConfig', typeNumber: 25, authority: somebody },
      'unvetted-extension',
    ],
    [
      'a pause',
      { type: 'pausable', authority: somebody },
      { type: 'pausableConfig', typeNumber: 26, authority: somebody, paused: false },
      'pausable',
    ],
  ])('for %s is read as such', (what, extension, expected, restriction) => {
    const mint = written(what, [extension])!;
    expect(mint.extensions).toEqual([expected]);
    // Of the freeze authority that a frozen default needs, only its own restriction is looked at.
    const found = restrictionsOf(mint).map(({ kind }) => kind);
    const own = found.filter((kind) => kind !== 'mint-authority' && kind !== 'freeze-authority');
    expect(own).toEqual(restriction === undefined ? [] : [restriction]);
  });

  it('for several extensions and metadata is read in their order', () => {
    const mint = written(
      'all of them',
      [
        { type: 'metadataPointer', address: addressNamed('all of them') },
        { type: 'pausable', authority: somebody },
        { type: 'permanentDelegate', delegate: somebody },
      ],
      metadata,
    )!;
    expect(mint.metadata).toEqual({ ...metadata, updateAuthority: somebody });
    expect(mint.extensions.map(({ type }) => type).toSorted()).toEqual([
      'metadataPointer',
      'pausableConfig',
      'permanentDelegate',
      'tokenMetadata',
    ]);
    expect(mint).toMatchObject({ supply: 0n, decimals: 6, mintAuthority: somebody });
  });
});
