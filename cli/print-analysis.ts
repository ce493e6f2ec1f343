import * as z from 'zod';

import { type Decision, decisionSchema } from '#shared/domain/decision.ts';
import type { VersionedStrategy } from '#functions/analyzer/synthesis/synthesize.ts';
import { compareDecisions } from './compare-decisions.ts';
import { explainDecision } from './explain-decision.ts';
import type { Output } from './list-decisions.ts';
import type { Analysis } from './submit-batch.ts';
import { storyLines } from './story-lines.ts';
import { plain, tableLines } from './terminal.ts';
import { utcText } from './time-span.ts';

export type PrintOptions = {
  readonly strategy: VersionedStrategy;
  /** Compare with the last stored look. */
  readonly withStored: boolean;
};

/** One analysis for people. */
export function analysisText(
  analysis: Analysis,
  { strategy, withStored }: PrintOptions,
  { width, paint }: Pick<Output, 'width' | 'paint'>,
): string {
  if (analysis.outcome === 'refused') return `${paint.bad(plain(analysis.reason))}\n`;
  const { decision, found, stored, mint, looks } = analysis;
  const story = withStored ? storyLines(looks, width) : [];
  const lines = [
    ...(found.note === undefined ? [] : [paint.unsure(`${mint}: ${plain(found.note)}`)]),
    ...explainDecision(decision, { strategy, width, paint }),
    ...(story.length === 0 ? [] : ['', 'The stored looks', ...story]),
    ...(withStored ? ['', ...storedLines(stored, decision, width)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function storedLines(stored: Decision | undefined, now: Decision, width: number): string[] {
  if (stored === undefined) return ['No look at it is stored: there is nothing to compare with.'];
  const when = `look ${stored.look} of ${utcText(stored.decidedAt)} UTC`;
  const differences = compareDecisions(stored, now);
  if (differences.length === 0) return [`The same as the stored ${when}.`];
  return [
    `Since the stored ${when}`,
    ...tableLines(
      [{ header: 'what' }, { header: 'stored', atLeast: 12 }, { header: 'now', atLeast: 12 }],
      differences.map(({ what, was, is }) => [what, was, is]),
      width,
    ),
  ];
}

/** One analysis as a line of JSON: the decision with its evidence, amounts as strings of digits. */
export function analysisJson(analysis: Analysis, withStored: boolean): string {
  if (analysis.outcome === 'refused') {
    const { mint, reason } = analysis;
    return `${JSON.stringify({ mint, error: reason })}\n`;
  }
  const { mint, decision, found, stored } = analysis;
  return `${JSON.stringify({
    mint,
    poolFrom: found.from,
    ...(found.note === undefined ? {} : { note: found.note }),
    decision: z.encode(decisionSchema, decision),
    ...(withStored ? { stored: storedJson(stored, decision) } : {}),
  })}\n`;
}

const storedJson = (stored: Decision | undefined, now: Decision): unknown =>
  stored === undefined
    ? null
    : {
        look: stored.look,
        decidedAt: new Date(stored.decidedAt).toISOString(),
        verdict: stored.verdict,
        score: stored.score,
        differences: compareDecisions(stored, now),
      };
