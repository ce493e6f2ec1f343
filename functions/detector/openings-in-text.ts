import type { PoolOpening } from '#shared/domain/detection.ts';
import type { Venue } from '#shared/domain/venue.ts';
import { type ChainTransaction, chainTransactionsOf } from './chain-transaction.ts';
import { type UnresolvedOpening, openingsIn } from './openings.ts';
import type { RefusedRecord } from './transaction-records.ts';

/** An opening with the transaction that it was read from. */
export type TransactionOpening = Pick<ChainTransaction, 'signature' | 'slot' | 'blockTime'> & {
  readonly opening: PoolOpening;
};

/** All that a body of JSON text held. */
export type OpeningsInText = {
  /** Transactions read, failed ones included. */
  readonly transactions: number;
  readonly failed: number;
  readonly openings: readonly TransactionOpening[];
  readonly unresolved: readonly (UnresolvedOpening & { readonly signature: string })[];
  readonly refused: readonly RefusedRecord[];
};

/** From the text of a body to the pools that it opened: the detector's whole pure path. Never throws. */
export function openingsInText(text: string, venues: ReadonlySet<Venue>): OpeningsInText {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const refused = [{ index: 0, reason: `it is not JSON: ${error.message}` }];
    return { transactions: 0, failed: 0, openings: [], unresolved: [], refused };
  }
  const { transactions, refused } = chainTransactionsOf(body);
  const found = transactions.map((transaction) => ({
    transaction,
    ...openingsIn(transaction, venues),
  }));
  return {
    transactions: transactions.length,
    failed: transactions.filter(({ failed }) => failed).length,
    openings: found.flatMap(({ transaction: { signature, slot, blockTime }, openings }) =>
      openings.map((opening) => ({ signature, slot, blockTime, opening })),
    ),
    unresolved: found.flatMap(({ transaction: { signature }, unresolved }) =>
      unresolved.map((opening) => ({ ...opening, signature })),
    ),
    refused,
  };
}
