import type { BudgetStore } from '#shared/ports/budget-store.ts';
import type { Clock } from '#shared/ports/clock.ts';
import { type BudgetLedger, EMPTY_LEDGER } from '#shared/upstream/budget-ledger.ts';

export type MemoryBudgetStore = BudgetStore & {
  readonly counts: { reads: number; writes: number };
};

/** Ledgers in memory; a write counts whether it is a conflict or not, as it is billed. */
export function memoryBudgetStore(clock: Clock): MemoryBudgetStore {
  const ledgers = new Map<string, { ledger: BudgetLedger; version: number }>();
  const counts = { reads: 0, writes: 0 };
  return {
    counts,
    async read(upstream) {
      counts.reads += 1;
      const { ledger, version } = ledgers.get(upstream) ?? { ledger: EMPTY_LEDGER, version: 0 };
      // Whole seconds, taken at their middle: no more is to be relied on.
      return { ledger, version, nowMs: Math.floor(clock.now() / 1_000) * 1_000 + 500 };
    },
    async write(upstream, ledger, version) {
      counts.writes += 1;
      if ((ledgers.get(upstream)?.version ?? 0) !== version) return 'conflict';
      ledgers.set(upstream, { ledger, version: version + 1 });
      return 'stored';
    },
  };
}
