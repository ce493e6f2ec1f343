import { describe, expect, it } from 'vitest';

import { type DecisionFilter, matches, refuserOf } from '#cli/decision-filter.ts';
import { type DecisionRow, rowOfDecision } from '#cli/decision-row.ts';
import { statsCollector, statsLines } from '#cli/decision-stats.ts';
import { VERDICTS } from '#shared/domain/decision.ts';
import { DECIDED_AT_MS, aDecision } from '../../support/decisions.ts';

const bought = rowOfDecision(aDecision());
const refused = rowOfDecision(aDecision({ holders: { top10Bps: 5_210, top1Bps: 2_000 } }));
const vetoed = rowOfDecision(aDecision({ holders: { top10Bps: 5_210 } }));
const HOUR = 3_600_000;

function statsOf(rows: readonly DecisionRow[]) {
  const collector = statsCollector();
  for (const row of rows) collector.add(row);
  return collector.stats();
}

describe('statistics', () => {
  const rows: DecisionRow[] = [
    { ...bought, latencyMs: 100 },
    { ...refused, latencyMs: 200, venue: 'pump-fun' },
    { ...vetoed, latencyMs: 300, decidedAt: DECIDED_AT_MS - HOUR },
    { ...vetoed, verdict: 'EXPIRED', latencyMs: 40_000, reasons: ['45 s overdue, limit 30 s'] },
  ];
  const stats = statsOf(rows);

  it('count verdicts', () => {
    expect(stats).toMatchObject({
      total: 4,
      byVerdict: { BUY: 1, SKIP: 2, WATCH: 0, EXPIRED: 1 },
    });
  });

  it('rank latencies of what was analysed: the age of the expired is none', () => {
    expect(stats.latencyMs).toEqual({ p50: 200, p95: 300, p99: 300 });
  });

  it('tell the decisive rule from one that is named besides', () => {
    expect(stats.refusedBy).toEqual({
      'largest-holder': { decisive: 1, named: 1 },
      'top-holders': { decisive: 1, named: 2 },
    });
  });

  it('group by venue and by hour, the hours in order', () => {
    expect(Object.entries(stats.byVenue).map(([venue, { total }]) => [venue, total])).toEqual([
      ['pump-swap', 3],
      ['pump-fun', 1],
    ]);
    expect(Object.keys(stats.byHour)).toEqual(['2026-11-20T11', '2026-11-20T12']);
  });

  it('are tables that fit', () => {
    const lines = statsLines(stats, 80);
    expect(lines.slice(0, 6)).toEqual([
      'all  decisions  BUY  SKIP  WATCH  EXPIRED  p50 ms  p95 ms  p99 ms',
      '             4    1     2      0        1     200     300     300',
      '',
      'refused by      decisive  of all SKIP  named',
      'top-holders            1       50.0 %      2',
      'largest-holder         1       50.0 %      1',
    ]);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('of nothing are zeros, not errors', () => {
    expect(statsOf([])).toMatchObject({ total: 0, latencyMs: { p50: null, p95: null, p99: null } });
  });
});

describe('a filter', () => {
  const all: DecisionFilter = { verdicts: VERDICTS };
  it.each<[string, Partial<DecisionFilter>, readonly DecisionRow[]]>([
    ['nothing asked', {}, [bought, refused, vetoed]],
    ['a verdict', { verdicts: ['BUY'] }, [bought]],
    ['a venue', { venue: 'pump-fun' }, []],
    ['a creator', { creator: bought.creator ?? '' }, [bought, refused, vetoed]],
    ['another creator', { creator: 'somebody' }, []],
    ['a score', { minScore: bought.score }, [bought]],
    ['a reason, whatever its case', { reason: 'TEN LARGEST' }, [refused, vetoed]],
    ['a rule, decisive or not', { veto: 'top-holders' }, [refused, vetoed]],
    ['a rule that refused one', { veto: 'largest-holder' }, [refused]],
    ['a BUY is not refused by its score', { veto: 'score' }, []],
  ])('by %s', (_what, filter, expected) => {
    const rows = [bought, refused, vetoed];
    expect(rows.filter((row) => matches(row, { ...all, ...filter }))).toEqual(expected);
  });

  it.each([
    ['top-holders: the ten largest', 'top-holders'],
    ['score 36 of 100 is below 60', 'score'],
    ['too little is known: coverage 0.3, least 0.5', 'coverage'],
    ['45 s overdue, limit 30 s', 'other'],
    ['no rule: of ours', 'other'],
  ])('knows who refused with "%s"', (reason, refuser) => {
    expect(refuserOf(reason)).toBe(refuser);
  });
});
