import { type Evidence, factsOf } from '#shared/domain/evidence.ts';
import type { Opinion } from './opinion.ts';
import type { Outcomes } from './outcomes.ts';
import {
  type CalibrationBin,
  type Rated,
  baseRate,
  brierScore,
  calibration,
  precision,
  precisionAt,
  recall,
} from './rating.ts';

/** Where precision is measured: among the so many best. */
export const RANKS = [10, 50, 100, 500] as const;

/** How good one way of deciding was. Null: there is nothing to measure it by. */
export type Rating = {
  readonly name: string;
  readonly bought: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly precisionAt: Readonly<Record<string, number | null>>;
  readonly brier: number | null;
};

export type RatingFigures = {
  /** Labelled mints that were decided on. */
  readonly rated: number;
  readonly baseRate: number | null;
  /** Labelled mints without a line, and those that a strategy could not tell. */
  readonly withoutEvidence: number;
  readonly untold: number;
  readonly ratings: readonly Rating[];
  /** Of the strategy: score / 100 as a forecast, against the share of good ones. */
  readonly calibration: readonly CalibrationBin[];
};

/** What is kept of a labelled mint: its first BUY, or else its last look. */
type Entry = {
  readonly isGood: boolean;
  readonly strategy: Opinion;
  readonly against: Opinion | undefined;
  /** RugCheck's risk, 0..100; undefined without a report. */
  readonly risk: number | undefined;
};

/** Holds what is labelled, a few numbers for each mint, and rates it beside the trivial ways to decide. */
export function ratingTally(outcomes: Outcomes): {
  add: (evidence: Evidence, strategy: Opinion, against: Opinion | undefined) => void;
  figures: (names: { strategy: string; against: string | undefined }) => RatingFigures;
} {
  const entries = new Map<string, Entry>();
  return {
    add(evidence, strategy, against) {
      const { mint } = evidence.opening;
      const isGood = outcomes.get(mint);
      if (isGood === undefined) return;
      const before = entries.get(mint);
      entries.set(mint, {
        isGood,
        strategy: before?.strategy.outcome === 'BUY' ? before.strategy : strategy,
        against: before?.against?.outcome === 'BUY' ? before.against : against,
        risk: riskOf(evidence) ?? before?.risk,
      });
    },
    figures(names) {
      const all = [...entries.values()];
      const told = all.filter(
        ({ strategy, against }) => strategy.outcome !== '?' && against?.outcome !== '?',
      );
      const mine = told.map((entry) => ratedBy(entry.strategy, entry.isGood));
      return {
        rated: told.length,
        baseRate: baseRate(mine),
        withoutEvidence: outcomes.size - all.length,
        untold: all.length - told.length,
        ratings: [
          ratingOf(names.strategy, mine),
          ...(names.against === undefined
            ? []
            : [ratingOf(names.against, told.flatMap(ratedByOther))]),
          ...baselines(told),
        ],
        calibration: calibration(mine),
      };
    },
  };
}

function riskOf({ checks }: Evidence): number | undefined {
  const report = factsOf(checks.honeypot.finding)?.rugcheck;
  if (report === undefined) return undefined;
  const facts = factsOf(report);
  return facts === undefined ? undefined : facts.rugged ? 100 : facts.riskScore;
}

/** Bought ones before the others, then by score: what a strategy prefers. */
const ratedBy = ({ outcome, score }: Opinion, isGood: boolean): Rated => ({
  rank: outcome === 'BUY' ? 1_000 + score : score,
  forecast: score / 100,
  bought: outcome === 'BUY',
  isGood,
});

const ratedByOther = ({ against, isGood }: Entry): Rated[] =>
  against === undefined ? [] : [ratedBy(against, isGood)];

/** RugCheck calls a token of up to this risk good. */
const RUGCHECK_GOOD = 30;

/**
 * The trivial ways. Where one forecasts nothing but yes or no, its forecast is the share of good ones
 * among these very tokens: as well as it could possibly do.
 */
function baselines(entries: readonly Entry[]): Rating[] {
  const rate = shareOfGood(entries);
  const passedRate = shareOfGood(entries.filter(({ strategy }) => !strategy.vetoed));
  const refusedRate = shareOfGood(entries.filter(({ strategy }) => strategy.vetoed));
  return [
    ratingOf(
      'accept all',
      entries.map(({ isGood }) => ({ rank: 0, forecast: rate, bought: true, isGood })),
    ),
    ratingOf(
      'vetoes only',
      entries.map(({ strategy: { vetoed }, isGood }) => ({
        rank: vetoed ? 0 : 1,
        forecast: vetoed ? refusedRate : passedRate,
        bought: !vetoed,
        isGood,
      })),
    ),
    ratingOf(
      'RugCheck only',
      entries.map(({ risk, isGood }) => ({
        // No report is no good report.
        rank: risk === undefined ? -1 : 100 - risk,
        forecast: risk === undefined ? rate : 1 - risk / 100,
        bought: risk !== undefined && risk <= RUGCHECK_GOOD,
        isGood,
      })),
    ),
  ];
}

const shareOfGood = (entries: readonly Entry[]): number =>
  entries.length === 0 ? 0 : entries.filter(({ isGood }) => isGood).length / entries.length;

const ratingOf = (name: string, rated: readonly Rated[]): Rating => ({
  name,
  bought: rated.filter(({ bought }) => bought).length,
  precision: precision(rated),
  recall: recall(rated),
  precisionAt: Object.fromEntries(RANKS.map((k) => [k, precisionAt(rated, k)])),
  brier: brierScore(rated),
});
