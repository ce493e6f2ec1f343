import { describe, expect, it } from 'vitest';

import { compareDecisions } from '#cli/compare-decisions.ts';
import { absent } from '#shared/domain/evidence.ts';
import { aDecision } from '../../support/decisions.ts';

describe('two decisions on one mint', () => {
  it('are the same, whenever they were made and however long it took', () => {
    const later = aDecision({}, { decidedAt: Date.UTC(2026, 10, 21), latencyMs: 9_000 });
    expect(compareDecisions(aDecision(), later)).toEqual([]);
  });

  it('differ by verdict, score, rules, and each fact', () => {
    const now = aDecision({
      holders: { top10Bps: 5_210, creatorBps: null },
      liquidity: { quoteReserve: 84_000_000_000n },
      organic: absent('not listed by Jupiter yet'),
    });
    const differences = compareDecisions(aDecision(), now);
    expect(differences).toEqual(
      expect.arrayContaining([
        { what: 'verdict', was: 'BUY', is: 'SKIP' },
        { what: 'score', was: '91.8', is: '0' },
        { what: 'rule top-holders', was: 'passed', is: 'failed' },
        { what: 'holders.top10Bps', was: '1500', is: '5210' },
        { what: 'holders.creatorBps', was: '100', is: 'none' },
        { what: 'liquidity.quoteReserve', was: '85000000000', is: '84000000000' },
        { what: 'organic.status', was: 'known', is: 'absent' },
        { what: 'organic.netBuyers', was: '102', is: 'not known' },
      ]),
    );
    expect(differences.filter(({ what }) => what.startsWith('metadata'))).toEqual([]);
  });

  it('differ from one that expired by the verdict alone: it has no facts', () => {
    const expired = aDecision(
      {},
      { verdict: 'EXPIRED', score: 91.8, rules: [], evidence: null, coverage: 1 },
    );
    expect(compareDecisions(expired, aDecision())).toEqual([
      { what: 'verdict', was: 'EXPIRED', is: 'BUY' },
    ]);
  });
});
