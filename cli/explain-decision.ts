import type { Decision } from '#shared/domain/decision.ts';
import type { VersionedStrategy } from '#functions/analyzer/synthesis/synthesize.ts';
import { checkWaterfall } from './explain/check-waterfall.ts';
import { factorLines, scoreSentence } from './explain/factor-lines.ts';
import { headLines } from './explain/head-lines.ts';
import { nearestChange } from './explain/nearest-change.ts';
import { NO_PAINT, type Paint } from './explain/paint.ts';
import { planSentences } from './explain/plan-sentences.ts';
import { shadowSentences } from './explain/shadow-sentences.ts';
import { ruleLines } from './explain/rule-lines.ts';
import { plain } from './terminal.ts';
import { wrapped } from './wrapped.ts';

export type ExplainOptions = {
  /** The strategy of the configuration at hand: limits are told when it is the one that decided. */
  readonly strategy?: VersionedStrategy | undefined;
  readonly width?: number;
  readonly paint?: Paint;
};

const INDENT = '  ';

/** Why a decision came out as it did, in lines for a terminal; text from outside is made harmless. */
export function explainDecision(
  decision: Decision,
  { strategy, width = Number.POSITIVE_INFINITY, paint = NO_PAINT }: ExplainOptions = {},
): string[] {
  const inner = width - INDENT.length;
  const { rules, factors, plan } = decision;
  const decidedBy = strategy?.version === decision.strategyVersion ? strategy : undefined;
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0
      ? []
      : ['', paint.bold(title), ...lines.map((line) => `${INDENT}${line}`.trimEnd())];
  return [
    ...headLines(decision, inner, paint),
    ...section('Rules', ruleLines(rules, inner, paint)),
    ...section('Factors', [
      ...factorLines(decision, inner),
      ...(factors.length === 0 ? [] : prose([scoreSentence(decision, decidedBy)], inner)),
    ]),
    ...section('Checks', checkWaterfall(decision, inner)),
    ...section('Plan', plan === null ? [] : prose(planSentences(plan), inner)),
    ...section('Other strategies', prose(shadowSentences(decision), inner)),
    ...section('What would have changed it', prose(changeSentences(decision, strategy), inner)),
  ];
}

/** Sentences broken to the width, the rest of each indented. */
const prose = (sentences: readonly string[], width: number): string[] =>
  sentences.flatMap((sentence) =>
    wrapped(sentence, width - INDENT.length).map((line, at) => (at === 0 ? line : INDENT + line)),
  );

/** What single change would have turned the verdict, or why that is not worked out; of our own words only. */
export function changeSentences(
  decision: Decision,
  strategy: VersionedStrategy | undefined,
): string[] {
  const { verdict, evidence, strategyVersion } = decision;
  if (verdict === 'EXPIRED') return ['Being looked at in time: nobody was asked anything.'];
  if (verdict === 'WATCH' || evidence === null) return ['Another look decides.'];
  if (strategy === undefined) return [];
  if (strategy.version !== strategyVersion) {
    return [
      `Not worked out: strategy ${plain(strategyVersion)} decided, and the configuration here is ${strategy.version}.`,
    ];
  }
  return nearestChange({ ...decision, evidence }, strategy).map((sentence) => plain(sentence, 900));
}
