import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { strategySchema } from '#config/trading-config.ts';
import { FACTORS } from '#functions/analyzer/synthesis/factors/index.ts';
import { judge, vetoOf } from '#functions/analyzer/synthesis/judge.ts';
import { synthesizeTradingDecision } from '#functions/analyzer/synthesis/synthesize.ts';
import { type TradingDecision, synthesisSchema } from '#shared/domain/decision.ts';
import {
  CHECK_IDS,
  type CheckId,
  type Evidence,
  type FactsOf,
  absent,
  evidenceSchema,
  failed,
  known,
} from '#shared/domain/evidence.ts';
import { portion } from '#shared/domain/units.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { aStrategy, anEvidence } from '../support/evidence.ts';
import { anyEvidence } from '../support/evidence-arbitrary.ts';

const strategy = aStrategy();
/** Buys whatever no rule refuses. */
const greedy = aStrategy({ synthesis: { buy_score: 0, min_coverage: 0 } });

/** Evidence near enough to sound that much of it is bought; checks may still know nothing. */
const anyPromising: fc.Arbitrary<Evidence> = fc
  .record({
    top1Bps: fc.integer({ min: 0, max: 1_600 }),
    top10Bps: fc.integer({ min: 0, max: 4_700 }),
    creatorBps: fc.option(fc.integer({ min: 0, max: 1_100 })),
    concentrationIndex: fc.integer({ min: 0, max: 10_000 }),
    quoteReserve: fc.bigInt({ min: 0n, max: 200_000_000_000n }),
    stakeImpactBps: fc.option(fc.integer({ min: 0, max: 600 })),
    riskScore: fc.integer({ min: 0, max: 80 }),
    netBuyers: fc.option(fc.integer({ min: -50, max: 200 })),
    traders: fc.option(fc.integer({ min: 0, max: 400 })),
    devMints: fc.option(fc.integer({ min: 0, max: 30 })),
    devMigrations: fc.option(fc.integer({ min: 0, max: 30 })),
    organicScore: fc.option(fc.integer({ min: 0, max: 100 })),
    unknown: fc.subarray([...CHECK_IDS], { maxLength: 2 }),
  })
  .map(({ unknown, top1Bps, top10Bps, creatorBps, concentrationIndex, ...rest }) => {
    const { quoteReserve, stakeImpactBps, riskScore, ...organic } = rest;
    return anEvidence({
      holders: { top1Bps, top10Bps, creatorBps, concentrationIndex },
      liquidity: { quoteReserve, stakeImpactBps },
      honeypot: {
        rugcheck: known({
          riskScore,
          rugged: false,
          dangers: [],
          warnings: 0,
          insidersDetected: null,
          creatorTokens: null,
        }),
      },
      organic,
      ...Object.fromEntries(unknown.map((id) => [id, failed('timed out')])),
    });
  });

const anyOf = fc.oneof(anyEvidence, anyPromising);

const without = (evidence: Evidence, ids: readonly CheckId[], how = failed): Evidence => ({
  ...evidence,
  checks: {
    ...evidence.checks,
    ...Object.fromEntries(
      ids.map((id) => [id, { ...evidence.checks[id], finding: how('not learned') }]),
    ),
  },
});

const bytes = (decision: TradingDecision) => JSON.stringify(z.encode(synthesisSchema, decision));
const parsed = (text: string) => evidenceSchema.parse(JSON.parse(text));

describe('the synthesis', () => {
  it('decides on any evidence, within the schema of a decision', () => {
    fc.assert(
      fc.property(anyOf, (evidence) => {
        const decision = synthesizeTradingDecision(evidence, strategy);
        expect(() => z.encode(synthesisSchema, decision)).not.toThrow();
        expect(decision.shouldTrade).toBe(decision.verdict === 'BUY');
        expect(decision.plan !== null).toBe(decision.shouldTrade);
        expect(decision.reasons.length).toBeGreaterThan(0);
      }),
      { numRuns: 1_000 },
    );
  });

  it('makes the same bytes of the same evidence, and leaves it as it was', () => {
    fc.assert(
      fc.property(anyOf, (evidence) => {
        const before = JSON.stringify(z.encode(evidenceSchema, evidence));
        const first = bytes(synthesizeTradingDecision(evidence, strategy));
        const copy = parsed(before);
        expect(bytes(synthesizeTradingDecision(copy, strategy))).toBe(first);
        expect(bytes(synthesizeTradingDecision(evidence, strategy))).toBe(first);
        expect(JSON.stringify(z.encode(evidenceSchema, evidence))).toBe(before);
      }),
    );
  });

  it('never buys what a rule refuses, and always says so', () => {
    fc.assert(
      fc.property(anyOf, (evidence) => {
        const { verdict, rules, score, coverage } = synthesizeTradingDecision(evidence, strategy);
        const refused = rules.some(
          ({ status, cost }) => status === 'failed' || (status === 'unknown' && cost === 'refuse'),
        );
        expect(refused && score > 0).toBe(false);
        expect(verdict === 'BUY').toBe(!refused && score >= 60 && coverage >= 0.5);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never buys more often for knowing less of what must be known', () => {
    const essential: CheckId[] = ['metadata', 'holders', 'honeypot', 'liquidity'];
    fc.assert(
      fc.property(
        anyOf,
        fc.constantFrom(...essential),
        fc.constantFrom(absent, failed),
        (evidence, id, how) => {
          const decision = synthesizeTradingDecision(without(evidence, [id], how), greedy);
          expect(decision.shouldTrade).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('covers no more for knowing less', () => {
    fc.assert(
      fc.property(anyOf, fc.subarray([...CHECK_IDS]), (evidence, ids) => {
        const { coverage } = synthesizeTradingDecision(evidence, strategy);
        const less = synthesizeTradingDecision(without(evidence, ids), strategy);
        expect(less.coverage).toBeLessThanOrEqual(coverage);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses in the end whatever it refused on the way', () => {
    fc.assert(
      fc.property(anyOf, fc.subarray([...CHECK_IDS]), fc.boolean(), (evidence, ids, report) => {
        const partial = without(evidence, ids);
        const { honeypot } = partial.checks;
        if (report && honeypot.finding.status === 'known') {
          honeypot.finding = known({ ...honeypot.finding.facts, rugcheck: failed('on its way') });
        }
        const veto = vetoOf(partial, strategy.strategy);
        if (veto === undefined) return;
        const final = judge(evidence, strategy.strategy).find(({ rule }) => rule === veto.rule);
        expect(final?.status).toBe('failed');
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds the first of the failed rules as the veto', () => {
    fc.assert(
      fc.property(anyOf, (evidence) => {
        const answers = judge(evidence, strategy.strategy);
        expect(vetoOf(evidence, strategy.strategy)).toEqual(
          answers.find(({ status }) => status === 'failed'),
        );
      }),
    );
  });

  it('stakes no more than it wants, and no more than its share of the pool', () => {
    const anyPlan = fc.record({
      stake_sol: fc.double({ min: 0.001, max: 1_000, noNaN: true }),
      max_pool_share_bps: fc.integer({ min: 1, max: 10_000 }),
    });
    let bought = 0;
    fc.assert(
      fc.property(anyPromising, anyPlan, (evidence, plan) => {
        const chosen = aStrategy({ plan, synthesis: { buy_score: 0, min_coverage: 0 } });
        const decision = synthesizeTradingDecision(evidence, chosen);
        if (decision.plan === null) return;
        bought += 1;
        const { stakeLamports } = decision.plan;
        const { finding } = evidence.checks.liquidity;
        expect(evidence.opening.quoteMint).toBe(WRAPPED_SOL);
        expect(stakeLamports).toBeGreaterThan(0n);
        expect(stakeLamports).toBeLessThanOrEqual(BigInt(Math.round(plan.stake_sol * 1e9)));
        const reserve = finding.status === 'known' ? finding.facts.quoteReserve : 0n;
        expect(stakeLamports).toBeLessThanOrEqual(portion(reserve, plan.max_pool_share_bps));
      }),
      { numRuns: 1_000 },
    );
    expect(bought).toBeGreaterThan(100);
  });

  it('takes any strategy of the schema', () => {
    const anyCost = fc.constantFrom('refuse' as const, 'lower' as const, 'ignore' as const);
    const anyStrategy = fc
      .record({
        costs: fc.array(anyCost, { minLength: 17, maxLength: 17 }),
        bps: fc.integer({ min: 0, max: 10_000 }),
        weights: fc.array(fc.double({ min: 0, max: 100, noNaN: true }), {
          minLength: 7,
          maxLength: 7,
        }),
        buy_score: fc.integer({ min: 0, max: 100 }),
      })
      .map(({ costs, bps, weights, buy_score }) => {
        const { synthesis, plan } = strategy.strategy;
        const rules = Object.fromEntries(
          Object.entries(synthesis.rules).map(([id, limits], at) => [
            id,
            {
              ...limits,
              ...Object.fromEntries(
                Object.keys(limits).flatMap((key) => (key.endsWith('bps') ? [[key, bps]] : [])),
              ),
              unknown: costs[at],
            },
          ]),
        );
        const weighed = Object.fromEntries(
          Object.keys(synthesis.weights).map((id, at) => [id, weights[at]]),
        );
        return strategySchema.parse({
          synthesis: { ...synthesis, rules, weights: weighed, buy_score },
          plan,
        });
      });
    fc.assert(
      fc.property(anyOf, anyStrategy, (evidence, chosen) => {
        const decision = synthesizeTradingDecision(evidence, { version: 'any', strategy: chosen });
        expect(() => z.encode(synthesisSchema, decision)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});

/** One way in which the facts of a check can be better. */
type Better<Id extends CheckId> = {
  readonly check: Id;
  readonly what: string;
  readonly make: (facts: FactsOf<Id>, by: number) => Partial<FactsOf<Id>>;
};
const better = <Id extends CheckId>(
  check: Id,
  what: string,
  make: Better<Id>['make'],
): { check: CheckId; what: string; apply: (evidence: Evidence, by: number) => Evidence } => ({
  check,
  what,
  apply: (evidence, by) => {
    const { finding } = evidence.checks[check];
    if (finding.status !== 'known') return evidence;
    const facts = finding.facts as FactsOf<Id>;
    return {
      ...evidence,
      checks: {
        ...evidence.checks,
        [check]: { ...evidence.checks[check], finding: known({ ...facts, ...make(facts, by) }) },
      },
    };
  },
});
const down = (value: number, by: number) => Math.max(0, value - by);
const downIfKnown = (value: number | null, by: number) => (value === null ? null : down(value, by));
const upIfKnown = (value: number | null, by: number) => (value === null ? null : value + by);

const BETTER = [
  better('holders', 'the ten largest hold less', ({ top10Bps }, by) => ({
    top10Bps: down(top10Bps, by),
  })),
  better('holders', 'the supply is spread wider', ({ concentrationIndex }, by) => ({
    concentrationIndex: down(concentrationIndex, by),
  })),
  better('holders', 'the creator holds less', ({ creatorBps }, by) => ({
    creatorBps: downIfKnown(creatorBps, by),
  })),
  better('organic', 'the creator made fewer tokens', ({ devMints }, by) => ({
    devMints: downIfKnown(devMints, by % 12),
  })),
  better('organic', 'more of them graduated', ({ devMigrations }, by) => ({
    devMigrations: (devMigrations ?? 0) + (by % 12),
  })),
  better('organic', 'more people buy', ({ netBuyers }, by) => ({
    netBuyers: upIfKnown(netBuyers, by % 80),
  })),
  better('organic', 'more people trade', ({ traders }, by) => ({
    traders: upIfKnown(traders, by % 200),
  })),
  better('organic', 'the organic score is higher', ({ organicScore }, by) => ({
    organicScore: organicScore === null ? null : Math.min(100, organicScore + (by % 60)),
  })),
  better('liquidity', 'more stands in the pool', ({ quoteReserve }, by) => ({
    quoteReserve: quoteReserve + BigInt(by) * 10_000_000n,
  })),
  better('honeypot', 'the risk is lower', ({ rugcheck }, by) => ({
    rugcheck:
      rugcheck.status === 'known'
        ? known({ ...rugcheck.facts, riskScore: down(rugcheck.facts.riskScore, by % 60) })
        : rugcheck,
  })),
  better('honeypot', 'there are fewer dangers', ({ rugcheck }) => ({
    rugcheck:
      rugcheck.status === 'known'
        ? known({ ...rugcheck.facts, dangers: rugcheck.facts.dangers.slice(1) })
        : rugcheck,
  })),
  better('social', 'there is a profile', () => ({ twitter: 'gary' })),
  better('social', 'there is a group', () => ({ telegram: 'gary' })),
  better('social', 'there is a website', () => ({ website: 'https://gary.example/' })),
];

describe.each(BETTER)('when $what', ({ check, apply }) => {
  it('no factor is worse, and one can be better', () => {
    let gained = 0;
    fc.assert(
      fc.property(anyOf, fc.integer({ min: 0, max: 10_000 }), (evidence, by) => {
        fc.pre(evidence.checks[check].finding.status === 'known');
        const improved = apply(evidence, by);
        for (const factor of FACTORS) {
          const before = factor.run(evidence);
          const after = factor.run(improved);
          expect(after.known).toBe(before.known);
          if (!before.known || !after.known) continue;
          expect(before.quality).toBeGreaterThanOrEqual(0);
          expect(before.quality).toBeLessThanOrEqual(1);
          expect(after.quality).toBeGreaterThanOrEqual(before.quality - 1e-12);
          if (after.quality > before.quality) gained += 1;
        }
      }),
      { numRuns: 500 },
    );
    expect(gained).toBeGreaterThan(0);
  });

  it('the score is no lower', () => {
    fc.assert(
      fc.property(anyOf, fc.integer({ min: 0, max: 10_000 }), (evidence, by) => {
        const before = synthesizeTradingDecision(evidence, greedy);
        const after = synthesizeTradingDecision(apply(evidence, by), greedy);
        expect(after.score).toBeGreaterThanOrEqual(before.score);
        expect(before.shouldTrade && !after.shouldTrade).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
