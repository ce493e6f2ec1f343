import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { synthesizeTradingDecision } from '#functions/analyzer/synthesis/synthesize.ts';
import { MAX_LOOKS } from '#shared/domain/detection.ts';
import { CHECK_IDS, type Evidence, absent, failed } from '#shared/domain/evidence.ts';
import { aStrategy, anEvidence } from '../support/evidence.ts';
import { anyEvidence } from '../support/evidence-arbitrary.ts';

const anyLooks = fc
  .uniqueArray(fc.integer({ min: 1, max: 900 }), { maxLength: MAX_LOOKS - 1 })
  .map((offsets) => offsets.sort((a, b) => a - b));
/** Evidence of a sound token of which something is not there, and any other evidence. */
const anyOf: fc.Arbitrary<Evidence> = fc.oneof(
  anyEvidence,
  fc
    .record({
      missing: fc.subarray([...CHECK_IDS]),
      isAbsent: fc.boolean(),
      look: fc.integer({ min: 1, max: MAX_LOOKS }),
    })
    .map(({ missing, isAbsent, look }) => {
      const finding = (isAbsent ? absent : failed)('not learned');
      const evidence = anEvidence(Object.fromEntries(missing.map((id) => [id, finding])));
      return Object.assign(evidence, { look });
    }),
);
const strategyWith = (looks: number[], margin: number, buyScore = 60) =>
  aStrategy({
    synthesis: { looks_after_seconds: looks, watch_margin: margin, buy_score: buyScore },
  });
const anyBuyScore = fc.integer({ min: 0, max: 100 });
const anyMargin = fc.integer({ min: 0, max: 100 });

describe('WATCH', () => {
  it('is never said after a rule has failed, nor by the last look', () => {
    let watched = 0;
    fc.assert(
      fc.property(anyOf, anyLooks, anyMargin, anyBuyScore, (evidence, looks, margin, buyScore) => {
        const decision = synthesizeTradingDecision(evidence, strategyWith(looks, margin, buyScore));
        fc.pre(decision.verdict === 'WATCH');
        watched += 1;
        expect(decision.rules.filter(({ status }) => status === 'failed')).toEqual([]);
        expect(evidence.look).toBeLessThanOrEqual(looks.length);
        expect(decision.reasons[0]).toContain(`at ${looks[evidence.look - 1]} s waits for `);
        expect(decision.plan).toBeNull();
      }),
      { numRuns: 200, maxSkipsPerRun: 500 },
    );
    expect(watched).toBeGreaterThan(50);
  });

  it('only ever stands where a strategy without looks says SKIP, and changes nothing else', () => {
    fc.assert(
      fc.property(anyOf, anyLooks, anyMargin, anyBuyScore, (evidence, looks, margin, buyScore) => {
        const watching = synthesizeTradingDecision(evidence, strategyWith(looks, margin, buyScore));
        const decisive = synthesizeTradingDecision(evidence, strategyWith([], margin, buyScore));
        expect(decisive.verdict).not.toBe('WATCH');
        expect(watching).toEqual(
          watching.verdict === 'WATCH'
            ? {
                ...decisive,
                verdict: decisive.verdict === 'SKIP' ? 'WATCH' : 'none',
                reasons: [watching.reasons[0], ...decisive.reasons].slice(0, 8),
              }
            : decisive,
        );
      }),
      { numRuns: 500 },
    );
  });
});
