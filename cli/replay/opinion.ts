import { secondOpinion } from '#functions/analyzer/synthesis/second-opinion.ts';
import { type VersionedStrategy, refuses } from '#functions/analyzer/synthesis/synthesize.ts';
import { ENDED_EARLY, NO_ANSWER_YET } from '#shared/domain/cut-short.ts';
import { VERDICTS } from '#shared/domain/decision.ts';
import type { Evidence } from '#shared/domain/evidence.ts';
import { refuserOf } from '../decision-filter.ts';
import type { StoredVerdict } from './replay-line.ts';

/** A verdict, or `?` where the analysis ended before this strategy had what it needs. */
export const OUTCOMES = [...VERDICTS, '?'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What one side of a comparison says of one token. */
export type Opinion = {
  readonly outcome: Outcome;
  readonly score: number;
  /** Who refused, the decisive one first; empty unless the outcome is SKIP. */
  readonly refusers: readonly string[];
  readonly reason: string;
  /** A rule failed, or insists on knowing what is not known. */
  readonly vetoed: boolean;
};

/** A way to decide, with the name that it is printed by. */
export type Contender = { readonly name: string; readonly strategy: VersionedStrategy };

const UNTOLD = 'not told: the analysis ended before there was enough';

/** What a strategy says now. */
export function opinionOf(evidence: Evidence, { strategy }: Contender): Opinion {
  const { verdict, refusers, decision } = secondOpinion(evidence, strategy);
  return {
    outcome: verdict ?? '?',
    score: decision.score,
    refusers: verdict === 'SKIP' ? refusers : [],
    reason: verdict === null ? UNTOLD : (decision.reasons[0] ?? ''),
    vetoed: decision.rules.some(refuses),
  };
}

const isOfEarlyEnd = (reason: string): boolean =>
  reason.endsWith(ENDED_EARLY) || reason.endsWith(NO_ANSWER_YET);

/** What was said at the time. */
export function storedOpinion({ verdict, score, reasons }: StoredVerdict): Opinion {
  // What was not learned because a rule had failed already did not refuse.
  const own = reasons.filter((reason, at) => at === 0 || !isOfEarlyEnd(reason));
  const refusers = verdict === 'SKIP' ? own.map(refuserOf) : [];
  const isSoft = refusers[0] === 'score' || refusers[0] === 'coverage';
  return {
    outcome: verdict,
    score,
    refusers,
    reason: reasons[0] ?? '',
    vetoed: verdict === 'SKIP' && !isSoft,
  };
}
