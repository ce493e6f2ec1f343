import { describe, expect, it } from 'vitest';

import { loadTradingConfig } from '#config/load-trading-config.ts';
import type { AnalyzeDeps } from '#functions/analyzer/analyze.ts';
import { CHECKS } from '#functions/analyzer/checks/index.ts';
import { takeLook } from '#functions/analyzer/take-look.ts';
import type { TokenDetected } from '#shared/domain/detection.ts';
import { absent, failed, known } from '#shared/domain/evidence.ts';
import { Fault } from '#shared/domain/fault.ts';
import { lookKey } from '#shared/domain/table-keys.ts';
import { DETECTED_AT_MS, aDetection, addressNamed } from '../../support/detections.ts';
import { aStrategy, anOpening } from '../../support/evidence.ts';
import { handClock } from '../../support/hand-clock.ts';
import { memoryDecisionLedger } from '../../support/memory-decision-ledger.ts';
import { memoryTokenQueue } from '../../support/memory-token-queue.ts';
import { fakeSources, soundSnapshot } from '../../support/token-sources.ts';

const { analyzer: settings } = loadTradingConfig({ stage: 'test' });
const signal = new AbortController().signal;
const first = aDetection(anOpening());
const strategy = aStrategy({ synthesis: { looks_after_seconds: [15, 45] } });
const unlisted = async () => absent('the node does not list it yet');
const down = async () => failed('HTTP 503');
const xAccount = async () =>
  known({ handle: 'Gary', followers: 5, createdAt: 0, verified: false }) as never;

type Answers = Parameters<typeof fakeSources>[0];

/** One token over several looks; each look meets other answers. */
function aToken(changes: Partial<AnalyzeDeps> = {}) {
  const clock = handClock(DETECTED_AT_MS + 100);
  const decisions = memoryDecisionLedger();
  const queue = memoryTokenQueue();
  return {
    clock,
    decisions,
    queue,
    row: (look: number) => decisions.rows.get(`${first.mint}/${lookKey(first.pool, look)}`),
    /** Takes a look when it is due, and tells what it asked. */
    async look(message: TokenDetected, answers: Answers = {}, receiveCount = 1) {
      clock.advance(Math.max(0, message.dueAt - clock.now()));
      const { sources, asked } = fakeSources({ xAccount, ...answers });
      const deps: AnalyzeDeps = {
        checks: CHECKS,
        sources,
        clock,
        pause: clock.pause,
        strategy,
        settings,
        decisions,
        tokens: queue,
        ...changes,
      };
      return { outcome: await takeLook(deps, message, { receiveCount, signal }), asked };
    },
  };
}

describe('a look that learns too little', () => {
  it('says WATCH and what it waits for, with the next look on the queue', async () => {
    const token = aToken();
    const { outcome } = await token.look(first, { holdings: unlisted });
    expect(outcome).toMatchObject({
      result: 'stored',
      decision: {
        verdict: 'WATCH',
        shouldTrade: false,
        plan: null,
        reasons: [
          'look 2 at 15 s waits for largest-holder, top-holders',
          'largest-holder: not known, the node does not list it yet',
          'top-holders: not known, the node does not list it yet',
        ],
      },
    });
    expect(token.queue.messages).toEqual([{ ...first, look: 2, dueAt: DETECTED_AT_MS + 15_000 }]);
  });

  it('is not stored while the queue refuses the next look: its message comes again', async () => {
    const token = aToken();
    token.queue.refuse = () => true;
    await expect(token.look(first, { holdings: unlisted })).rejects.toBeInstanceOf(Fault);
    expect(token.decisions.rows.size).toBe(0);
  });

  it('has its next look a second later when its time is over already', async () => {
    const token = aToken();
    token.clock.advance(20_000);
    await token.look(first, { holdings: unlisted });
    // A retry of the holders took 0.3 s.
    expect(token.queue.messages).toMatchObject([{ look: 2, dueAt: DETECTED_AT_MS + 21_400 }]);
  });
});

describe('a later look', () => {
  it('reads what was absent and what goes stale, and keeps the rest', async () => {
    const token = aToken();
    await token.look(first, { holdings: unlisted });
    const { outcome, asked } = await token.look(token.queue.messages[0]!);
    expect(outcome).toMatchObject({ decision: { verdict: 'BUY', look: 2, latencyMs: 15_000 } });
    expect(asked).toEqual({
      snapshot: 1,
      holdings: 1,
      firstBuyers: 1,
      listing: 1,
      report: 1,
      document: 0,
      profile: 0,
      xAccount: 0,
    });
    const { checks } = token.row(2)!.evidence!;
    expect(checks.metadata.finding).toEqual(token.row(1)!.evidence!.checks.metadata.finding);
    expect(checks.social.finding).toEqual(token.row(1)!.evidence!.checks.social.finding);
    expect(checks.metadata.timing).toEqual({ startedMs: 0, latencyMs: 0, attempts: 0 });
    expect(token.queue.messages).toHaveLength(1);
  });

  it.each<[string, Answers, Partial<Record<string, number>>]>([
    [
      'document that failed',
      { document: async () => failed('timed out') },
      { document: 1, profile: 1 },
    ],
    ['document that was not there', { document: async () => absent('HTTP 404') }, { document: 1 }],
    [
      'profile that was absent',
      { profile: async () => absent('not yet') },
      { document: 0, profile: 1 },
    ],
    [
      'X account that failed',
      { xAccount: async () => failed('HTTP 503') },
      { xAccount: 1, document: 0 },
    ],
    ['listing that was absent', { listing: async () => absent('no') }, { profile: 1, xAccount: 0 }],
  ])('asks again for a %s', async (_what, answers, expected) => {
    const token = aToken();
    await token.look(first, { holdings: unlisted, ...answers });
    const { asked } = await token.look(token.queue.messages[0]!);
    expect(asked).toMatchObject(expected);
  });

  it('keeps what it knew of metadata and profiles when the upstreams are gone', async () => {
    const token = aToken();
    await token.look(first, { holdings: unlisted, document: async () => failed('timed out') });
    await token.look(token.queue.messages[0]!, {
      snapshot: down,
      listing: down,
      document: down,
      profile: down,
    });
    const { metadata, social, honeypot, organic } = token.row(2)!.evidence!.checks;
    expect(metadata.finding).toMatchObject({ status: 'known', facts: { name: 'Gary' } });
    expect(social.finding.status).toBe('known');
    // What goes stale is not known any more.
    expect([honeypot.finding.status, organic.finding.status]).toEqual(['failed', 'failed']);
  });

  it('sees a freeze authority that was not there before', async () => {
    const token = aToken();
    await token.look(first, { holdings: unlisted });
    const { outcome } = await token.look(token.queue.messages[0]!, {
      snapshot: async () => known(soundSnapshot({ freezeAuthority: addressNamed('x') })) as never,
    });
    expect(outcome).toMatchObject({ decision: { verdict: 'SKIP', endedEarly: true } });
  });

  it('asks everything anew when the row before it is missing', async () => {
    const token = aToken();
    await token.look(first, { holdings: unlisted });
    token.decisions.rows.clear();
    const { outcome, asked } = await token.look(token.queue.messages[0]!);
    expect(outcome).toMatchObject({ result: 'stored', decision: { verdict: 'BUY', look: 2 } });
    expect(asked).toMatchObject({ document: 1, profile: 1, xAccount: 1 });
  });

  it('is not taken after a verdict', async () => {
    const token = aToken();
    await token.look(first);
    const { outcome, asked } = await token.look({ ...first, look: 2 }, { holdings: unlisted });
    expect(outcome).toEqual({ result: 'ended', verdict: 'BUY' });
    expect(Object.values(asked).every((times) => times === 0)).toBe(true);
    expect([token.decisions.rows.size, token.queue.messages.length]).toEqual([1, 0]);
  });

  it('decides when it is the last, and expires like any other', async () => {
    const token = aToken();
    await token.look(first, { holdings: unlisted });
    await token.look(token.queue.messages[0]!, { holdings: unlisted });
    const last = token.queue.messages[1]!;
    expect(last).toMatchObject({ look: 3, dueAt: DETECTED_AT_MS + 45_000 });
    const { outcome } = await token.look(last, { holdings: unlisted });
    expect(outcome).toMatchObject({ decision: { verdict: 'SKIP', look: 3 } });
    expect(token.queue.messages).toHaveLength(2);

    const late = aToken();
    await late.look(first, { holdings: unlisted });
    late.clock.advance(14_900 + settings.max_age_seconds * 1_000 + 1);
    expect(await late.look(late.queue.messages[0]!)).toMatchObject({
      outcome: { decision: { verdict: 'EXPIRED', look: 2 } },
    });
  });
});

describe('a message that comes again', () => {
  it('asks nobody when its row is there, and queues nothing: that was done before the row', async () => {
    const token = aToken();
    await token.look(first, { holdings: unlisted });
    const { outcome, asked } = await token.look(first, {}, 2);
    expect(outcome).toEqual({ result: 'seen' });
    expect(Object.values(asked).every((times) => times === 0)).toBe(true);
    expect(token.queue.messages).toHaveLength(1);
  });

  it('is looked at again when there is no row', async () => {
    const token = aToken();
    expect(await token.look(first, {}, 2)).toMatchObject({
      outcome: { result: 'stored', decision: { verdict: 'BUY' } },
    });
  });

  it('leaves the row that is there when two deliveries overlap', async () => {
    const token = aToken();
    await token.look(first, { holdings: unlisted });
    const { outcome } = await token.look(first);
    expect(outcome).toMatchObject({ result: 'duplicate', decision: { verdict: 'BUY' } });
    expect(token.row(1)?.verdict).toBe('WATCH');
  });
});
