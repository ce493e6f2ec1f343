import type { Address } from '../../domain/address.ts';
import { absent, failed, type Finding, known } from '../../domain/evidence.ts';
import { tokenGainers } from '../../domain/token-gainers.ts';
import type { ChainHistory } from '../../ports/chain-history.ts';

/** Seconds after an opening, a page reaches back to it; later it does not, and says so. */
const PAGE = 100;
/** Transactions of the slot that are read: a bundle has five, two bundles and some snipers a few more. */
const MOST_TRANSACTIONS = 20;

/**
 * Who got tokens in the slot in which the pool opened: the opening itself and what landed beside it.
 * Several wallets that buy in one slot have known of the opening before anybody could see it.
 */
export async function rpcFirstBuyers(
  history: ChainHistory,
  mint: Address,
  slot: number,
  signal: AbortSignal,
): Promise<Finding<readonly string[]>> {
  const listed = await history.list(mint, { limit: PAGE }, signal);
  const oldest = listed.at(-1);
  if (oldest === undefined || listed.every((entry) => entry.slot < slot))
    return absent('the transactions of the mint are not listed yet');
  if (listed.length === PAGE && oldest.slot > slot)
    return failed(`more than ${PAGE} transactions since the opening`);
  // Newest first: the earliest of the slot are the last ones.
  const first = listed.filter((entry) => entry.slot === slot && !entry.failed);
  if (first.length === 0) return absent('the opening is not listed yet');
  const gainers = await Promise.all(
    first.slice(-MOST_TRANSACTIONS).map(async ({ signature }) => {
      const transaction = await history.transaction(signature, signal);
      return transaction === null ? undefined : tokenGainers(transaction, mint);
    }),
  );
  if (gainers.includes(undefined)) return absent('a transaction of the opening is not there yet');
  return known([...new Set(gainers.flatMap((owners) => owners ?? []))]);
}
