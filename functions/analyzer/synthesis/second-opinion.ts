import { isCutShort } from '#shared/domain/cut-short.ts';
import type { RuleAnswer, TradingDecision, Verdict } from '#shared/domain/decision.ts';
import type { Evidence } from '#shared/domain/evidence.ts';
import { type VersionedStrategy, refuses, synthesizeTradingDecision } from './synthesize.ts';

/** What a strategy makes of evidence that was perhaps gathered for another one. */
export type SecondOpinion = {
  /**
   * Null when it is not known: a veto of the other strategy ended the analysis, and nothing that was
   * learned by then decides under this one.
   */
  readonly verdict: Verdict | null;
  /** Who refused, the decisive one first: rules, or else `coverage`, `score` or `stake`. */
  readonly refusers: readonly string[];
  readonly decision: TradingDecision;
};

/** Decides by a strategy that did not gather the evidence. Pure, total, deterministic. */
export function secondOpinion(evidence: Evidence, strategy: VersionedStrategy): SecondOpinion {
  const decision = synthesizeTradingDecision(evidence, strategy);
  const { verdict, rules } = decision;
  if (!isCutShort(evidence)) {
    return { verdict, refusers: verdict === 'BUY' ? [] : refusersOf(decision, strategy), decision };
  }
  // A rule that failed stays failed, whatever else might have been learned. Nothing else is certain:
  // neither is a BUY, for what was not learned could have refused it.
  const refusers = namesOf(rules.filter(({ status }) => status === 'failed'));
  return { verdict: refusers.length > 0 ? verdict : null, refusers, decision };
}

function refusersOf(decision: TradingDecision, { strategy }: VersionedStrategy): string[] {
  const names = namesOf(decision.rules.filter(refuses));
  if (names.length > 0) return names;
  if (decision.coverage < strategy.synthesis.min_coverage) return ['coverage'];
  return [decision.score < strategy.synthesis.buy_score ? 'score' : 'stake'];
}

const namesOf = (answers: readonly RuleAnswer[]): string[] => answers.map(({ rule }) => rule);
