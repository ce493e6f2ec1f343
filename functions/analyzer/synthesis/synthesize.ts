import type { Strategy } from '#config/trading-config.ts';
import type { FactorResult, RuleAnswer, TradingDecision } from '#shared/domain/decision.ts';
import type { Evidence } from '#shared/domain/evidence.ts';
import { FACTORS } from './factors/index.ts';
import { judge } from './judge.ts';
import { planTrade } from './plan.ts';
import { waitingReason } from './waiting.ts';

/** Each unknown rule of cost "lower" takes this share off the coverage. */
const LOWERED_BY = 0.1;

/** A strategy with the hash of its content. */
export type VersionedStrategy = { readonly version: string; readonly strategy: Strategy };

/**
 * Decides on one token: hard rules first, then the weighted score over what is known. `WATCH` while
 * another look is left and may learn what is missing; the last look decides. Pure, total and
 * deterministic: any evidence of the schema gives a decision, and the same one for ever.
 */
export function synthesizeTradingDecision(
  evidence: Evidence,
  { version, strategy }: VersionedStrategy,
): TradingDecision {
  const { buy_score, min_coverage, weights } = strategy.synthesis;
  const rules = judge(evidence, strategy);
  const factors = FACTORS.map((factor): FactorResult => {
    const result = factor.run(evidence);
    return {
      factor: factor.id,
      quality: result.known ? result.quality : null,
      weight: weights[factor.id],
      value: result.value.slice(0, 120),
    };
  });
  const refusals = rules.filter(refuses);
  const coverage = coverageOf(factors, rules);
  const score = refusals.length > 0 ? 0 : scoreOf(factors);
  const wanted = refusals.length === 0 && coverage >= min_coverage && score >= buy_score;
  const plan = wanted ? planTrade(evidence, strategy) : null;
  const shouldTrade = plan !== null && plan.stakeLamports > 0n;
  const waiting = wanted
    ? undefined
    : waitingReason({ look: evidence.look, rules, score, coverage }, strategy);
  const reasons =
    refusals.length > 0
      ? refusals.map(sentenceOf)
      : wanted && !shouldTrade
        ? ['the pool is too shallow for any stake']
        : scoreReasons(score, coverage, strategy);
  return {
    verdict: shouldTrade ? 'BUY' : waiting === undefined ? 'SKIP' : 'WATCH',
    shouldTrade,
    score,
    coverage,
    reasons: (waiting === undefined ? reasons : [waiting, ...reasons]).slice(0, 8),
    rules,
    factors,
    plan: shouldTrade ? plan : null,
    strategyVersion: version,
  };
}

/** A rule that failed, or that is not known where the strategy insists on knowing. */
export const refuses = ({ status, cost }: RuleAnswer): boolean =>
  status === 'failed' || (status === 'unknown' && cost === 'refuse');

const sentenceOf = ({ rule, status, reason }: RuleAnswer): string =>
  (status === 'unknown' ? `${rule}: not known, ${reason}` : `${rule}: ${reason}`).slice(0, 240);

/** 0..100 over the factors that are known, to one decimal; 0 when none is. */
export function scoreOf(factors: readonly FactorResult[]): number {
  let known = 0;
  let points = 0;
  for (const { quality, weight } of factors) {
    if (quality === null) continue;
    known += weight;
    points += quality * weight;
  }
  return known === 0 ? 0 : Math.round((points / known) * 1_000) / 10;
}

/** 0..1 to two decimals: the known share of the weight, less a tenth for each "lower" not known. */
export function coverageOf(factors: readonly FactorResult[], rules: readonly RuleAnswer[]): number {
  let whole = 0;
  let known = 0;
  for (const { quality, weight } of factors) {
    whole += weight;
    if (quality !== null) known += weight;
  }
  let lowered = 0;
  for (const { status, cost } of rules) {
    if (status === 'unknown' && cost === 'lower') lowered += 1;
  }
  const share = whole === 0 ? 0 : known / whole;
  return Math.round(Math.max(0, share - lowered * LOWERED_BY) * 100) / 100;
}

function scoreReasons(score: number, coverage: number, { synthesis }: Strategy): string[] {
  if (coverage < synthesis.min_coverage) {
    return [`too little is known: coverage ${coverage}, least ${synthesis.min_coverage}`];
  }
  const { buy_score } = synthesis;
  return score >= buy_score
    ? [`score ${score} of 100, from ${buy_score} we buy`]
    : [`score ${score} of 100 is below ${buy_score}`];
}
