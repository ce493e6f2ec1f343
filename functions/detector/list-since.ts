import type { Address } from '#shared/domain/address.ts';
import type { ChainHistory, ListedTransaction } from '#shared/ports/chain-history.ts';
import type { SweepCursor } from '#shared/ports/sweep-cursors.ts';

/** Most that `getSignaturesForAddress` lists at once (Solana JSON-RPC reference). */
const PAGE = 1_000;
const MAX_PAGES = 5;
/**
 * A program that swaps keep busier than this between two rounds is not read at all: each
 * transaction costs a call, and nearly none of them opens a pool.
 */
const MOST_OF_A_PROGRAM = 200;

/** What happened at an account after the cursor, oldest first. */
export type Listing =
  | { readonly kind: 'whole'; readonly listed: readonly ListedTransaction[] }
  /** More happened than is listed: what lies between the cursor and the first is skipped. */
  | { readonly kind: 'newest'; readonly listed: readonly ListedTransaction[] }
  /** A program too busy to be read: goes on from here. */
  | { readonly kind: 'outrun'; readonly newest: ListedTransaction };

/** Lists what happened at an account after the cursor. @throws {Fault} `upstream.*` */
export async function listSince(
  history: ChainHistory,
  from: {
    readonly account: Address;
    readonly wholeProgram: boolean;
    readonly cursor: SweepCursor;
  },
  signal: AbortSignal,
): Promise<Listing> {
  const { account, wholeProgram, cursor } = from;
  const until = cursor.signature === null ? {} : { until: cursor.signature };
  const limit = wholeProgram ? MOST_OF_A_PROGRAM : PAGE;
  const newestFirst: ListedTransaction[] = [];
  for (let pages = wholeProgram ? 1 : MAX_PAGES; pages > 0; pages -= 1) {
    const oldest = newestFirst.at(-1);
    const before = oldest ? { before: oldest.signature } : {};
    const page = await history.list(account, { limit, ...before, ...until }, signal);
    // A node that does not know the cursor's signature lists on into the past: the slot stops it.
    const fresh = page.filter(({ slot }) => slot >= cursor.slot);
    newestFirst.push(...fresh);
    if (fresh.length < limit) return { kind: 'whole', listed: newestFirst.toReversed() };
  }
  const [newest] = newestFirst;
  return wholeProgram && newest
    ? { kind: 'outrun', newest }
    : { kind: 'newest', listed: newestFirst.toReversed() };
}
