import type { CheckId, FactsOf, Finding } from '#shared/domain/evidence.ts';
import type { TokenQuestions } from '../token-questions.ts';

/** One concurrent question about a token. It asks, and never judges: that is the synthesis. */
export type Check<Id extends CheckId> = {
  /**
   * Resolves with what was learned; a rejection counts as `failed`. `publish` makes facts known
   * that are already certain while the rest is still asked, so that a veto can fall at once.
   */
  readonly run: (
    ask: TokenQuestions,
    publish: (facts: FactsOf<Id>) => void,
  ) => Promise<Finding<FactsOf<Id>>>;
};

export type Checks = { readonly [Id in CheckId]: Check<Id> };
