import { Readable } from 'node:stream';

import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { loadStrategy } from '#config/load-strategy.ts';
import { strategyVersion } from '#config/strategy.ts';
import { linesOf } from '#cli/replay/replay-sources.ts';
import { parseReplayLine } from '#cli/replay/replay-line.ts';
import { replayLines } from '#cli/replay/print-replay.ts';
import { runReplay } from '#cli/replay/run-replay.ts';
import { synthesizeTradingDecision } from '#functions/analyzer/synthesis/synthesize.ts';
import { decisionSchema } from '#shared/domain/decision.ts';
import { type Evidence, absent, evidenceSchema, failed, known } from '#shared/domain/evidence.ts';
import { ENDED_EARLY } from '#shared/domain/cut-short.ts';
import { generatedEvidence } from '../../../../bench/generated-evidence.ts';
import { aDecision } from '../../../support/decisions.ts';
import { addressNamed } from '../../../support/detections.ts';
import { anEvidence } from '../../../support/evidence.ts';

const preset = (name: string) => {
  const strategy = loadStrategy(name);
  return { name, strategy: { strategy, version: strategyVersion(strategy) } };
};
const textOf = (evidence: Evidence) => JSON.stringify(z.encode(evidenceSchema, evidence));
const rowOf = (decision: ReturnType<typeof aDecision>) =>
  JSON.stringify(z.encode(decisionSchema, decision));
const from = (lines: readonly string[]) => linesOf('-', Readable.from([lines.join('\n')]));

/** A sound token with this risk by RugCheck, or without a report. */
const rated = (n: number, riskScore: number | undefined) =>
  anEvidence({
    opening: { mint: addressNamed(`rated ${n}`) },
    honeypot: {
      rugcheck:
        riskScore === undefined
          ? absent('RugCheck: not found')
          : known({
              riskScore,
              rugged: false,
              dangers: [],
              warnings: 0,
              insidersDetected: 0,
              creatorTokens: null,
            }),
    },
  });

const tokens = [...generatedEvidence(600, 3)];
const balanced = preset('balanced');
const degen = preset('degen');

describe('a replay', () => {
  it('says of each line what the synthesis says', async () => {
    const { strategy, decided, against, lines } = await runReplay(
      from(tokens.map(({ evidence }) => textOf(evidence))),
      { strategy: balanced },
    );
    const bought = tokens.filter(
      ({ evidence }) => synthesizeTradingDecision(evidence, balanced.strategy).shouldTrade,
    );
    expect([lines, decided]).toEqual([600, 600]);
    expect(strategy.verdicts.BUY).toBe(bought.length);
    expect(strategy.version).toBe(balanced.strategy.version);
    expect(against).toBeNull();
  });

  it('counts every move between two strategies, with a few examples of each kind', async () => {
    const { strategy, against } = await runReplay(
      from(tokens.map(({ evidence }) => textOf(evidence))),
      { strategy: balanced, against: degen, examples: 2 },
    );
    const moves = new Map<string, number>();
    for (const { evidence } of tokens) {
      const [was, is] = [degen, balanced].map(
        (side) => synthesizeTradingDecision(evidence, side.strategy).verdict,
      );
      moves.set(`${was} ${is}`, (moves.get(`${was} ${is}`) ?? 0) + 1);
    }
    for (const was of ['BUY', 'SKIP', 'WATCH'] as const) {
      for (const is of ['BUY', 'SKIP', 'WATCH'] as const) {
        expect(against!.matrix[was][is]).toBe(moves.get(`${was} ${is}`) ?? 0);
      }
    }
    expect(against!.matrix.BUY.SKIP).toBeGreaterThan(2);
    const examples = against!.examples.filter((each) => each.from === 'BUY' && each.to === 'SKIP');
    expect(examples).toHaveLength(2);
    expect(examples[0]!.toReason).toMatch(/: /);
    expect(strategy.rejectedBy['freeze-authority']!.decisive).toBeGreaterThan(0);
  });

  it('compares stored decisions with what was decided at the time', async () => {
    const refused = aDecision({ holders: { top10Bps: 6_000 } }, { token: 'refused' });
    const cut = aDecision(
      { holders: { top1Bps: 9_000 }, liquidity: failed(ENDED_EARLY) },
      { token: 'cut' },
    );
    expect(cut.reasons).toHaveLength(2);
    const expired = aDecision(
      {},
      { token: 'late', verdict: 'EXPIRED', shouldTrade: false, plan: null, evidence: null },
    );
    const {
      against,
      expired: left,
      decided,
    } = await runReplay(from([rowOf(refused), rowOf(aDecision()), rowOf(expired), rowOf(cut)]), {
      strategy: degen,
    });
    expect([decided, left]).toEqual([3, 1]);
    expect(against!.name).toBe('at the time');
    expect(against!.rejectedBy).toEqual({
      'top-holders': { decisive: 1, named: 1 },
      'largest-holder': { decisive: 1, named: 1 },
    });
    expect(against!.matrix.SKIP.BUY).toBe(1);
    expect(against!.matrix.BUY.BUY).toBe(1);
    expect(against!.examples).toMatchObject([
      { mint: refused.opening.mint, from: 'SKIP', to: 'BUY', fromReason: refused.reasons[0] },
    ]);
  });

  it('does not guess what a bolder strategy would have learned after an early end', async () => {
    const ended = failed(ENDED_EARLY);
    const cut = anEvidence({ holders: { top10Bps: 6_000 }, organic: ended, liquidity: ended });
    const robbed = anEvidence({
      honeypot: { restrictions: [{ kind: 'freeze-authority', detail: 'x can freeze' }] },
      holders: ended,
    });
    const { strategy, against } = await runReplay(from([textOf(cut), textOf(robbed)]), {
      strategy: degen,
      against: balanced,
    });
    expect(against!.matrix.SKIP).toMatchObject({ '?': 1, SKIP: 1, BUY: 0 });
    expect(strategy.rejectedBy).toEqual({ 'freeze-authority': { decisive: 1, named: 1 } });
  });

  it('names the lines that cannot be read, and goes on', async () => {
    const { unreadable, problems, decided } = await runReplay(
      from(['{"version":1}', textOf(anEvidence()), 'nonsense', '[1]', '{"evidence":{}}']),
      { strategy: balanced },
    );
    expect([unreadable, decided]).toEqual([4, 1]);
    expect(problems.map(({ line }) => line)).toEqual([1, 3, 4, 5]);
    expect(problems[0]!.reason).toMatch(/^opening: /);
  });

  it('is beaten by luck only where labels are luck, and beats what is trivial where they are not', async () => {
    const outcomes = new Map(
      tokens.map(({ evidence, label }) => [evidence.opening.mint as string, label === 'good']),
    );
    outcomes.set('never seen', true);
    const { rating } = await runReplay(from(tokens.map(({ evidence }) => textOf(evidence))), {
      strategy: balanced,
      against: degen,
      outcomes,
    });
    const named = Object.fromEntries(rating!.ratings.map((each) => [each.name, each]));
    const good = tokens.filter(({ label }) => label === 'good').length;
    expect(rating).toMatchObject({ rated: 600, withoutEvidence: 1, untold: 0 });
    expect(rating!.baseRate).toBeCloseTo(good / 600, 10);
    expect(Object.keys(named)).toEqual([
      'balanced',
      'degen',
      'accept all',
      'vetoes only',
      'RugCheck only',
    ]);
    expect(named['accept all']).toMatchObject({ bought: 600, recall: 1 });
    expect(named['accept all']!.precisionAt['50']).toBeCloseTo(good / 600, 10);
    expect(named['balanced']!.precision).toBeGreaterThan(named['vetoes only']!.precision!);
    expect(named['vetoes only']!.precision).toBeGreaterThan(good / 600);
    expect(named['balanced']!.brier).toBeLessThan(named['accept all']!.brier!);
    expect(named['degen']!.recall).toBeGreaterThan(named['balanced']!.recall!);
  });

  it('leaves what it cannot tell out of the rating, on either side', async () => {
    const cut = anEvidence({ holders: { top10Bps: 6_000 }, organic: failed(ENDED_EARLY) });
    const outcomes = new Map([[cut.opening.mint as string, true]]);
    for (const [strategy, against] of [
      [degen, balanced],
      [balanced, degen],
    ] as const) {
      const { rating } = await runReplay(from([textOf(cut)]), { strategy, against, outcomes });
      expect(rating).toMatchObject({ rated: 0, untold: 1, withoutEvidence: 0, baseRate: null });
    }
  });

  it('does not take a missing report of RugCheck for a good one', async () => {
    const reported = Array.from({ length: 10 }, (_, n) => rated(n, n === 0 ? 30 : 31));
    const silent = Array.from({ length: 5 }, (_, n) => rated(10 + n, undefined));
    const all = [...silent, ...reported];
    const outcomes = new Map(
      all.map((each) => [each.opening.mint as string, reported.includes(each)]),
    );
    const { rating } = await runReplay(from(all.map(textOf)), { strategy: balanced, outcomes });
    const only = rating!.ratings.find(({ name }) => name === 'RugCheck only');
    expect(only).toMatchObject({ bought: 1, precision: 1, precisionAt: { '10': 1 } });
  });

  it('tells the decisive rule from the others that refuse', async () => {
    const both = anEvidence({ holders: { top1Bps: 9_000, top10Bps: 9_900 } });
    const { strategy } = await runReplay(from([textOf(both)]), { strategy: balanced });
    expect(strategy.rejectedBy).toEqual({
      'largest-holder': { decisive: 1, named: 1 },
      'top-holders': { decisive: 0, named: 1 },
    });
  });

  it('counts a mint that a later look buys as bought', async () => {
    const first = anEvidence({ holders: absent('not yet') });
    const second = { ...anEvidence(), look: 2 };
    const third = { ...first, look: 3 };
    const outcomes = new Map([[first.opening.mint as string, true]]);
    const { rating } = await runReplay(from([first, second, third].map(textOf)), {
      strategy: balanced,
      outcomes,
    });
    expect(rating!.rated).toBe(1);
    expect(rating!.ratings[0]).toMatchObject({ bought: 1, recall: 1 });
  });
});

describe('its print', () => {
  it('shows matrix, refusals, moves and ratings, and no control character of a token', async () => {
    const hostile = anEvidence({
      holders: { top10Bps: 6_000 },
      metadata: { symbol: 'A\u001B[2J' },
    });
    const outcomes = new Map([[hostile.opening.mint as string, false]]);
    const figures = await runReplay(from([textOf(hostile)]), {
      strategy: degen,
      against: balanced,
      outcomes,
    });
    const text = replayLines(figures, 100).join('\n');
    expect(text).toMatch(/balanced \\ degen +BUY +all/);
    expect(text).toMatch(/top-holders/);
    expect(text).toMatch(/SKIP → BUY/);
    expect(text).toMatch(/RugCheck only/);
    expect(text).not.toContain('\u001B');
  });
});

describe('a line', () => {
  it('may be an evidence or a decision, and keeps amounts whole', () => {
    const evidence = anEvidence({ liquidity: { quoteReserve: 2n ** 64n - 1n } });
    expect(parseReplayLine(textOf(evidence))).toEqual({ kind: 'evidence', evidence });
    expect(parseReplayLine(rowOf(aDecision()))).toMatchObject({
      kind: 'evidence',
      stored: { verdict: 'BUY' },
    });
  });
});
