import type { BudgetLedger } from '../upstream/budget-ledger.ts';

export type StoredBudget = {
  readonly ledger: BudgetLedger;
  /** Changes with each write; 0 before the first. */
  readonly version: number;
  /** Unix milliseconds of the store's own clock at the reading; it may show whole seconds only. */
  readonly nowMs: number;
};

/** Where the holders of a budget agree on who may ask how often. */
export type BudgetStore = {
  /** @throws {Fault} `upstream.unavailable` */
  readonly read: (upstream: string) => Promise<StoredBudget>;
  /**
   * Replaces what was read at `version`; `conflict` when somebody else has done so since.
   * @throws {Fault} `upstream.unavailable`: it may have been written all the same.
   */
  readonly write: (
    upstream: string,
    ledger: BudgetLedger,
    version: number,
  ) => Promise<'stored' | 'conflict'>;
};
