import { failed, passed, type Rule, unknown, whenKnown } from '../rule.ts';

/** Source: `audit.isSus` of Jupiter's listing; it is only there when the token is flagged. */
export const suspicious: Rule<'suspicious'> = {
  id: 'suspicious',
  sentence: 'Jupiter flags the token.',
  run: (evidence) =>
    whenKnown(evidence.checks.organic.finding, ({ suspicious: flagged }) => {
      if (flagged === null) return unknown('Jupiter has not audited the token');
      return flagged ? failed("flagged by Jupiter's audit") : passed;
    }),
};
