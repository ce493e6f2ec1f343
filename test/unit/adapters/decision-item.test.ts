import { describe, expect, it } from 'vitest';

import { decisionItem, decisionOfItem } from '#shared/adapters/aws/decision-item.ts';
import type { Decision } from '#shared/domain/decision.ts';
import { absent, failed } from '#shared/domain/evidence.ts';
import { aDecision } from '../../support/decisions.ts';

describe('the row of a decision', () => {
  it.each<[string, Decision]>([
    ['a BUY with its plan', aDecision()],
    ['a SKIP, which has none', aDecision({ holders: { top10Bps: 5_210 } }, { look: 3 })],
    [
      'one that learned nothing',
      aDecision({ metadata: absent('not there'), organic: failed('timed out') }),
    ],
    [
      'one that came too late',
      aDecision(
        {},
        {
          verdict: 'EXPIRED',
          shouldTrade: false,
          score: 0,
          coverage: 0,
          rules: [],
          factors: [],
          checks: {},
          plan: null,
          evidence: null,
        },
      ),
    ],
  ])('gives back %s', (_what, decision) => {
    expect(decisionOfItem(decisionItem(decision, 30))).toEqual(decision);
  });
});
