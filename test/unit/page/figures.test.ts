import { describe, expect, it } from 'vitest';

import { pipelineFigures, recentRate } from '#cli/page/browser/pipeline-figures.ts';
import { timelineOf } from '#cli/page/browser/timeline.ts';
import { tradeFigures } from '#cli/page/browser/trade-figures.ts';
import { lookView } from '#cli/page/look-view.ts';
import { type FeedRow, lookViewSchema, tradeRowSchema } from '#cli/page/protocol.ts';
import { tradeView } from '#cli/page/trade-view.ts';
import type { Trade, TradeIn } from '#shared/domain/trade.ts';
import { aDecision, testStrategy } from '../../support/decisions.ts';
import { NOON, testTrade } from '../../support/trades.ts';

const row = (secondsAgo: number, over: Partial<FeedRow> = {}): FeedRow => ({
  mint: `mint${secondsAgo}`,
  pool: 'pool',
  look: 1,
  verdict: 'BUY',
  score: 80,
  coverage: 1,
  symbol: 'S',
  venue: 'pump-fun',
  reasons: [],
  refusedBy: null,
  decidedAt: NOON - secondsAgo * 1_000,
  latencyMs: 200,
  ...over,
});

describe('figures of the pipeline', () => {
  const rows = [
    row(1),
    row(5, { verdict: 'SKIP', refusedBy: 'rugged', latencyMs: 400 }),
    row(6, { verdict: 'SKIP', refusedBy: 'rugged', latencyMs: 600, look: 2 }),
    row(30, { verdict: 'EXPIRED', latencyMs: 40_000 }),
    row(90, { verdict: 'SKIP', refusedBy: 'score', latencyMs: 100 }),
    row(9_000),
  ];
  const figures = pipelineFigures(rows, NOON - 3_600_000, NOON);

  it('are of the time asked for', () => {
    expect(figures.decided).toBe(5);
    expect(recentRate(rows, NOON)).toBe(4 / 60);
  });
  it('leave what expired and later looks out of the latencies', () => {
    expect(figures).toMatchObject({ p50: 200, p95: 400, p99: 400 });
  });
  it('count refusals by rule, most first', () => {
    expect(figures.refusedBy).toEqual([
      { name: 'rugged', count: 2 },
      { name: 'score', count: 1 },
    ]);
    expect(figures.verdicts.map(({ count }) => count)).toEqual([1, 3, 0, 1]);
  });
  it('stand in buckets without gaps, whose counts are all there', () => {
    const { buckets, bucketMs } = figures;
    const steps = buckets.slice(1).map(({ at }, before) => at - (buckets[before]?.at ?? 0));
    expect(new Set(steps)).toEqual(new Set([bucketMs]));
    const total = (pick: (each: (typeof buckets)[number]) => number | null) =>
      buckets.reduce((sum, each) => sum + ((pick(each) ?? 0) * bucketMs) / 1_000, 0);
    expect(total(({ decidedPerSecond }) => decidedPerSecond)).toBeCloseTo(5);
    // The second look at a pool was detected before.
    expect(total(({ detectedPerSecond }) => detectedPerSecond)).toBeCloseTo(4);
    expect(buckets.at(-1)?.decidedPerSecond).toBeNull();
    expect(buckets.length).toBeLessThanOrEqual(121);
  });
  it('are empty for nothing', () => {
    expect(pipelineFigures([], 0, NOON)).toMatchObject({ decided: 0, p50: null, refusedBy: [] });
  });
});

const quote = testTrade('OPEN', 1).quote;
/** Half sold for 60 of 100 milli-SOL spent, then the rest for 30. */
const paper = { quote, signature: null };
const fills: TradeIn<'CLOSED'>['exits'] = [
  {
    ...paper,
    cause: 'take-profit',
    tokens: 500n,
    proceedsLamports: 60_000_000n,
    soldAt: NOON + 2_000,
  },
  {
    ...paper,
    cause: 'stop-loss',
    tokens: 500n,
    proceedsLamports: 30_000_000n,
    soldAt: NOON + 3_000,
  },
];
const entry = { costLamports: 100_000_000n, tokens: 1_000n, openedAt: NOON + 600 };
const trade = (changes: Partial<TradeIn<'CLOSED'>>): Trade => ({
  ...testTrade('CLOSED', 7),
  entry,
  ...changes,
});

const sold = { ...paper, cause: 'take-profit', soldAt: NOON + 2_500 } as const;

describe('a trade on the page', () => {
  it('tells profit and loss of what was sold, with its part of the cost', () => {
    const open = tradeView({ ...testTrade('OPEN', 7), entry, exits: fills.slice(0, 1) });
    expect(open).toMatchObject({ phase: 'open', realisedSol: 0.01, heldShare: 0.5, costSol: 0.1 });
    const closed = tradeView(trade({ exits: fills }));
    expect(closed).toMatchObject({ phase: 'closed', realisedSol: -0.01, heldShare: 0 });
    expect(closed.exits.map(({ realisedSol }) => realisedSol)).toEqual([0.01, -0.02]);
  });
  it('counts fees that failed attempts lost', () => {
    const { transaction: _bytes, ...attempt } = testTrade('BUY_SENT', 7).inFlight;
    const end = { kind: 'failed', reason: 'slippage', feeLamports: 5_000_000n } as const;
    const view = tradeView(trade({ exits: fills, attempts: [{ ...attempt, end }] }));
    expect(view.realisedSol).toBe(-0.015);
    const partly = { ...testTrade('OPEN', 7), entry, exits: fills.slice(0, 1) };
    expect(tradeView({ ...partly, attempts: [{ ...attempt, end }] }).realisedSol).toBe(0.005);
    expect(view.transactions).toEqual([
      { side: 'buy', signature: attempt.signature, end: 'failed: slippage' },
    ]);
    expect(tradeFigures([view]).curve.at(-1)?.totalSol).toBeCloseTo(-0.015);
  });
  it.each(['BUY_INTENT', 'BUY_SENT', 'ABANDONED', 'OPEN', 'SELL_SENT', 'STUCK'] as const)(
    'has a valid form in state %s',
    (state) => {
      const view = tradeView(testTrade(state, 7));
      expect(tradeRowSchema.parse(JSON.parse(JSON.stringify(view)))).toEqual(view);
      expect(view.realisedSol).toBeNull();
    },
  );
  it('adds up over all of them', () => {
    const views = [
      tradeView(trade({ exits: fills })),
      tradeView(
        trade({
          exits: [{ ...sold, tokens: 1_000n, proceedsLamports: 150_000_000n }],
        }),
      ),
      tradeView(testTrade('ABANDONED', 9)),
      tradeView({ ...testTrade('OPEN', 8), entry, exits: fills.slice(0, 1) }),
    ];
    const figures = tradeFigures(views);
    expect(figures).toMatchObject({ open: 1, closed: 2, abandoned: 1, wonShare: 0.5 });
    expect(figures.realisedSol).toBeCloseTo(-0.01 + 0.05 + 0.01);
    expect(figures.heldCostSol).toBeCloseTo(0.05);
    expect(figures.curve.at(-1)?.totalSol).toBeCloseTo(figures.realisedSol);
    expect(figures.curve.map(({ at }) => at)).toEqual(
      figures.curve.map(({ at }) => at).toSorted((a, b) => a - b),
    );
  });
});

describe('a look on the page', () => {
  const refused = aDecision(
    {
      holders: { top1Bps: 9_000, top10Bps: 9_500 },
      social: { status: 'failed', reason: 'time-out\u202E' },
    },
    { name: 'ev\u202Eil', queuedMs: 50, latencyMs: 900 },
  );
  const view = lookView(refused, testStrategy);

  it('is what the browser understands', () => {
    expect(lookViewSchema.parse(JSON.parse(JSON.stringify(view)))).toEqual(view);
  });
  it('puts the rules that refuse first, and names them at the check they read', () => {
    expect(view.rules.slice(0, 2).map(({ rule, refuses }) => ({ rule, refuses }))).toEqual([
      { rule: 'largest-holder', refuses: true },
      { rule: 'top-holders', refuses: true },
    ]);
    expect(view.checks.flatMap(({ id, refusals }) => refusals.map((rule) => [id, rule]))).toEqual([
      ['holders', 'largest-holder'],
      ['holders', 'top-holders'],
    ]);
  });
  it('says what each check learned, or why it did not, without what reorders text', () => {
    const check = (id: string) => view.checks.find((each) => each.id === id);
    expect(check('holders')?.facts).toContainEqual({ label: 'largest', value: '90 %' });
    expect(check('liquidity')?.facts).toContainEqual({ label: 'in the pool', value: '85.00 SOL' });
    expect(check('social')).toMatchObject({ status: 'failed', reason: 'time-out', facts: [] });
    expect(view.name).toBe('evil');
  });
  it('gives factors points that make up the score', () => {
    const bought = lookView(aDecision(), testStrategy);
    const sum = bought.factors.reduce((points, factor) => points + factor.points, 0);
    expect(sum).toBeCloseTo(bought.score, 0);
  });
  it('has no checks when nothing was asked', () => {
    const expired = aDecision(
      {},
      { verdict: 'EXPIRED', checks: {}, evidence: null, rules: [], factors: [], plan: null },
    );
    expect(lookView(expired, undefined)).toMatchObject({ checks: [], plan: [], scoreSentence: '' });
  });
  it('lays the checks behind the waiting, and the decision behind the checks', () => {
    const timeline = timelineOf(view);
    const lastMs = Math.max(...timeline.checks.map(({ toMs }) => toMs));
    expect(timeline.waited).toEqual({ fromMs: 0, toMs: 50 });
    expect(Math.min(...timeline.checks.map(({ fromMs }) => fromMs))).toBeGreaterThanOrEqual(50);
    expect(timeline.deciding).toEqual({ fromMs: lastMs, toMs: 900 });
    expect(timeline.endMs).toBe(900);
    // A later look waited on purpose: detection tells nothing of its end.
    expect(timelineOf({ ...view, look: 2 }).deciding).toBeUndefined();
  });
});
