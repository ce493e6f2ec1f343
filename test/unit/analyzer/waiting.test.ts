import { describe, expect, it } from 'vitest';

import { synthesizeTradingDecision } from '#functions/analyzer/synthesis/synthesize.ts';
import { absent, failed } from '#shared/domain/evidence.ts';
import { addressNamed } from '../../support/detections.ts';
import { aStrategy, anEvidence } from '../../support/evidence.ts';

type Changes = Parameters<typeof anEvidence>[0];
type Synthesis = NonNullable<Parameters<typeof aStrategy>[0]>['synthesis'];

const decided = (look: number, changes: Changes, synthesis: Synthesis = {}) =>
  synthesizeTradingDecision(
    { ...anEvidence(changes), look },
    aStrategy({ synthesis: { looks_after_seconds: [15, 45], ...synthesis } }),
  );
const frozen = { kind: 'freeze-authority', detail: 'somebody can freeze' } as const;
const { score } = decided(1, {});
const coverageWithout = (changes: Changes) => decided(1, changes).coverage;
const noTrading = { organic: failed('down') };
const noHolders = { holders: absent('not listed yet') };

describe('another look', () => {
  it.each<{ when: string; changes: Changes; synthesis?: Synthesis; reason: string }>([
    {
      when: 'a rule insists on what is absent',
      changes: noHolders,
      synthesis: { min_coverage: 0 },
      reason: 'look 2 at 15 s waits for largest-holder, top-holders',
    },
    {
      when: 'too little is known',
      changes: noTrading,
      synthesis: { min_coverage: 0.9 },
      reason: `look 2 at 15 s waits for coverage 0.9 (${coverageWithout(noTrading)} now)`,
    },
    {
      when: 'both',
      changes: noHolders,
      synthesis: { min_coverage: 0.9 },
      reason: `look 2 at 15 s waits for largest-holder, top-holders, coverage 0.9 (${coverageWithout(noHolders)} now)`,
    },
    {
      when: 'the score is within the margin',
      changes: {},
      synthesis: { buy_score: score + 5, watch_margin: 5 },
      reason: `look 2 at 15 s waits for score ${score + 5} (${score} now)`,
    },
    {
      when: 'something failed, and something else is absent',
      changes: { ...noHolders, liquidity: failed('HTTP 503') },
      synthesis: { min_coverage: 0 },
      reason: 'look 2 at 15 s waits for largest-holder, top-holders',
    },
  ])('is due when $when', ({ changes, synthesis, reason }) => {
    const decision = decided(1, changes, synthesis);
    expect(decision).toMatchObject({ verdict: 'WATCH', shouldTrade: false, plan: null });
    expect(decision.reasons[0]).toBe(reason);
    expect(decided(2, changes, synthesis).reasons[0]).toBe(
      reason.replace('look 2 at 15 s', 'look 3 at 45 s'),
    );
    // The last look decides, and says what it always said.
    const last = decided(3, changes, synthesis);
    expect(last.verdict).toBe('SKIP');
    expect(decided(1, changes, { ...synthesis, looks_after_seconds: [] })).toEqual(last);
  });

  it.each<{ when: string; changes: Changes; synthesis?: Synthesis }>([
    {
      when: 'a rule has failed, whatever is absent',
      changes: { honeypot: { restrictions: [frozen] }, holders: absent('not listed yet') },
    },
    {
      when: 'what a rule insists on failed',
      changes: { liquidity: failed('HTTP 503') },
      synthesis: { min_coverage: 0 },
    },
    {
      when: 'what a rule insists on can never be known',
      changes: { opening: { quoteMint: addressNamed('quote') } },
    },
    {
      when: 'the score is just below the margin',
      changes: {},
      synthesis: { buy_score: score + 5.1, watch_margin: 5 },
    },
    {
      when: 'the pool is too shallow for any stake',
      changes: { liquidity: { quoteReserve: 0n } },
      synthesis: { buy_score: 0 },
    },
  ])('is not due when $when', ({ changes, synthesis }) => {
    expect(decided(1, changes, synthesis).verdict).toBe('SKIP');
  });

  it('is not due when what is absent costs less than the token', () => {
    const { verdict, rules } = decided(1, { honeypot: { rugcheck: absent('no report') } });
    expect(verdict).toBe('BUY');
    expect(rules.find(({ rule }) => rule === 'rugged')).toEqual({
      rule: 'rugged',
      status: 'unknown',
      reason: 'no report',
      cost: 'lower',
      absent: true,
    });
  });
});
