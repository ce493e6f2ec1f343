import type { Verdict } from '#shared/domain/decision.ts';
import { RULE_IDS } from '#functions/analyzer/synthesis/rules/index.ts';
import type { DecisionRow } from './decision-row.ts';

/** What a person asks of decisions, besides the time. An undefined member asks nothing. */
export type DecisionFilter = {
  readonly verdicts: readonly Verdict[];
  readonly venue?: string | undefined;
  readonly creator?: string | undefined;
  readonly minScore?: number | undefined;
  /** Part of a reason, whatever its case. */
  readonly reason?: string | undefined;
  /** Who refused, as `refuserOf` names it. */
  readonly veto?: string | undefined;
};

/** Refusals that no hard rule makes. */
export const SOFT_REFUSALS = ['score', 'coverage'] as const;
const rules: ReadonlySet<string> = new Set(RULE_IDS);

/** The rule that a reason names, `score`, `coverage`, or `other`. */
export function refuserOf(reason: string): string {
  const name = reason.slice(0, Math.max(0, reason.indexOf(':')));
  if (rules.has(name)) return name;
  if (reason.startsWith('score ')) return 'score';
  return reason.startsWith('too little is known') ? 'coverage' : 'other';
}

export function matches(row: DecisionRow, filter: DecisionFilter): boolean {
  const { verdicts, venue, creator, minScore, reason, veto } = filter;
  return (
    verdicts.includes(row.verdict) &&
    (venue === undefined || row.venue === venue) &&
    (creator === undefined || row.creator === creator) &&
    (minScore === undefined || row.score >= minScore) &&
    (reason === undefined ||
      row.reasons.some((each) => each.toLowerCase().includes(reason.toLowerCase()))) &&
    (veto === undefined ||
      (row.verdict === 'SKIP' && row.reasons.some((each) => refuserOf(each) === veto)))
  );
}

/** True when the filter lets every row of its verdicts through. */
export const asksVerdictOnly = ({ verdicts: _verdicts, ...rest }: DecisionFilter): boolean =>
  Object.values(rest).every((wanted) => wanted === undefined);

/** The filter in words: `BUY of venue pump-fun with a score of 70 or more`. */
export function filterInWords({ verdicts, ...rest }: DecisionFilter): string {
  const { venue, creator, minScore, reason, veto } = rest;
  return [
    verdicts.length === 4 ? 'decision' : verdicts.join(' or '),
    ...(venue === undefined ? [] : [`of venue ${venue}`]),
    ...(creator === undefined ? [] : [`of creator ${creator}`]),
    ...(minScore === undefined ? [] : [`with a score of ${minScore} or more`]),
    ...(reason === undefined ? [] : [`with "${reason}" among the reasons`]),
    ...(veto === undefined ? [] : [`refused by ${veto}`]),
  ].join(' ');
}
