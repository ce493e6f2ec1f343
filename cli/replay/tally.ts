import { type Evidence, factsOf } from '#shared/domain/evidence.ts';
import type { Opinion, Outcome } from './opinion.ts';

export type Counts = Readonly<Record<Outcome, number>>;
/** `decisive`: it refused first. `named`: it refused, among others. */
export type Refusals = Readonly<Record<string, { decisive: number; named: number }>>;

/** What one side said of all tokens. */
export type SideFigures = { readonly verdicts: Counts; readonly rejectedBy: Refusals };

/** A token whose verdict moved. */
export type Moved = {
  readonly mint: string;
  readonly symbol: string;
  readonly look: number;
  readonly from: Outcome;
  readonly to: Outcome;
  readonly fromScore: number;
  readonly toScore: number;
  readonly fromReason: string;
  readonly toReason: string;
};

/** Counts of one side, taken token by token. */
export function sideTally(): { add: (opinion: Opinion) => void; figures: () => SideFigures } {
  const verdicts = emptyCounts();
  const refusals = new Map<string, { decisive: number; named: number }>();
  return {
    add({ outcome, refusers }) {
      verdicts[outcome] += 1;
      for (let at = 0; at < refusers.length; at += 1) {
        const name = refusers[at] ?? '';
        const entry = refusals.get(name) ?? { decisive: 0, named: 0 };
        if (at === 0) entry.decisive += 1;
        entry.named += 1;
        refusals.set(name, entry);
      }
    },
    figures: () => ({
      verdicts: { ...verdicts },
      rejectedBy: Object.fromEntries(
        [...refusals].sort(([, a], [, b]) => b.decisive - a.decisive || b.named - a.named),
      ),
    }),
  };
}

export type MoveFigures = {
  /** Rows: the side compared with. Columns: the strategy. */
  readonly matrix: Readonly<Record<Outcome, Counts>>;
  /** The first few of each kind of move. */
  readonly examples: readonly Moved[];
};

/** How verdicts move from one side to the other; keeps `examples` of each kind of move. */
export function moveTally(examples: number): {
  add: (evidence: Evidence, from: Opinion, to: Opinion) => void;
  figures: () => MoveFigures;
} {
  const matrix = {
    BUY: emptyCounts(),
    SKIP: emptyCounts(),
    WATCH: emptyCounts(),
    EXPIRED: emptyCounts(),
    '?': emptyCounts(),
  } satisfies Record<Outcome, unknown>;
  const kept: Moved[] = [];
  return {
    add(evidence, from, to) {
      const row = matrix[from.outcome];
      row[to.outcome] += 1;
      if (from.outcome === to.outcome || row[to.outcome] > examples) return;
      kept.push(movedOf(evidence, from, to));
    },
    figures: () => ({ matrix, examples: kept }),
  };
}

const movedOf = ({ opening, look, checks }: Evidence, from: Opinion, to: Opinion): Moved => ({
  mint: opening.mint,
  symbol: factsOf(checks.metadata.finding)?.symbol ?? '',
  look,
  from: from.outcome,
  to: to.outcome,
  fromScore: from.score,
  toScore: to.score,
  fromReason: from.reason,
  toReason: to.reason,
});

const emptyCounts = (): Record<Outcome, number> => ({
  BUY: 0,
  SKIP: 0,
  WATCH: 0,
  EXPIRED: 0,
  '?': 0,
});
