import { describe, expect, it } from 'vitest';

import { EVIDENCE_PATHS } from '#cli/explain/evidence-paths.ts';
import { nearestChange } from '#cli/explain/nearest-change.ts';
import { FACTORS } from '#functions/analyzer/synthesis/factors/index.ts';
import { synthesizeTradingDecision } from '#functions/analyzer/synthesis/synthesize.ts';
import { MAX_LOOKS } from '#shared/domain/detection.ts';
import { absent } from '#shared/domain/evidence.ts';
import { anEvidence } from '../../support/evidence.ts';
import { testStrategy } from '../../support/decisions.ts';

type Changes = Parameters<typeof anEvidence>[0];

function changed(changes: Changes, endedEarly = false): string[] {
  const evidence = anEvidence(changes);
  const decision = synthesizeTradingDecision(evidence, testStrategy);
  return nearestChange({ ...decision, evidence, endedEarly }, testStrategy);
}

/** Of a token short of points, by the spread of its holders. */
const verdictAt = (top10Bps: number, concentrationIndex: number) =>
  synthesizeTradingDecision(
    {
      ...anEvidence({
        holders: { top10Bps, concentrationIndex },
        liquidity: { quoteReserve: 9_000_000_000n },
        organic: { netBuyers: 2, traders: 9 },
      }),
      look: MAX_LOOKS,
    },
    testStrategy,
  ).verdict;

describe('the single change that would have turned the verdict', () => {
  it('is the one rule that refused, when the score suffices', () => {
    const [sentence, measure] = changed({ holders: { top10Bps: 5_210 } });
    expect(sentence).toBe(
      'Without top-holders alone it would have been a BUY: score 73.5, from 60 we buy.',
    );
    expect(measure).toMatch(
      /^The nearest measure that would do: concentration at "top ten 4500 bps/,
    );
  });

  it('is no rule, when another one refuses as well; but one measure may stand behind both', () => {
    expect(changed({ holders: { top10Bps: 5_210, top1Bps: 2_000 } })).toEqual([
      "No rule's absence alone would do: 2 rules refuse (largest-holder, top-holders).",
      expect.stringMatching(
        /^The nearest measure that would do: concentration at "top ten \d+ bps/,
      ),
    ]);
  });

  it('is none, when the score would be too low besides', () => {
    expect(
      changed({
        metadata: { mintAuthority: anEvidence().opening.mint },
        honeypot: {
          restrictions: [{ kind: 'mint-authority', detail: 'somebody can mint' }],
        },
        holders: { top10Bps: 4_400, concentrationIndex: 2_000 },
        organic: { netBuyers: -5, traders: 2 },
      }),
    ).toEqual([expect.stringMatching(/^No rule's absence alone would do: the score would be 4\d/)]);
  });

  it('is told with the proviso of an analysis that ended early', () => {
    expect(changed({ holders: { top10Bps: 5_210 } }, true).at(-1)).toBe(
      'The analysis ended with the first refusal: what was not learned may have refused as well.',
    );
  });

  it('is the value at which a factor makes up the missing points', () => {
    const [sentence = ''] = changed({
      holders: { top10Bps: 4_400, concentrationIndex: 900 },
      liquidity: { quoteReserve: 9_000_000_000n },
      organic: { netBuyers: 2, traders: 9 },
    });
    expect(sentence).toBe(
      '17 points short: concentration at "top ten 1740 bps, concentration 274" would do.',
    );
    // It is true: with these very values the strategy buys, and with slightly worse ones it does not.
    expect(verdictAt(1_740, 274)).toBe('BUY');
    expect(verdictAt(1_760, 279)).toBe('SKIP');
  });

  it('names the smallest move first', () => {
    const [sentence = ''] = changed({
      holders: { top10Bps: 3_500, concentrationIndex: 900 },
      liquidity: { quoteReserve: 9_000_000_000n },
      organic: { netBuyers: 12, traders: 12 },
    });
    const named = [...sentence.matchAll(/(concentration|demand|liquidity) at "/g)].map(
      ([, factor]) => factor,
    );
    expect(named[0]).toBe('concentration');
    expect(named.length).toBeGreaterThan(1);
  });

  it('is no single factor, when even the best of them brings too little', () => {
    const [sentence = ''] = changed({
      holders: { top10Bps: 4_500, concentrationIndex: 2_000, creatorBps: 1_000 },
      liquidity: { quoteReserve: 5_000_000_000n },
      organic: { netBuyers: -10, traders: 1, organicScore: 0, devMints: 15, devMigrations: 0 },
      social: { twitter: null, telegram: null, website: null },
    });
    expect(sentence).toMatch(
      /points short: no single factor makes them up, even at its best; concentration would bring 2\d/,
    );
  });

  it('is what was not learned, when too little is known', () => {
    const [sentence = ''] = changed({
      organic: absent('not listed by Jupiter yet'),
      social: absent('not asked'),
      honeypot: { rugcheck: absent('not indexed by RugCheck yet') },
    });
    expect(sentence).toMatch(/^Coverage 0\.4 of 0\.5: rugcheck-risk known and passed, or rugged/);
  });

  it('of a BUY is how far the nearest factor could have fallen, and what would have refused then', () => {
    const [sentence = ''] = changed({});
    expect(sentence).toMatch(
      /^31\.8 points and 0\.5 of coverage to spare: a SKIP from creator at "/,
    );
    expect(sentence).toContain('liquidity at "5.00 SOL in the pool"');
  });

  it('is not told when the code of today decides otherwise', () => {
    const evidence = anEvidence();
    const { verdict: _verdict, ...decision } = synthesizeTradingDecision(evidence, testStrategy);
    const stored = { ...decision, verdict: 'SKIP' as const, evidence, endedEarly: false };
    expect(nearestChange(stored, testStrategy)).toEqual([
      'the code has changed since: it makes BUY of the same evidence now',
    ]);
  });
});

describe.each(FACTORS)('the way of $id', ({ id, run }) => {
  const middling = anEvidence({
    holders: { top10Bps: 3_000, concentrationIndex: 900, creatorBps: 500 },
    liquidity: { quoteReserve: 20_000_000_000n },
    organic: { netBuyers: 20, traders: 40, organicScore: 30, devMints: 6, devMigrations: 1 },
    honeypot: {
      rugcheck: {
        status: 'known',
        facts: {
          riskScore: 30,
          rugged: false,
          dangers: ['one', 'two'],
          warnings: 0,
          insidersDetected: null,
          creatorTokens: null,
        },
      },
    },
  });
  const qualityAt = (share: number, to: 'best' | 'worst'): number => {
    const value = run(EVIDENCE_PATHS[id](middling, share, to));
    if (!value.known) throw new Error(`${id} became unknown`);
    return value.quality;
  };

  it('begins where the evidence is and ends at the best and the worst', () => {
    const here = run(middling);
    expect(here.known && here.quality).toBe(qualityAt(0, 'best'));
    expect(qualityAt(0, 'worst')).toBe(qualityAt(0, 'best'));
    expect(qualityAt(1, 'best')).toBe(1);
    expect(qualityAt(1, 'worst')).toBeLessThan(0.05);
  });

  it('never turns back', () => {
    const shares = Array.from({ length: 101 }, (_, n) => n / 100);
    const up = shares.map((share) => qualityAt(share, 'best'));
    const down = shares.map((share) => qualityAt(share, 'worst'));
    expect(up).toEqual(up.toSorted((a, b) => a - b));
    expect(down).toEqual(down.toSorted((a, b) => b - a));
  });

  it('leaves alone what is better than the best already', () => {
    const best = EVIDENCE_PATHS[id](middling, 1, 'best');
    const again = EVIDENCE_PATHS[id](best, 0.5, 'best');
    expect(again).toEqual(best);
  });

  it('does not make known what is not', () => {
    const nothing = absent('not there');
    const blank = anEvidence({
      holders: nothing,
      social: nothing,
      honeypot: nothing,
      organic: nothing,
      liquidity: nothing,
    });
    expect(EVIDENCE_PATHS[id](blank, 1, 'best')).toEqual(blank);
  });
});
