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
    async write(upstream, read, ledger) {
      counts.writes += 1;
      const stored = ledgers.get(upstream);
      if ((stored?.version ?? 0) !== read.version) return 'conflict';
      const holders = Object.entries(ledger.holders).map(([name, holding]) => {
        const was = read.ledger.holders[name];
        const same = was?.units === holding.units && was.untilMs === holding.untilMs;
        // What did not change here may have been extended since.
        return [name, same ? (stored?.ledger.holders[name] ?? holding) : holding] as const;
      });
      const next = { ...ledger, holders: Object.fromEntries(holders) };
      ledgers.set(upstream, { ledger: next, version: read.version + 1 });
      return 'stored';
    },
    async extend(upstream, holder, holding) {
      counts.writes += 1;
      const stored = ledgers.get(upstream);
      if (stored?.ledger.holders[holder]?.units !== holding.units) return 'conflict';
      const holders = { ...stored.ledger.holders, [holder]: holding };
      ledgers.set(upstream, { ...stored, ledger: { ...stored.ledger, holders } });
      return 'stored';
    },
  };
}
