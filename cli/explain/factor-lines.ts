import type { Decision, FactorResult } from '#shared/domain/decision.ts';
import {
  type VersionedStrategy,
  refuses,
  scoreOf,
} from '#functions/analyzer/synthesis/synthesize.ts';
import { tableLines } from '../terminal.ts';

const BAR_WIDTH = 10;

type Scored = Pick<Decision, 'factors' | 'rules' | 'score' | 'coverage'>;

/** Each factor with its share of the score; what is unknown says so, and has no share. */
export function factorLines({ factors }: Scored, width: number): string[] {
  if (factors.length === 0) return [];
  const known = factors.filter(({ quality }) => quality !== null);
  const wholeWeight = known.reduce((sum, { weight }) => sum + weight, 0);
  return tableLines(
    [
      { header: 'factor' },
      { header: 'quality', align: 'right' },
      { header: '', optional: true },
      { header: 'weight', align: 'right', optional: true },
      { header: 'points', align: 'right' },
      { header: 'value', atLeast: 16 },
    ],
    factors.map(({ factor, quality, weight, value }) => [
      factor,
      quality === null ? 'unknown' : quality.toFixed(2),
      quality === null ? '·'.repeat(BAR_WIDTH) : qualityBar(quality),
      String(weight),
      points({ quality, weight }, wholeWeight),
      value,
    ]),
    width,
  );
}

/** Score and coverage in a sentence; their limits only of the strategy that decided. */
export function scoreSentence(
  { factors, rules, score, coverage }: Scored,
  decidedBy: VersionedStrategy | undefined,
): string {
  const limits = decidedBy?.strategy.synthesis;
  const from = limits === undefined ? '' : `, a BUY from ${limits.buy_score}`;
  const least = limits === undefined ? '' : `, a BUY from ${limits.min_coverage}`;
  const refused = rules.some(refuses)
    ? ` (0 by the refusal; the factors alone make ${scoreOf(factors)})`
    : '';
  return `score ${score} of 100${refused}${from}; coverage ${coverage} of 1${least}`;
}

function points(
  { quality, weight }: Pick<FactorResult, 'quality' | 'weight'>,
  whole: number,
): string {
  if (quality === null || whole === 0) return 'left out';
  const most = (100 * weight) / whole;
  return `${(quality * most).toFixed(1)} of ${most.toFixed(1)}`;
}

const qualityBar = (quality: number): string => {
  const filled = Math.round(quality * BAR_WIDTH);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
};
