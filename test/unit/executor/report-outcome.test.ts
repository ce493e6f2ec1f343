import { describe, expect, it } from 'vitest';

import type { ExecuteOutcome } from '#functions/executor/execute.ts';
import { reportOutcome } from '#functions/executor/report-outcome.ts';
import { testOrder, testTrade } from '../../support/trades.ts';

describe('the report of an outcome', () => {
  it.each<[string, ExecuteOutcome]>([
    ['TradesOpened', { kind: 'opened', trade: testTrade('OPEN', 1) }],
    ['TradesAbandoned', { kind: 'abandoned', trade: testTrade('ABANDONED', 1) }],
    ['TradesRefusedByBudget', { kind: 'refused', reason: 'budget' }],
    ['TradesRefusedByPositions', { kind: 'refused', reason: 'positions' }],
    ['TradesRefusedByHalt', { kind: 'refused', reason: 'halted' }],
    ['TradesStale', { kind: 'stale', ageMs: 20_001 }],
    ['TradesSeenAgain', { kind: 'duplicate', state: 'OPEN' }],
    ['TradesSeenAgain', { kind: 'superseded' }],
  ])('counts %s', (counter, outcome) => {
    expect(reportOutcome(testOrder(1), outcome).counter).toBe(counter);
  });

  it('of an opened trade says what it cost and how long it took', () => {
    const outcome = { kind: 'opened', trade: testTrade('OPEN', 1) } as const;
    expect(reportOutcome(testOrder(1), outcome)).toMatchObject({
      decisionToTradeMs: 600,
      details: { costLamports: '102100000', tokens: '16239400281', router: 'metis' },
    });
  });

  it('of any outcome can be written as JSON', () => {
    const outcome = { kind: 'refused', reason: 'budget' } as const;
    expect(JSON.stringify(reportOutcome(testOrder(1), outcome).details)).toBe(
      '{"stakeLamports":"100000000"}',
    );
  });
});
