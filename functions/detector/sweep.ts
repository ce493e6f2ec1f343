import type { Address } from '#shared/domain/address.ts';
import type { TokenDetected } from '#shared/domain/detection.ts';
import { reasonOf } from '#shared/domain/fault.ts';
import type { ChainHistory, ListedTransaction } from '#shared/ports/chain-history.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { DecisionLookup } from '#shared/ports/decision-lookup.ts';
import type { SweepCursor, SweepCursors } from '#shared/ports/sweep-cursors.ts';
import { mapBounded } from '#shared/runtime/map-bounded.ts';
import { type AnnounceDeps, announce } from './announce.ts';
import { chainTransactionsOf } from './chain-transaction.ts';
import { type DetectionScope, detect } from './detect.ts';
import { listSince } from './list-since.ts';
import { readChunk } from './read-chunk.ts';
import type { RecentLooks } from './recent-looks.ts';
import type { WatchedAccount } from './watched-accounts.ts';

export type SweepDeps = AnnounceDeps & {
  readonly clock: Clock;
  readonly history: ChainHistory;
  readonly cursors: SweepCursors;
  readonly decisions: DecisionLookup;
  readonly recent: RecentLooks;
  readonly scope: DetectionScope;
};

/** What one round came to, over all accounts. */
export type SweepTally = {
  /** Transactions read; those not read after all the waiting are `givenUp`. */
  transactions: number;
  givenUp: number;
  unresolved: number;
  queued: TokenDetected[];
  dropped: number;
  capUnread: string | null;
  /** Accounts swept for the first time: from now on, not from the beginning of time. */
  started: Address[];
  /** Accounts where more happened than a round reads: part of it was skipped. */
  overrun: Address[];
  /** Accounts that wait for the next round, and why. */
  failed: { readonly account: Address; readonly reason: string }[];
};

const ACCOUNTS_AT_ONCE = 4;
/** Transactions between two moves of the cursor. */
const CHUNK = 40;

/**
 * Reads what happened at each account since the last time, and queues the pools that have no
 * decision. An account that fails waits for the next round; the others go on.
 */
export async function sweep(
  deps: SweepDeps,
  accounts: readonly WatchedAccount[],
  signal: AbortSignal,
): Promise<SweepTally> {
  const tally: SweepTally = {
    transactions: 0,
    givenUp: 0,
    unresolved: 0,
    queued: [],
    dropped: 0,
    capUnread: null,
    started: [],
    overrun: [],
    failed: [],
  };
  await mapBounded(accounts, ACCOUNTS_AT_ONCE, async (watched) => {
    const [outcome] = await Promise.allSettled([sweepAccount(deps, watched, tally, signal)]);
    if (outcome.status === 'rejected') {
      tally.failed.push({ account: watched.account, reason: reasonOf(outcome.reason) });
    }
  });
  return tally;
}

async function sweepAccount(
  deps: SweepDeps,
  { account, wholeProgram }: WatchedAccount,
  tally: SweepTally,
  signal: AbortSignal,
): Promise<void> {
  const { history, cursors } = deps;
  const cursor = await cursors.read(account, signal);
  if (!cursor) {
    const [newest] = await history.list(account, { limit: 1 }, signal);
    const start = newest ? cursorAt(newest) : { signature: null, slot: 0 };
    await cursors.move(account, start, signal);
    tally.started.push(account);
    return;
  }

  const listing = await listSince(history, { account, wholeProgram, cursor }, signal);
  if (listing.kind !== 'whole') tally.overrun.push(account);
  if (listing.kind === 'outrun') {
    await cursors.move(account, cursorAt(listing.newest), signal);
    return;
  }
  const { listed } = listing;
  const newestSlot = listed.at(-1)?.slot ?? 0;
  let waits = false;
  for (let start = 0; start < listed.length; start += CHUNK) {
    const chunk = listed.slice(start, start + CHUNK);
    const read = await readChunk(deps, { chunk, newestSlot }, signal);
    tally.givenUp += read.givenUp;
    await announceNew(deps, read.bodies, tally, signal);
    // Only now: what the queue has not accepted is found again. And never past what waits.
    const last = waits ? undefined : chunk[read.passed - 1];
    if (last) await cursors.move(account, cursorAt(last), signal);
    if (read.waitsFor !== null && !waits) tally.failed.push({ account, reason: read.waitsFor });
    if (read.broken) return;
    waits ||= read.waitsFor !== null;
  }
}

const cursorAt = ({ signature, slot }: ListedTransaction): SweepCursor => ({ signature, slot });

async function announceNew(
  { clock, scope, decisions, recent, ...deps }: SweepDeps,
  bodies: readonly unknown[],
  tally: SweepTally,
  signal: AbortSignal,
): Promise<void> {
  const { transactions, refused } = chainTransactionsOf(bodies);
  tally.transactions += transactions.length;
  tally.givenUp += refused.length;
  const { looks, unresolved } = detect(transactions, scope, { source: 'sweep', atMs: clock.now() });
  tally.unresolved += unresolved;
  if (looks.length === 0) return;

  const claimed = recent.claim(await decisions.undecided(looks, signal));
  const [announced] = await Promise.allSettled([announce(deps, claimed, signal)]);
  if (announced.status === 'rejected') {
    recent.release(claimed);
    throw announced.reason;
  }
  tally.queued.push(...announced.value.queued);
  tally.dropped += announced.value.dropped;
  tally.capUnread ??= announced.value.capUnread;
}
