import type { Strategy } from '#config/trading-config.ts';
import type { FactorResult, RuleAnswer, TradingDecision } from '#shared/domain/decision.ts';
import type { Evidence } from '#shared/domain/evidence.ts';
import { FACTORS } from './factors/index.ts';
import { judge } from './judge.ts';
import { planTrade } from './plan.ts';

/** Each unknown rule of cost "lower" takes this share off the coverage. */
const LOWERED_BY = 0.1;

/** A strategy with the hash of its content. */
export type VersionedStrategy = { readonly version: string; readonly strategy: Strategy };

/**
 * Decides on one token: hard rules first, then the weighted score over what is known. Pure, total and
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
  const reasons =
    refusals.length > 0 ? refusals.map(sentenceOf) : scoreReasons(score, coverage, strategy);
  const shouldTrade = refusals.length === 0 && coverage >= min_coverage && score >= buy_score;
  return {
    verdict: shouldTrade ? 'BUY' : 'SKIP',
    shouldTrade,
    score,
    coverage,
    reasons: reasons.slice(0, 8),
    rules,
    factors,
    plan: shouldTrade ? planTrade(evidence, strategy) : null,
    strategyVersion: version,
  };
}

const refuses = ({ status, cost }: RuleAnswer): boolean =>
  status === 'failed' || (status === 'unknown' && cost === 'refuse');

const sentenceOf = ({ rule, status, reason }: RuleAnswer): string =>
  (status === 'unknown' ? `${rule}: not known, ${reason}` : `${rule}: ${reason}`).slice(0, 240);

/** 0..100 over the factors that are known, to one decimal; 0 when none is. */
function scoreOf(factors: readonly FactorResult[]): number {
  const weight = sum(factors.map((factor) => (factor.quality === null ? 0 : factor.weight)));
  if (weight === 0) return 0;
  const points = sum(factors.map(({ quality, weight }) => (quality ?? 0) * weight));
  return Math.round((points / weight) * 1_000) / 10;
}

/** 0..1 to two decimals: the known share of the weight, less a tenth for each "lower" not known. */
function coverageOf(factors: readonly FactorResult[], rules: readonly RuleAnswer[]): number {
  const whole = sum(factors.map(({ weight }) => weight));
  const known = sum(factors.map(({ quality, weight }) => (quality === null ? 0 : weight)));
  const lowered = rules.filter(({ status, cost }) => status === 'unknown' && cost === 'lower');
  const share = whole === 0 ? 0 : known / whole;
  return Math.round(Math.max(0, share - lowered.length * LOWERED_BY) * 100) / 100;
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

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, part) => total + part, 0);
