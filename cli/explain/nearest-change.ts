import type { FactorId } from '#config/trading-config.ts';
import type { Decision, FactorResult, RuleAnswer } from '#shared/domain/decision.ts';
import { MAX_LOOKS } from '#shared/domain/detection.ts';
import type { Evidence } from '#shared/domain/evidence.ts';
import { FACTORS } from '#functions/analyzer/synthesis/factors/index.ts';
import {
  type VersionedStrategy,
  coverageOf,
  refuses,
  scoreOf,
  synthesizeTradingDecision,
} from '#functions/analyzer/synthesis/synthesize.ts';
import { EVIDENCE_PATHS } from './evidence-paths.ts';

/** Halvings of the way: finer than any measure's own step. */
const HALVINGS = 40;
/** Further changes that are named besides the nearest. */
const ALSO_NAMED = 2;

type Analysed = Pick<Decision, 'verdict' | 'rules' | 'factors' | 'score' | 'coverage'> & {
  readonly endedEarly: boolean;
  readonly evidence: Evidence;
};

/**
 * What single change would have turned the verdict, in sentences: each refusing rule taken away
 * alone, each factor moved alone as far as it takes. Pure; `strategy` is the one that decided.
 */
export function nearestChange(decision: Analysed, strategy: VersionedStrategy): string[] {
  const today = synthesizeTradingDecision(decision.evidence, strategy);
  if (today.verdict !== decision.verdict) {
    return [`the code has changed since: it makes ${today.verdict} of the same evidence now`];
  }
  if (decision.verdict === 'BUY') return sentencesOfBuy(decision, strategy);
  const refusals = decision.rules.filter(refuses);
  if (refusals.length > 0) return sentencesOfRefusal(decision, refusals, strategy);
  const { buy_score, min_coverage } = strategy.strategy.synthesis;
  return decision.coverage < min_coverage
    ? sentencesOfIgnorance(decision, strategy)
    : sentencesOfScore(decision, buy_score - decision.score, strategy);
}

function sentencesOfRefusal(
  decision: Analysed,
  refusals: readonly RuleAnswer[],
  strategy: VersionedStrategy,
): string[] {
  const { rules, factors, endedEarly } = decision;
  const { buy_score, min_coverage } = strategy.strategy.synthesis;
  const names = refusals.map(({ rule }) => rule).join(', ');
  const score = scoreOf(factors);
  const coverage = coverageOf(factors, rules);
  const wants = [
    ...(refusals.length > 1 ? [`${refusals.length} rules refuse (${names})`] : []),
    ...(score < buy_score ? [`the score would be ${score}, below ${buy_score}`] : []),
    ...(coverage < min_coverage ? [`the coverage is ${coverage}, below ${min_coverage}`] : []),
  ];
  // One measure may stand behind several rules and a factor at once.
  const [turn] = turningPoints(decision, strategy, 'best');
  const way = turn === undefined ? undefined : `${turn.factor} at "${turn.value}"`;
  return [
    wants.length === 0
      ? `Without ${names} alone it would have been a BUY: score ${score}, from ${buy_score} we buy.`
      : `No rule's absence alone would do: ${wants.join(', and ')}.`,
    ...(way === undefined ? [] : [`The nearest measure that would do: ${way}.`]),
    ...(endedEarly
      ? [
          'The analysis ended with the first refusal: what was not learned may have refused as well.',
        ]
      : []),
  ];
}

function sentencesOfIgnorance(decision: Analysed, { strategy }: VersionedStrategy): string[] {
  const { buy_score, min_coverage } = strategy.synthesis;
  const { factors, rules } = decision;
  const gap = `Coverage ${decision.coverage} of ${min_coverage}:`;
  const buys = (f: readonly FactorResult[], r: readonly RuleAnswer[]): boolean =>
    scoreOf(f) >= buy_score && coverageOf(f, r) >= min_coverage;
  const answers = rules.flatMap((asked) => {
    if (asked.status !== 'unknown' || asked.cost !== 'lower') return [];
    const answered = rules.map((each) =>
      each === asked ? { ...each, status: 'passed' as const } : each,
    );
    return buys(factors, answered) ? [`${asked.rule} known and passed`] : [];
  });
  const learned = factors
    .filter(({ quality, weight }) => quality === null && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .flatMap(({ factor }) => {
      const least = leastQuality(factors, factor, (changed) => buys(changed, rules));
      return least === undefined ? [] : [`${factor} known with a quality of ${least} or more`];
    });
  const ways = [...answers, ...learned];
  return [
    ways.length === 0
      ? `${gap} no single answer more would have made a BUY.`
      : `${gap} ${ways.slice(0, 1 + ALSO_NAMED).join(', or ')} would do.`,
  ];
}

function sentencesOfScore(
  decision: Analysed,
  short: number,
  strategy: VersionedStrategy,
): string[] {
  const gap = `${round(short)} points short:`;
  const turns = turningPoints(decision, strategy, 'best');
  const { buy_score, min_coverage } = strategy.strategy.synthesis;
  const unknowns = decision.factors.flatMap(({ factor, quality }) => {
    if (quality !== null) return [];
    const least = leastQuality(
      decision.factors,
      factor,
      (changed) =>
        scoreOf(changed) >= buy_score && coverageOf(changed, decision.rules) >= min_coverage,
    );
    return least === undefined ? [] : [`${factor} known with a quality of ${least} or more`];
  });
  const ways = [...turns.map(({ factor, value }) => `${factor} at "${value}"`), ...unknowns];
  if (ways.length > 0) return [`${gap} ${ways.slice(0, 1 + ALSO_NAMED).join(', or ')} would do.`];
  const [most] = decision.factors
    .map(({ factor }) => ({ factor, gain: gainAtBest(decision, factor) }))
    .sort((a, b) => b.gain - a.gain);
  return [
    most === undefined
      ? `${gap} there is no factor that could make them up.`
      : `${gap} no single factor makes them up, even at its best; ${most.factor} would bring ${round(most.gain)}.`,
  ];
}

function sentencesOfBuy(decision: Analysed, strategy: VersionedStrategy): string[] {
  const { buy_score, min_coverage } = strategy.strategy.synthesis;
  const turns = turningPoints(decision, strategy, 'worst').slice(0, 1 + ALSO_NAMED);
  const margin =
    `${round(decision.score - buy_score)} points and ${round(decision.coverage - min_coverage)} ` +
    'of coverage to spare:';
  return [
    turns.length === 0
      ? `${margin} no single factor, even at its worst, would have made it a SKIP.`
      : `${margin} a SKIP from ${turns.map(({ factor, value, reason }) => `${factor} at "${value}" (${reason})`).join(', or from ')}.`,
  ];
}

type TurningPoint = {
  readonly factor: FactorId;
  /** What the factor measures there, in its own words. */
  readonly value: string;
  /** The decisive reason of the other verdict. */
  readonly reason: string;
  /** How far the factor's quality had to move, 0..1. */
  readonly move: number;
};

/** Where each factor, moved alone, turns the verdict by the synthesis itself; the nearest first. */
function turningPoints(
  { evidence, verdict }: Analysed,
  strategy: VersionedStrategy,
  to: 'best' | 'worst',
): TurningPoint[] {
  return FACTORS.flatMap(({ id, run }) => {
    const before = run(evidence);
    // As a last look: that something would have been watched is no other verdict.
    const at = (share: number): Evidence => ({
      ...EVIDENCE_PATHS[id](evidence, share, to),
      look: MAX_LOOKS,
    });
    const turned = (share: number): boolean =>
      synthesizeTradingDecision(at(share), strategy).verdict !== verdict;
    if (!before.known || !turned(1)) return [];
    let [stays, turns] = [0, 1];
    for (let halving = 0; halving < HALVINGS; halving += 1) {
      const middle = (stays + turns) / 2;
      if (turned(middle)) turns = middle;
      else stays = middle;
    }
    const after = run(at(turns));
    if (!after.known) return [];
    const [reason = ''] = synthesizeTradingDecision(at(turns), strategy).reasons;
    const move = Math.abs(after.quality - before.quality);
    return [{ factor: id, value: after.value, reason, move }];
  }).sort((a, b) => a.move - b.move);
}

/** The least quality, to two decimals, with which the factor makes `good` true; undefined: none does. */
function leastQuality(
  factors: readonly FactorResult[],
  factor: string,
  good: (factors: readonly FactorResult[]) => boolean,
): number | undefined {
  for (let hundredths = 0; hundredths <= 100; hundredths += 1) {
    const quality = hundredths / 100;
    if (good(factors.map((each) => (each.factor === factor ? { ...each, quality } : each)))) {
      return quality;
    }
  }
  return undefined;
}

const gainAtBest = ({ factors, score }: Analysed, factor: string): number =>
  scoreOf(factors.map((each) => (each.factor === factor ? { ...each, quality: 1 } : each))) - score;

const round = (points: number): number => Math.round(points * 100) / 100;
