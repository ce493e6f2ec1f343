import { describe, expect, it } from 'vitest';

import { type DecidedRow, summarize } from '#cli/run-summary.ts';
import type { Verdict } from '#shared/domain/decision.ts';

const token = (mint: string, trap = false, archetype = trap ? 'freezable' : 'sound') => ({
  mint,
  pool: `${mint}-pool`,
  archetype,
  trap,
});
const row = (mint: string, look: number, verdict: Verdict, latencyMs: number): DecidedRow => ({
  mint,
  pool: `${mint}-pool`,
  look,
  verdict,
  latencyMs,
});
const nothing = { seen: new Set<string>(), duplicated: 0, bought: [] };

describe('the summary of a run', () => {
  it('counts a token as decided when its looks have ended', () => {
    const summary = summarize({
      ...nothing,
      truth: [token('a'), token('b'), token('c'), token('d', true)],
      rows: [
        // In no order, as a scan finds them.
        row('b', 2, 'BUY', 3_300),
        row('a', 1, 'BUY', 400),
        row('b', 1, 'WATCH', 600),
        row('c', 1, 'WATCH', 500),
        row('d', 1, 'SKIP', 200),
      ],
      bought: ['a', 'b'],
    });
    expect(summary).toMatchObject({
      detected: 4,
      decided: 3,
      lost: 1,
      looks: 2,
      verdicts: { BUY: 2, WATCH: 1, SKIP: 1 },
      trades: 2,
      // Of the first looks: 200, 400, 500, 600. Of the last ones: 200, 400, 3,300.
      latencyMs: { p50: 400, p99: 600 },
      finalMs: { p50: 400, p99: 3_300 },
    });
    expect(summary.truth).toEqual({
      trapsBought: 0,
      trapsRefused: 1,
      soundBought: 2,
      soundMissed: 1,
      boughtAtLook: { 1: 1, 2: 1 },
      archetypes: {
        sound: { trap: false, opened: 3, approved: 2, bought: 2 },
        freezable: { trap: true, opened: 1, approved: 0, bought: 0 },
      },
    });
  });

  it('counts what came out of the queue undecided as detected and lost', () => {
    const summary = summarize({
      ...nothing,
      truth: [token('a'), token('b')],
      rows: [],
      seen: new Set(['a/a-pool']),
    });
    expect(summary).toMatchObject({ detected: 1, decided: 0, lost: 2, looks: 0 });
    expect(summary.latencyMs.p50).toBeNull();
  });

  it('knows approved from bought, and leaves out what the market did not open', () => {
    const { truth, trades } = summarize({
      ...nothing,
      truth: [token('a'), token('trap', true)],
      rows: [row('a', 1, 'BUY', 1), row('trap', 1, 'BUY', 1), row('stranger', 1, 'BUY', 1)],
      bought: ['trap'],
    });
    expect(trades).toBe(1);
    expect(truth).toMatchObject({ trapsBought: 1, soundMissed: 1, boughtAtLook: { 1: 1 } });
    expect(truth.archetypes).toEqual({
      sound: { trap: false, opened: 1, approved: 1, bought: 0 },
      freezable: { trap: true, opened: 1, approved: 1, bought: 1 },
    });
  });
});
