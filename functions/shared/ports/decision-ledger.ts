import type { Address } from '../domain/address.ts';
import type { Decision, Verdict } from '../domain/decision.ts';
import type { Evidence } from '../domain/evidence.ts';

/** What a stored look came to. */
export type StoredLook = {
  readonly verdict: Verdict;
  /** Null when nothing was asked, or when another version of the code wrote it. */
  readonly evidence: Evidence | null;
};

/** The decisions table, as the analyzer sees it. All throw the Fault `ledger.unavailable`. */
export type DecisionLedger = {
  /** Stores a decision once. `duplicate`: this look had its decision already, and keeps it. */
  readonly record: (decision: Decision, signal: AbortSignal) => Promise<'stored' | 'duplicate'>;
  /** Whether this look at this pool has its decision. */
  readonly has: (
    mint: Address,
    pool: Address,
    look: number,
    signal: AbortSignal,
  ) => Promise<boolean>;
  /** This look at this pool as it was stored; undefined when it has no decision. */
  readonly find: (
    mint: Address,
    pool: Address,
    look: number,
    signal: AbortSignal,
  ) => Promise<StoredLook | undefined>;
};
