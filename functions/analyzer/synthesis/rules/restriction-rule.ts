import type { RuleId } from '#config/trading-config.ts';
import type { Restriction } from '#shared/domain/evidence.ts';
import { failed, passed, type Rule, whenKnown } from '../rule.ts';

/** A rule that fails a token whose mint carries one of these restrictions. */
export function restrictionRule<Id extends RuleId>(
  id: Id,
  sentence: string,
  kinds: readonly Restriction['kind'][],
): Rule<Id> {
  return {
    id,
    sentence,
    run: (evidence) =>
      whenKnown(evidence.checks.honeypot.finding, ({ restrictions }) => {
        const found = restrictions.filter(({ kind }) => kinds.includes(kind));
        return found.length === 0
          ? passed
          : failed(
              found
                .map(({ kind, detail }) => `${kind}: ${detail}`)
                .join('; ')
                .slice(0, 200),
            );
      }),
  };
}
