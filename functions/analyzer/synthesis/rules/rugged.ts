import { failed, passed, type Rule, whenKnown } from '../rule.ts';

/** Source: `rugged` of RugCheck's report. */
export const rugged: Rule<'rugged'> = {
  id: 'rugged',
  sentence: 'The liquidity of this token was pulled before.',
  run: (evidence) =>
    whenKnown(evidence.checks.honeypot.finding, ({ rugcheck }) =>
      whenKnown(rugcheck, (report) => (report.rugged ? failed('RugCheck saw a rug pull') : passed)),
    ),
};
