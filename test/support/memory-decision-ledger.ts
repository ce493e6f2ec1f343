import type { Decision } from '#shared/domain/decision.ts';
import { lookKey } from '#shared/domain/table-keys.ts';
import type { DecisionLedger } from '#shared/ports/decision-ledger.ts';

/** Decisions by `mint/pool#look`, each written once. */
export const memoryDecisionLedger = (): DecisionLedger & {
  readonly rows: Map<string, Decision>;
} => {
  const rows = new Map<string, Decision>();
  return {
    rows,
    async record(decision) {
      const { opening, look } = decision;
      const name = `${opening.mint}/${lookKey(opening.pool, look)}`;
      if (rows.has(name)) return 'duplicate';
      rows.set(name, decision);
      return 'stored';
    },
    async find(mint, pool, look) {
      const row = rows.get(`${mint}/${lookKey(pool, look)}`);
      return row && { verdict: row.verdict, evidence: row.evidence };
    },
    has: async (mint, pool, look) => rows.has(`${mint}/${lookKey(pool, look)}`),
  };
};
