import { describe, expect, it } from 'vitest';
import { getTokenEncoder } from '@solana-program/token';
import { type Address as KitAddress, none } from '@solana/kit';

import { decodeTokenAccount } from '#shared/domain/token-account.ts';
import { TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from '#shared/domain/token-mint.ts';
import { addressNamed } from '../../support/detections.ts';
import { mint2022Bytes, tlv } from '../../support/mint-bytes.ts';

const mint = addressNamed('mint');
const owner = addressNamed('owner');
const account = (state: 0 | 1 | 2 = 1): Uint8Array =>
  Uint8Array.from(
    getTokenEncoder().encode({
      mint: mint as string as KitAddress,
      owner: owner as string as KitAddress,
      amount: 2n ** 64n - 1n,
      delegate: none(),
      state,
      isNative: none(),
      delegatedAmount: 0n,
      closeAuthority: none(),
    }),
  );
const extended = (kind: number) => Buffer.concat([account(), Buffer.from([kind]), tlv(7)]);

describe('decodeTokenAccount', () => {
  it.each([
    ['of the first program', TOKEN_PROGRAM, account()],
    ['that is frozen', TOKEN_PROGRAM, account(2)],
    ['of Token-2022', TOKEN_2022_PROGRAM, account()],
    ['of Token-2022 with extensions', TOKEN_2022_PROGRAM, extended(2)],
  ])('reads an account %s', (_what, program, data) => {
    expect(decodeTokenAccount(program, data)).toEqual({ mint, owner, amount: 2n ** 64n - 1n });
  });

  it.each([
    ['of another program', mint, account()],
    ['cut short', TOKEN_PROGRAM, account().subarray(0, 164)],
    ['that was never initialised', TOKEN_PROGRAM, account(0)],
    ['that is a mint', TOKEN_2022_PROGRAM, mint2022Bytes([tlv(9)])],
    ['that says it is a mint', TOKEN_2022_PROGRAM, extended(1)],
  ])('knows no account %s', (_what, program, data) => {
    expect(decodeTokenAccount(program, data)).toBeUndefined();
  });
});
