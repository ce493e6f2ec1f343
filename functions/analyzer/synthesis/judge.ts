import type { RuleId, Strategy } from '#config/trading-config.ts';
import type { RuleAnswer } from '#shared/domain/decision.ts';
import type { Evidence } from '#shared/domain/evidence.ts';
import type { RuleResult } from './rule.ts';
import { RULE_IDS, RULES } from './rules/index.ts';

/** What every hard rule says, in the order of the list. */
export function judge(evidence: Evidence, strategy: Strategy): RuleAnswer[] {
  return RULE_IDS.map((id) => answerOf(id, evidence, strategy));
}

/**
 * The first rule that has already failed on evidence that is not complete yet: what is failed stays
 * failed, whatever else is learned.
 */
export function vetoOf(evidence: Evidence, strategy: Strategy): RuleAnswer | undefined {
  for (const id of RULE_IDS) {
    const answer = answerOf(id, evidence, strategy);
    if (answer.status === 'failed') return answer;
  }
  return undefined;
}

function answerOf<Id extends RuleId>(rule: Id, evidence: Evidence, strategy: Strategy): RuleAnswer {
  const limits = strategy.synthesis.rules[rule];
  const result: RuleResult = RULES[rule].run(evidence, limits);
  switch (result.status) {
    case 'passed':
      return { rule, status: 'passed', reason: '' };
    case 'failed':
      return { rule, status: 'failed', reason: result.reason.slice(0, 200) };
    case 'unknown':
      return {
        rule,
        status: 'unknown',
        reason: result.reason.slice(0, 200),
        cost: limits.unknown,
        ...(result.absent ? { absent: true } : {}),
      };
  }
}
