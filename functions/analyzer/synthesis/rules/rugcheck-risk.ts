import { failed, passed, type Rule, whenKnown } from '../rule.ts';

/** Source: RugCheck's `score_normalised`, 0..100, higher is riskier. */
export const rugcheckRisk: Rule<'rugcheck-risk'> = {
  id: 'rugcheck-risk',
  sentence: 'RugCheck rates the token as too risky.',
  run: (evidence, { max_score }) =>
    whenKnown(evidence.checks.honeypot.finding, ({ rugcheck }) =>
      whenKnown(rugcheck, ({ riskScore, dangers }) =>
        riskScore <= max_score
          ? passed
          : failed(
              `RugCheck risk ${riskScore}, limit ${max_score} (${dangers.join(', ') || 'no danger named'})`.slice(
                0,
                200,
              ),
            ),
      ),
    ),
};
