import type { MarketTruth } from '#infra/local/market-process.ts';
import type { Verdict } from '#shared/domain/decision.ts';
import { type Percentiles, percentiles } from './percentiles.ts';

/** What one row of the decisions table says, as far as a summary needs it. */
export type DecidedRow = {
  readonly mint: string;
  readonly pool: string;
  readonly look: number;
  readonly verdict: Verdict;
  readonly latencyMs: number;
};

export type RunFacts = {
  /** What the market opened, and what is true of it. */
  readonly truth: MarketTruth;
  readonly rows: readonly DecidedRow[];
  /** Pools (`<mint>/<pool>`) that came out of the queue at least once. */
  readonly seen: ReadonlySet<string>;
  /** Decisions that were stored a second time for the same look: none, unless the fence is broken. */
  readonly duplicated: number;
  /** Mints with a trade that bought. */
  readonly bought: readonly string[];
};

export type RunSummary = {
  readonly detected: number;
  readonly decided: number;
  /** Opened by the market, and without a decision. */
  readonly lost: number;
  readonly duplicated: number;
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  readonly trades: number;
  readonly latencyMs: Percentiles;
  readonly truth: {
    readonly trapsBought: number;
    readonly trapsRefused: number;
    readonly soundBought: number;
    readonly soundMissed: number;
    /** By archetype of the market: how many there were, and how many a decision approved. */
    readonly archetypes: Readonly<
      Record<string, { opened: number; approved: number; bought: number }>
    >;
  };
};

export const poolKey = ({ mint, pool }: { mint: string; pool: string }): string =>
  `${mint}/${pool}`;

/** What became of a run, measured against what the market knows to be true. */
export function summarize({ truth, rows, seen, duplicated, bought }: RunFacts): RunSummary {
  const opened = new Map(truth.map((token) => [poolKey(token), token]));
  const decided = new Map(
    rows.filter((row) => opened.has(poolKey(row))).map((row) => [poolKey(row), row]),
  );
  const boughtMints = new Set(bought);
  const verdicts: Partial<Record<Verdict, number>> = {};
  for (const { verdict } of decided.values()) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;

  const archetypes: Record<string, { opened: number; approved: number; bought: number }> = {};
  for (const token of truth) {
    const entry = (archetypes[token.archetype] ??= { opened: 0, approved: 0, bought: 0 });
    entry.opened += 1;
    if (decided.get(poolKey(token))?.verdict === 'BUY') entry.approved += 1;
    if (boughtMints.has(token.mint)) entry.bought += 1;
  }
  const count = (trap: boolean, wasBought: boolean): number =>
    truth.filter((token) => token.trap === trap && boughtMints.has(token.mint) === wasBought)
      .length;
  return {
    detected: [...opened.keys()].filter((key) => seen.has(key) || decided.has(key)).length,
    decided: decided.size,
    lost: opened.size - decided.size,
    duplicated,
    verdicts,
    trades: boughtMints.size,
    latencyMs: percentiles([...decided.values()].map(({ latencyMs }) => latencyMs)),
    truth: {
      trapsBought: count(true, true),
      trapsRefused: count(true, false),
      soundBought: count(false, true),
      soundMissed: count(false, false),
      archetypes,
    },
  };
}
