import { describe, expect, it } from 'vitest';

import type { FactorId } from '#config/trading-config.ts';
import { synthesizeTradingDecision } from '#functions/analyzer/synthesis/synthesize.ts';
import { absent, failed, known } from '#shared/domain/evidence.ts';
import { STABLE_MINTS } from '#shared/domain/venue.ts';
import { addressNamed } from '../../support/detections.ts';
import { aStrategy, anEvidence } from '../../support/evidence.ts';

const SOL = 1_000_000_000n;
const [USDC] = STABLE_MINTS;
const equalWeights = {
  concentration: 1,
  creator: 1,
  liquidity: 1,
  demand: 1,
  rugcheck: 1,
  organic: 1,
  social: 1,
};

const dollars = (quoteReserve: bigint) => ({
  opening: { quoteMint: USDC! },
  liquidity: { quoteReserve },
});
const report = (riskScore: number, dangers: number) => ({
  honeypot: {
    rugcheck: known({
      riskScore,
      rugged: false,
      dangers: Array.from({ length: dangers }, () => 'danger'),
      warnings: 0,
      insidersDetected: null,
      creatorTokens: null,
    }),
  },
});
const creator = (creatorBps: number | null, devMints: number | null, devMigrations = 0) => ({
  holders: { creatorBps },
  organic: { devMints, devMigrations },
});

describe('each factor', () => {
  it.each<[FactorId, string, Parameters<typeof anEvidence>[0], number | null]>([
    ['concentration', 'best', { holders: { top10Bps: 1_000, concentrationIndex: 100 } }, 1],
    ['concentration', 'wide', { holders: { top10Bps: 1_000, concentrationIndex: 2_000 } }, 0.7],
    ['concentration', 'even', { holders: { top10Bps: 5_000, concentrationIndex: 100 } }, 0.3],
    ['concentration', 'half', { holders: { top10Bps: 3_000, concentrationIndex: 1_050 } }, 0.5],
    ['concentration', 'worst', { holders: { top10Bps: 9_000, concentrationIndex: 9_000 } }, 0],
    ['concentration', 'unknown', { holders: failed('x') }, null],
    ['creator', 'gone, and new', creator(0, 1), 1],
    ['creator', 'holding a tenth', creator(1_000, null), 0],
    ['creator', 'holding a twentieth', creator(500, null), 0.5],
    ['creator', 'of five failed tokens', creator(null, 6), 0.5],
    ['creator', 'of ten failed tokens', creator(null, 11), 0],
    ['creator', 'of ten tokens that graduated', creator(null, 11, 10), 1],
    ['creator', 'of one kind and the other', creator(0, 11), 0.5],
    ['creator', 'unknown', creator(null, null), null],
    ['liquidity', 'of 3 SOL', { liquidity: { quoteReserve: 3n * SOL } }, 0],
    ['liquidity', 'of 100 SOL', { liquidity: { quoteReserve: 100n * SOL } }, 1],
    ['liquidity', 'of 19.1 SOL', { liquidity: { quoteReserve: 19_099_751_242n } }, 0.5],
    ['liquidity', 'of 450 dollars', dollars(450_000_000n), 0],
    ['liquidity', 'of 15,000 dollars', dollars(15_000_000_000n), 1],
    [
      'liquidity',
      'of 2,600 dollars',
      dollars(2_600_000_000n),
      Math.log(2_601 / 451) / Math.log(15_001 / 451),
    ],
    ['liquidity', 'of another token', { opening: { quoteMint: addressNamed('quote') } }, null],
    ['demand', 'best', { organic: { netBuyers: 60, traders: 150 } }, 1],
    ['demand', 'worst', { organic: { netBuyers: -10, traders: 5 } }, 0],
    ['demand', 'half known', { organic: { netBuyers: 25, traders: null } }, 0.5],
    [
      'demand',
      'of 50 traders',
      { organic: { netBuyers: null, traders: 50 } },
      Math.log(51 / 6) / Math.log(151 / 6),
    ],
    ['demand', 'unknown', { organic: { netBuyers: null, traders: null } }, null],
    ['rugcheck', 'clean', report(1, 0), 1],
    ['rugcheck', 'risky', report(60, 0), 0],
    ['rugcheck', 'half as risky', report(30.5, 0), 0.5],
    ['rugcheck', 'with a danger', report(1, 1), 0.75],
    ['rugcheck', 'with four dangers', report(1, 4), 0],
    ['rugcheck', 'unknown', { honeypot: { rugcheck: absent('x') } }, null],
    ['organic', 'at its best', { organic: { organicScore: 70 } }, 1],
    ['organic', 'half', { organic: { organicScore: 35 } }, 0.5],
    ['organic', 'unknown', { organic: { organicScore: null } }, null],
    ['social', 'complete', { social: { telegram: 'gary' } }, 1],
    ['social', 'none', { social: { twitter: null, website: null } }, 0],
    ['social', 'unknown', { social: failed('x') }, null],
  ])('%s, %s', (id, _what, evidence, expected) => {
    const { factors } = synthesizeTradingDecision(anEvidence(evidence), aStrategy());
    const quality = factors.find(({ factor }) => factor === id)?.quality;
    expect(quality === null ? null : Number(quality?.toFixed(6))).toBe(
      expected === null ? null : Number(expected.toFixed(6)),
    );
  });
});

const words = (evidence: Parameters<typeof anEvidence>[0]) =>
  synthesizeTradingDecision(anEvidence(evidence), aStrategy()).factors.map(({ value }) => value);

describe('the factors in words', () => {
  it('say what was measured', () => {
    expect(words({})).toEqual([
      'top ten 1500 bps, concentration 150',
      'holds 100 bps, 0 failed tokens',
      '85.00 SOL in the pool',
      '102 net buyers, 152 traders',
      'risk 1, 0 dangers',
      'organic score 40',
      'X, website',
    ]);
  });

  it('say what was measured in part', () => {
    const some = {
      ...dollars(15_000_000_000n),
      organic: { netBuyers: null, devMints: 3, devMigrations: null },
      holders: { creatorBps: null },
      social: { twitter: null, website: null, telegram: 'gary' },
    };
    expect(words(some)).toEqual([
      'top ten 1500 bps, concentration 150',
      'share unknown, 2 failed tokens',
      '15000 dollars in the pool',
      'unknown net buyers, 152 traders',
      'risk 1, 0 dangers',
      'organic score 40',
      'Telegram',
    ]);
    expect(words({ organic: { devMints: null, traders: null } })[1]).toBe(
      'holds 100 bps, unknown failed tokens',
    );
    expect(words({ organic: { traders: null } })[3]).toBe('102 net buyers, unknown traders');
  });

  it('say why nothing was measured', () => {
    const nothing = failed('down');
    expect(
      words({
        holders: nothing,
        social: nothing,
        honeypot: nothing,
        organic: nothing,
        liquidity: nothing,
      }),
    ).toEqual([
      'holders unknown',
      'creator unknown',
      'pool unknown',
      'trading unknown',
      'no report',
      'too young for an organic score',
      'links unknown',
    ]);
  });
});

describe('synthesizeTradingDecision', () => {
  it('buys a sound token, and says why', () => {
    const decision = synthesizeTradingDecision(anEvidence(), aStrategy());
    expect(decision).toMatchObject({
      verdict: 'BUY',
      shouldTrade: true,
      coverage: 1,
      strategyVersion: 'test-strategy',
      reasons: [`score ${decision.score} of 100, from 60 we buy`],
    });
    expect(decision.rules).toHaveLength(17);
    expect(decision.factors.map(({ factor }) => factor)).toEqual([
      'concentration',
      'creator',
      'liquidity',
      'demand',
      'rugcheck',
      'organic',
      'social',
    ]);
  });

  it('weighs the factors', () => {
    const { factors, score } = synthesizeTradingDecision(anEvidence(), aStrategy());
    const by = Object.fromEntries(factors.map(({ factor, quality }) => [factor, quality]));
    // Top ten 15 % of 50..10 %, index 150 of 2,000..100.
    expect(by['concentration']).toBeCloseTo(0.7 * (3_500 / 4_000) + 0.3 * (1_850 / 1_900), 10);
    // 1 % of 10 %, no failed token.
    expect(by['creator']).toBeCloseTo((0.9 + 1) / 2, 10);
    expect(by['liquidity']).toBeCloseTo(Math.log(86 / 4) / Math.log(101 / 4), 10);
    expect(by['demand']).toBe(1);
    expect(by['rugcheck']).toBe(1);
    expect(by['organic']).toBeCloseTo(40 / 70, 10);
    expect(by['social']).toBeCloseTo(2 / 3, 10);
    const expected =
      30 * by['concentration']! +
      10 * by['creator']! +
      20 * by['liquidity']! +
      20 +
      10 +
      5 * by['organic']! +
      5 * by['social']!;
    expect(score).toBe(Math.round(expected * 10) / 10);
  });

  it('renormalises over what is known', () => {
    const strategy = aStrategy({ weights: { ...equalWeights, social: 3 } });
    const all = synthesizeTradingDecision(anEvidence(), strategy);
    const some = synthesizeTradingDecision(anEvidence({ social: absent('not yet') }), strategy);
    const points = (decision: typeof all) =>
      decision.factors.reduce((sum, { quality, weight }) => sum + (quality ?? 0) * weight, 0);
    expect(all.score).toBe(Math.round((points(all) / 9) * 1_000) / 10);
    expect(some.score).toBe(Math.round((points(some) / 6) * 1_000) / 10);
    expect(some.coverage).toBe(0.67);
  });

  it('counts each rule that is not known and costs "lower" as a tenth of the coverage', () => {
    const lower = { unknown: 'lower' } as const;
    const evidence = anEvidence({ organic: failed('down') });
    // Demand and organic, 25 of 100, are not known.
    const without = synthesizeTradingDecision(evidence, aStrategy());
    expect(without.coverage).toBe(0.75);
    const one = synthesizeTradingDecision(evidence, aStrategy({ rules: { suspicious: lower } }));
    expect(one.coverage).toBe(0.65);
    const two = synthesizeTradingDecision(
      evidence,
      aStrategy({ rules: { suspicious: lower, 'serial-creator': lower } }),
    );
    expect(two.coverage).toBe(0.55);
  });

  it('never has less than no coverage', () => {
    const lower = { unknown: 'lower' } as const;
    const nothing = failed('down');
    const strategy = aStrategy({
      rules: {
        'token-program': lower,
        'mint-authority': lower,
        'freeze-authority': lower,
        'transfer-fee': lower,
        extensions: lower,
        'largest-holder': lower,
        'top-holders': lower,
        liquidity: lower,
      },
      synthesis: { min_coverage: 0, buy_score: 0 },
    });
    const decision = synthesizeTradingDecision(
      anEvidence({
        metadata: nothing,
        holders: nothing,
        social: nothing,
        honeypot: nothing,
        organic: nothing,
        liquidity: nothing,
      }),
      strategy,
    );
    expect(decision).toMatchObject({ coverage: 0, score: 0 });
  });

  it.each([
    ['at the coverage asked for', 0.75, 'BUY', 'of 100, from 60 we buy'],
    ['a little below it', 0.76, 'SKIP', 'too little is known: coverage 0.75, least 0.76'],
  ])('%s (%d): %s', (_what, min_coverage, verdict, reason) => {
    const decision = synthesizeTradingDecision(
      anEvidence({ organic: failed('down') }),
      aStrategy({ synthesis: { min_coverage } }),
    );
    expect(decision.verdict).toBe(verdict);
    expect(decision.reasons).toEqual([expect.stringContaining(reason)]);
  });

  it('buys at the score asked for, and not a tenth below', () => {
    const { score } = synthesizeTradingDecision(anEvidence(), aStrategy());
    const just = synthesizeTradingDecision(
      anEvidence(),
      aStrategy({ synthesis: { buy_score: score } }),
    );
    expect(just).toMatchObject({
      verdict: 'BUY',
      reasons: [`score ${score} of 100, from ${score} we buy`],
    });
    const below = synthesizeTradingDecision(
      anEvidence(),
      aStrategy({ synthesis: { buy_score: score + 0.1 } }),
    );
    expect(below).toMatchObject({ verdict: 'SKIP', shouldTrade: false, plan: null, score });
    expect(below.reasons[0]).toContain('is below');
  });

  it('refuses for one failed rule, whatever the score, with every reason', () => {
    const decision = synthesizeTradingDecision(
      anEvidence({ holders: { top1Bps: 2_000 }, organic: { suspicious: true } }),
      aStrategy({ synthesis: { buy_score: 0, min_coverage: 0 } }),
    );
    expect(decision).toMatchObject({
      verdict: 'SKIP',
      shouldTrade: false,
      score: 0,
      plan: null,
      reasons: [
        'largest-holder: the largest holder has 2000 bps, limit 1500 bps',
        "suspicious: flagged by Jupiter's audit",
      ],
    });
  });

  it('refuses for a rule that must be known', () => {
    const decision = synthesizeTradingDecision(
      anEvidence({ holders: failed('timed out') }),
      aStrategy({ synthesis: { buy_score: 0, min_coverage: 0 } }),
    );
    expect(decision.verdict).toBe('SKIP');
    expect(decision.reasons).toEqual([
      'largest-holder: not known, timed out',
      'top-holders: not known, timed out',
    ]);
  });

  it('scores nothing when nothing has weight', () => {
    const strategy = aStrategy({
      weights: {
        concentration: 0,
        creator: 0,
        liquidity: 0,
        demand: 0,
        rugcheck: 0,
        organic: 0,
        social: 0,
      },
    });
    expect(synthesizeTradingDecision(anEvidence(), strategy)).toMatchObject({
      verdict: 'SKIP',
      score: 0,
      coverage: 0,
    });
  });
});

const planOf = (
  evidence: Parameters<typeof anEvidence>[0],
  plan: NonNullable<Parameters<typeof aStrategy>[0]>['plan'] = {},
  rules: NonNullable<Parameters<typeof aStrategy>[0]>['rules'] = {},
) =>
  synthesizeTradingDecision(
    anEvidence(evidence),
    aStrategy({ plan, rules, synthesis: { buy_score: 0 } }),
  );

describe('the plan of a trade', () => {
  it('carries what the strategy says', () => {
    expect(planOf({}).plan).toEqual({
      stakeLamports: SOL / 10n,
      slippageBps: 300,
      maxPriceImpactBps: 500,
      takeProfit: [
        { atMultipleBps: 15_000, sellBps: 4_000 },
        { atMultipleBps: 25_000, sellBps: 4_000 },
      ],
      stopLossBps: 3_000,
      trailingStopBps: 3_500,
      maxHoldSeconds: 1_800,
    });
  });

  it.each([
    ['the stake, where the pool is deep enough for it', 10n * SOL, SOL / 10n],
    ['the pool share, where it is a little too shallow', 10n * SOL - 100n, SOL / 10n - 1n],
    ['a hundredth of a shallow pool, rounded down', 5n * SOL + 199n, 50_000_001n],
  ])('stakes %s', (_what, quoteReserve, stakeLamports) => {
    expect(planOf({ liquidity: { quoteReserve } }).plan?.stakeLamports).toBe(stakeLamports);
  });

  it('does not compare SOL with dollars', () => {
    const dollars = { opening: { quoteMint: USDC! }, liquidity: { quoteReserve: 750_000_000n } };
    expect(planOf(dollars).plan?.stakeLamports).toBe(SOL / 10n);
  });

  it('is a trade of a single lamport where the pool carries just that', () => {
    const tiny = planOf(
      { liquidity: { quoteReserve: 100n } },
      {},
      { liquidity: { min_quote_sol: 0 } },
    );
    expect(tiny.plan?.stakeLamports).toBe(1n);
  });

  it('is no trade where the pool is too shallow for a lamport', () => {
    const decision = planOf(
      { liquidity: { quoteReserve: 99n } },
      {},
      { liquidity: { min_quote_sol: 0 } },
    );
    expect(decision).toMatchObject({
      verdict: 'SKIP',
      shouldTrade: false,
      plan: null,
      reasons: ['the pool is too shallow for any stake'],
    });
  });
});
