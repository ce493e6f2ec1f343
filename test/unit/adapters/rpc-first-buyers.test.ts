import { describe, expect, it } from 'vitest';

import { rpcFirstBuyers } from '#shared/adapters/solana/rpc-first-buyers.ts';
import { absent, known } from '#shared/domain/evidence.ts';
import type { ChainHistory, ListedTransaction } from '#shared/ports/chain-history.ts';
import { addressNamed } from '../../support/detections.ts';

const mint = addressNamed('mint');
const SLOT = 1_000;
const signal = new AbortController().signal;

const listed = (signature: string, slot: number, failed = false): ListedTransaction => ({
  signature,
  slot,
  blockTime: null,
  failed,
});
const bought = (owner: string) => ({
  meta: { postTokenBalances: [{ mint, owner, uiTokenAmount: { amount: '1' } }] },
});

/** A chain whose transactions are read as `read` says: a buy by the wallet that the signature names. */
function chain(
  list: readonly ListedTransaction[],
  read: (signature: string) => unknown = bought,
): { history: ChainHistory; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    history: {
      list: async () => [...list],
      transaction: async (signature) => {
        asked.push(signature);
        return read(signature);
      },
    },
  };
}

describe('rpcFirstBuyers', () => {
  it('names who got tokens in the slot of the opening, and reads nothing of later ones', async () => {
    const { history, asked } = chain([
      listed('late', SLOT + 1),
      listed('bob', SLOT),
      listed('failed', SLOT, true),
      listed('alice', SLOT),
      listed('minted', SLOT - 5),
    ]);
    await expect(rpcFirstBuyers(history, mint, SLOT, signal)).resolves.toEqual(
      known(['bob', 'alice']),
    );
    expect(asked).toEqual(['bob', 'alice']);
  });

  it.each([
    ['nothing is listed', []],
    ['only what came before is listed', [listed('minted', SLOT - 5)]],
    ['only what came after is listed', [listed('late', SLOT + 1)]],
  ])('waits while %s', async (_when, list) => {
    const finding = await rpcFirstBuyers(chain(list).history, mint, SLOT, signal);
    expect(finding.status).toBe('absent');
  });

  it.each([[null], [{ meta: {}, other: 1 }]])('reads %j as what it is', async (answer) => {
    const { history } = chain([listed('alice', SLOT)], () => answer);
    const finding = await rpcFirstBuyers(history, mint, SLOT, signal);
    expect(finding).toEqual(
      answer === null ? absent('a transaction of the opening is not there yet') : known([]),
    );
  });

  it('says so when the page no longer reaches back', async () => {
    const list = Array.from({ length: 100 }, (_, index) => listed(`t${index}`, SLOT + 200 - index));
    const finding = await rpcFirstBuyers(chain(list).history, mint, SLOT, signal);
    expect(finding.status).toBe('failed');
  });

  it('reads at most twenty transactions, the earliest of the slot', async () => {
    const list = Array.from({ length: 30 }, (_, index) => listed(`t${index}`, SLOT));
    const { history, asked } = chain(list);
    await rpcFirstBuyers(history, mint, SLOT, signal);
    expect(asked).toHaveLength(20);
    expect(asked).toContain('t29');
    expect(asked).not.toContain('t9');
  });
});
