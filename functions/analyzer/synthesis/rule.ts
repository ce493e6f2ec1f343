import type { Strategy, RuleId } from '#config/trading-config.ts';
import type { Evidence, Finding } from '#shared/domain/evidence.ts';

/**
 * What one rule says of one token.
 *
 * `unknown` is not a soft pass: the strategy says what not knowing costs.
 */
export type RuleResult =
  | { readonly status: 'passed' }
  | { readonly status: 'failed'; readonly reason: string }
  | {
      readonly status: 'unknown';
      readonly reason: string;
      /** True when the upstream does not know it yet: another look may learn it. */
      readonly absent: boolean;
    };

export const passed: RuleResult = { status: 'passed' };
export const failed = (reason: string): RuleResult => ({ status: 'failed', reason });
export const unknown = (reason: string, absent = false): RuleResult => ({
  status: 'unknown',
  reason,
  absent,
});

export type Limits<Id extends RuleId> = Strategy['synthesis']['rules'][Id];

/** A named, pure test of the evidence: no clock, no network. Its limits come from the strategy. */
export type Rule<Id extends RuleId> = {
  readonly id: Id;
  /** The danger it fends off, in a sentence. */
  readonly sentence: string;
  /** Answers for every evidence of the schema; never throws. */
  readonly run: (evidence: Evidence, limits: Limits<Id>) => RuleResult;
};

/** Judges facts that must be known; what was not learned is `unknown`, with the check's reason. */
export function whenKnown<Facts>(
  finding: Finding<Facts>,
  judge: (facts: Facts) => RuleResult,
): RuleResult {
  return finding.status === 'known'
    ? judge(finding.facts)
    : unknown(finding.reason, finding.status === 'absent');
}
