import { describe, expect, it } from 'vitest';

import { tokenGainers } from '#shared/domain/token-gainers.ts';
import { addressNamed } from '../../support/detections.ts';

const mint = addressNamed('mint');
const balance = (owner: string, amount: string, of: string = mint) => ({
  mint: of,
  owner,
  uiTokenAmount: { amount },
});
const transaction = (pre: unknown, post: unknown) => ({
  meta: { preTokenBalances: pre, postTokenBalances: post },
});

describe('tokenGainers', () => {
  it('names owners who hold more afterwards, and nobody else', () => {
    const gainers = tokenGainers(
      transaction(
        [balance('pool', '900'), balance('bob', '5'), balance('carol', '7')],
        [
          balance('pool', '800'),
          balance('bob', '5'),
          balance('carol', '8'),
          balance('alice', '99'),
        ],
      ),
      mint,
    );
    expect(gainers).toEqual(['carol', 'alice']);
  });

  it('adds up the accounts of one owner, and leaves other mints out', () => {
    const gainers = tokenGainers(
      transaction(
        [balance('bob', '10')],
        [balance('bob', '4'), balance('bob', '6'), balance('alice', '1', addressNamed('other'))],
      ),
      mint,
    );
    expect(gainers).toEqual([]);
  });

  it.each([
    [null],
    [{}],
    [{ meta: null }],
    [transaction(undefined, [{ mint, uiTokenAmount: {} }])],
  ])('knows nothing of %j', (answer) => expect(tokenGainers(answer, mint)).toBeUndefined());
});
