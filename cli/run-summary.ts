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
  /** Pools whose looks have come to an end: BUY, SKIP or EXPIRED. */
  readonly decided: number;
  /** Opened by the market, and without such an end. */
  readonly lost: number;
  readonly duplicated: number;
  /** By the last look at each pool. */
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  /** Decisions that asked for another look. */
  readonly looks: number;
  readonly trades: number;
  /** Detection to the first decision, and to the one that ended the looks. */
  readonly latencyMs: Percentiles;
  readonly finalMs: Percentiles;
  readonly truth: {
    readonly trapsBought: number;
    readonly trapsRefused: number;
    readonly soundBought: number;
    readonly soundMissed: number;
    /** Bought mints by the number of the look that approved them. */
    readonly boughtAtLook: Readonly<Record<string, number>>;
    readonly archetypes: Readonly<Record<string, ArchetypeCount>>;
  };
};

/** Tokens of one archetype of the market: how many there were, were approved, were bought. */
export type ArchetypeCount = {
  readonly trap: boolean;
  readonly opened: number;
  readonly approved: number;
  readonly bought: number;
};

export const poolKey = ({ mint, pool }: { mint: string; pool: string }): string =>
  `${mint}/${pool}`;

/** What became of a run, measured against what the market knows to be true. */
export function summarize({ truth, rows, seen, duplicated, bought }: RunFacts): RunSummary {
  const opened = new Map(truth.map((token) => [poolKey(token), token]));
  const chains = chainsOf(rows.filter((row) => opened.has(poolKey(row))));
  const finals = [...chains.values()].flatMap((chain) => chain.at(-1) ?? []);
  const ended = finals.filter(({ verdict }) => verdict !== 'WATCH');
  const boughtMints = new Set(bought);
  const verdicts: Partial<Record<Verdict, number>> = {};
  for (const { verdict } of finals) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;

  const count = (trap: boolean, wasBought: boolean): number =>
    truth.filter((token) => token.trap === trap && boughtMints.has(token.mint) === wasBought)
      .length;
  return {
    detected: [...opened.keys()].filter((key) => seen.has(key) || chains.has(key)).length,
    decided: ended.length,
    lost: opened.size - ended.length,
    duplicated,
    verdicts,
    looks: rows.filter(({ verdict }) => verdict === 'WATCH').length,
    trades: boughtMints.size,
    latencyMs: percentiles([...chains.values()].flatMap(([first]) => first?.latencyMs ?? [])),
    finalMs: percentiles(ended.map(({ latencyMs }) => latencyMs)),
    truth: {
      trapsBought: count(true, true),
      trapsRefused: count(true, false),
      soundBought: count(false, true),
      soundMissed: count(false, false),
      boughtAtLook: lookCounts(chains, boughtMints),
      archetypes: archetypesOf(truth, chains, boughtMints),
    },
  };
}

/** The looks at each pool, in their order. */
type Chains = ReadonlyMap<string, readonly DecidedRow[]>;

const chainsOf = (rows: readonly DecidedRow[]): Chains =>
  Map.groupBy(
    rows.toSorted((a, b) => a.look - b.look),
    poolKey,
  );

const approvalOf = (chain: readonly DecidedRow[]): DecidedRow | undefined =>
  chain.find(({ verdict }) => verdict === 'BUY');

function lookCounts(chains: Chains, bought: ReadonlySet<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const chain of chains.values()) {
    const approval = approvalOf(chain);
    if (approval === undefined || !bought.has(approval.mint)) continue;
    counts[approval.look] = (counts[approval.look] ?? 0) + 1;
  }
  return counts;
}

function archetypesOf(
  truth: MarketTruth,
  chains: Chains,
  bought: ReadonlySet<string>,
): Record<string, ArchetypeCount> {
  const archetypes: Record<string, ArchetypeCount> = {};
  for (const token of truth) {
    const { archetype, trap, mint } = token;
    const before = archetypes[archetype] ?? { trap, opened: 0, approved: 0, bought: 0 };
    const isApproved = approvalOf(chains.get(poolKey(token)) ?? []) !== undefined;
    archetypes[archetype] = {
      trap,
      opened: before.opened + 1,
      approved: before.approved + (isApproved ? 1 : 0),
      bought: before.bought + (bought.has(mint) ? 1 : 0),
    };
  }
  return archetypes;
}
