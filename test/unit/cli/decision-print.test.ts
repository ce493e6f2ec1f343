import { describe, expect, it } from 'vitest';

import { CSV_HEADER, csvOfRow, decisionTable } from '#cli/decision-print.ts';
import { type DecisionRow, rowOfDecision } from '#cli/decision-row.ts';
import { addressNamed } from '../../support/detections.ts';
import { DECIDED_AT_MS, aDecision } from '../../support/decisions.ts';

const row = (changes: Partial<DecisionRow> = {}): DecisionRow => ({
  ...rowOfDecision(aDecision({ holders: { top10Bps: 5_210, top1Bps: 2_000 } })),
  ...changes,
});
const rows = [
  row(),
  row({ verdict: 'BUY', score: 91.8, symbol: 'ロケット🚀', reasons: ['score 91.8 of 100'] }),
  row({ verdict: 'EXPIRED', symbol: '', score: 0, coverage: 0, reasons: ['45 s overdue'] }),
];
const mint = addressNamed('gary mint');

describe('the table of decisions', () => {
  it('at 80 columns keeps time, verdict, score, the beginning of the mint, and the reason', () => {
    expect(decisionTable(rows, 80)).toEqual([
      'UTC       verdict  score  mint          reason',
      `12:00:00  SKIP       0.0  ${mint.slice(0, 11)}…  largest-holder: the largest holder has …`,
      `12:00:00  BUY       91.8  ${mint.slice(0, 11)}…  score 91.8 of 100`,
      `12:00:00  EXPIRED         ${mint.slice(0, 11)}…  45 s overdue`,
    ]);
  });

  it('at 120 columns has every column', () => {
    expect(decisionTable(rows, 120)).toEqual([
      'UTC       verdict  score  mint         reason                                    symbol       ms  venue      known  look',
      `12:00:00  SKIP       0.0  ${mint.slice(0, 10)}…  largest-holder: the largest holder has …  GARY        600  pump-swap   1.00     1`,
      `12:00:00  BUY       91.8  ${mint.slice(0, 10)}…  score 91.8 of 100                         ロケット🚀  600  pump-swap   1.00     1`,
      `12:00:00  EXPIRED         ${mint.slice(0, 10)}…  45 s overdue                                          600  pump-swap            1`,
    ]);
  });

  it('at 200 columns shows mint and reason whole, with how many more reasons there are', () => {
    const [, line = ''] = decisionTable(rows, 200);
    expect(line).toContain(mint);
    expect(line).toContain('largest-holder: the largest holder has 2000 bps, limit 1500 bps (+1)');
  });

  it('in a pipe cuts nothing', () => {
    const long = 'x'.repeat(230);
    expect(decisionTable([row({ reasons: [long] })], Number.POSITIVE_INFINITY)[1]).toContain(long);
  });

  it('shows dates where the rows lie a day apart', () => {
    const table = decisionTable([row(), row({ decidedAt: DECIDED_AT_MS - 86_400_000 })], 200);
    expect(table.map((line) => line.slice(0, 19).trim())).toEqual([
      expect.stringMatching(/^UTC/),
      '2026-11-20 12:00:00',
      '2026-11-19 12:00:00',
    ]);
  });

  it('shows hostile names harmless', () => {
    const [, line = ''] = decisionTable([row({ symbol: 'A\u001B[2J\nB\u202E' })], 200);
    expect(line).toContain('A[2JB');
    expect(line).not.toMatch(/[\n\u202E]/);
  });
});

describe('the CSV of decisions', () => {
  it('has as many cells as its header, all reasons in one', () => {
    expect(CSV_HEADER.trimEnd().split(',')).toHaveLength(12);
    expect(csvOfRow(row({ symbol: '=cmd()' }))).toBe(
      [
        '2026-11-20T12:00:00.000Z',
        'SKIP',
        '0',
        '1',
        mint,
        addressNamed('gary pool'),
        '1',
        "'=cmd()",
        'pump-swap',
        addressNamed('gary creator'),
        '600',
        '"largest-holder: the largest holder has 2000 bps, limit 1500 bps; top-holders: the ten largest holders have 5210 bps, limit 4500 bps"\r\n',
      ].join(','),
    );
  });
});
