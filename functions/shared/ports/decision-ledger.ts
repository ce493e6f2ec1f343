import type { Address } from '../domain/address.ts';
import type { Decision } from '../domain/decision.ts';

/** The decisions table, as the analyzer and the detector see it. Both throw the Fault `ledger.unavailable`. */
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
};
