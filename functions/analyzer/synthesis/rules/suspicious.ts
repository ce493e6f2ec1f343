import { failed, passed, type Rule, whenKnown } from '../rule.ts';

/** Source: `audit.isSus` of Jupiter's listing; it is only there when the token is flagged. */
export const suspicious: Rule<'suspicious'> = {
  id: 'suspicious',
  sentence: 'Jupiter flags the token.',
  run: (evidence) =>
    whenKnown(evidence.checks.organic.finding, (facts) =>
      facts.suspicious ? failed("flagged by Jupiter's audit") : passed,
    ),
};
