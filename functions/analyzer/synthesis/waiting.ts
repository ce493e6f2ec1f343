import type { Strategy } from '#config/trading-config.ts';
import type { RuleAnswer } from '#shared/domain/decision.ts';

/** What is known of a token that is not bought now. */
export type Unbought = {
  readonly look: number;
  readonly rules: readonly RuleAnswer[];
  readonly score: number;
  readonly coverage: number;
};

/**
 * What the next look is waited for, in a short sentence. Undefined when this look decides: a rule has
 * failed (no later look mends that), no look is left, or nothing is missing that may still come.
 */
export function waitingReason(
  { look, rules, score, coverage }: Unbought,
  { synthesis }: Strategy,
): string | undefined {
  const { looks_after_seconds, watch_margin, buy_score, min_coverage } = synthesis;
  const nextAfterSeconds = looks_after_seconds[look - 1];
  if (nextAfterSeconds === undefined) return undefined;
  if (rules.some(({ status }) => status === 'failed')) return undefined;

  const essential = rules.filter(({ status, cost }) => status === 'unknown' && cost === 'refuse');
  const isNear = score < buy_score && score >= buy_score - watch_margin;
  const awaited = [
    ...essential.filter(({ absent }) => absent === true).map(({ rule }) => rule),
    ...(coverage < min_coverage ? [`coverage ${min_coverage} (${coverage} now)`] : []),
    // While something essential is not known there is no score to speak of.
    ...(isNear && essential.length === 0 ? [`score ${buy_score} (${score} now)`] : []),
  ];
  if (awaited.length === 0) return undefined;
  return `look ${look + 1} at ${nextAfterSeconds} s waits for ${awaited.join(', ')}`.slice(0, 240);
}
