import type { BudgetHolding, BudgetLedger } from '../upstream/budget-ledger.ts';

export type StoredBudget = {
  readonly ledger: BudgetLedger;
  /** Changes whenever units change hands; 0 before the first time. */
  readonly version: number;
  /** Unix milliseconds of the store's own clock at the reading; it may show whole seconds only. */
  readonly nowMs: number;
};

/** Where the holders of a budget agree on who may ask how often. */
export type BudgetStore = {
  /** @throws {Fault} `upstream.unavailable` */
  readonly read: (upstream: string) => Promise<StoredBudget>;
  /**
   * Puts a ledger in the place of what was read; `conflict` when units have changed hands since.
   * @throws {Fault} `upstream.unavailable`: it may have been written all the same.
   */
  readonly write: (
    upstream: string,
    read: StoredBudget,
    ledger: BudgetLedger,
  ) => Promise<'stored' | 'conflict'>;
  /**
   * Lets a holder keep its units for longer, whatever happens to those of others; `conflict` when
   * it does not hold as many.
   * @throws {Fault} `upstream.unavailable`: it may have been written all the same.
   */
  readonly extend: (
    upstream: string,
    holder: string,
    holding: BudgetHolding,
  ) => Promise<'stored' | 'conflict'>;
};
