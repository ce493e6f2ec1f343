import { describe, expect, it } from 'vitest';

import { type AnalyzeDeps, analyze } from '#functions/analyzer/analyze.ts';
import { CHECKS } from '#functions/analyzer/checks/index.ts';
import { loadTradingConfig } from '#config/load-trading-config.ts';
import { decisionSchema } from '#shared/domain/decision.ts';
import { absent, failed, known } from '#shared/domain/evidence.ts';
import { Fault } from '#shared/domain/fault.ts';
import { DETECTED_AT_MS, aDetection, addressNamed } from '../../support/detections.ts';
import { aStrategy, anOpening } from '../../support/evidence.ts';
import { handClock } from '../../support/hand-clock.ts';
import { memoryDecisionLedger } from '../../support/memory-decision-ledger.ts';
import { memoryTokenQueue } from '../../support/memory-token-queue.ts';
import { fakeSources, hanging, soundSnapshot } from '../../support/token-sources.ts';

const { analyzer: settings } = loadTradingConfig({ stage: 'test' });
const never = new AbortController().signal;
const detection = aDetection({ ...anOpening(), dueAt: DETECTED_AT_MS + 50 });

function setUp({
  atMs = DETECTED_AT_MS + 250,
  answers = {},
  changes = {},
}: {
  atMs?: number;
  answers?: Parameters<typeof fakeSources>[0];
  changes?: Partial<AnalyzeDeps>;
} = {}) {
  const clock = handClock(atMs);
  const fakes = fakeSources(answers);
  const decisions = memoryDecisionLedger();
  const deps: AnalyzeDeps = {
    checks: CHECKS,
    sources: fakes.sources,
    clock,
    pause: clock.pause,
    strategy: aStrategy(),
    settings,
    decisions,
    tokens: memoryTokenQueue(),
    ...changes,
  };
  return { deps, decisions, clock, ...fakes };
}

describe('analyze', () => {
  it('buys a sound token and stores the decision', async () => {
    const { deps, decisions, clock } = setUp({
      answers: {
        listing: async () => {
          clock.advance(120);
          return absent('not listed yet');
        },
      },
    });
    const { result, decision } = await analyze(deps, detection, never);
    expect(result).toBe('stored');
    expect([...decisions.rows.values()]).toEqual([decision]);
    expect(decision).toMatchObject({
      verdict: 'BUY',
      opening: anOpening(),
      look: 1,
      signature: detection.signature,
      slot: detection.slot,
      source: 'webhook',
      detectedAt: DETECTED_AT_MS,
      // Its block is of a second before.
      lagMs: 1_000,
      decidedAt: DETECTED_AT_MS + 370,
      latencyMs: 370,
      // Due 50 ms after the detection, picked up 200 ms later.
      queuedMs: 200,
      name: 'Gary',
      symbol: 'GARY',
      endedEarly: false,
      strategyVersion: 'test-strategy',
    });
    expect(decision.checks.organic).toEqual({
      status: 'absent',
      startedMs: 0,
      latencyMs: 120,
      // `social` asked for the listing first: a shared question is counted once.
      attempts: 0,
    });
    expect(Object.keys(decision.checks)).toHaveLength(6);
    expect(() => decisionSchema.encode(decision)).not.toThrow();
  });

  it.each([
    { when: 'the source carried no block time', blockTime: null, lagMs: null },
    { when: "the block's clock is ahead of ours", blockTime: DETECTED_AT_MS / 1_000 + 2, lagMs: 0 },
    {
      when: 'the pool is half a minute old',
      blockTime: DETECTED_AT_MS / 1_000 - 30,
      lagMs: 30_000,
    },
  ])('notes a lag of $lagMs ms when $when', async ({ blockTime, lagMs }) => {
    const { deps } = setUp();
    const { decision } = await analyze(deps, { ...detection, blockTime }, never);
    expect(decision.lagMs).toBe(lagMs);
  });

  it('refuses on a veto, and says that it did not wait', async () => {
    const { deps } = setUp({
      answers: {
        snapshot: async () =>
          known(soundSnapshot({ mintAuthority: addressNamed('printer') })) as never,
        listing: hanging,
        report: hanging,
      },
    });
    const { decision } = await analyze(deps, detection, never);
    expect(decision).toMatchObject({ verdict: 'SKIP', endedEarly: true, plan: null });
    expect(decision.reasons[0]).toContain('mint-authority');
  });

  it('waits for everything where the strategy has no early exit', async () => {
    const { deps, asked } = setUp({
      answers: {
        snapshot: async () =>
          known(soundSnapshot({ mintAuthority: addressNamed('printer') })) as never,
      },
      changes: { settings: { ...settings, early_exit: false } },
    });
    const { decision } = await analyze(deps, detection, never);
    expect(decision).toMatchObject({ verdict: 'SKIP', endedEarly: false });
    expect(decision.checks.social?.status).toBe('known');
    expect(asked.profile).toBe(1);
  });

  it('asks nobody about a look that is overdue', async () => {
    const lateMs = settings.max_age_seconds * 1_000 + 1;
    const { deps, decisions, asked } = setUp({ atMs: detection.dueAt + lateMs });
    const { result, decision } = await analyze(deps, detection, never);
    expect(Object.values(asked).every((times) => times === 0)).toBe(true);
    expect(result).toBe('stored');
    expect(decisions.rows.size).toBe(1);
    expect(decision).toMatchObject({
      verdict: 'EXPIRED',
      shouldTrade: false,
      plan: null,
      evidence: null,
      checks: {},
      score: 0,
      coverage: 0,
      rules: [],
      factors: [],
      endedEarly: false,
      name: '',
      strategyVersion: 'test-strategy',
      queuedMs: lateMs,
      latencyMs: lateMs + 50,
      decidedAt: detection.dueAt + lateMs,
      reasons: ['30 s overdue, limit 30 s'],
      opening: anOpening(),
    });
    expect(() => decisionSchema.encode(decision)).not.toThrow();
  });

  it('says how late a look was, to the second', async () => {
    const { deps } = setUp({ atMs: detection.dueAt + 1_000_499 });
    const { decision } = await analyze(deps, detection, never);
    expect(decision.reasons).toEqual(['1000 s overdue, limit 30 s']);
  });

  it('tells of no negative time when the clocks differ', async () => {
    const { deps } = setUp({ atMs: DETECTED_AT_MS - 5 });
    const { decision } = await analyze(deps, detection, never);
    expect(decision).toMatchObject({ latencyMs: 0, queuedMs: 0 });
  });

  it('still looks at one that is overdue by just as much as it may', async () => {
    const { deps } = setUp({ atMs: detection.dueAt + settings.max_age_seconds * 1_000 });
    expect((await analyze(deps, detection, never)).decision.verdict).toBe('BUY');
  });

  it('keeps the first decision of a look', async () => {
    const { deps, decisions } = setUp();
    const first = await analyze(deps, detection, never);
    const again = await analyze(
      { ...deps, strategy: aStrategy({ synthesis: { buy_score: 100 } }) },
      detection,
      never,
    );
    expect(again).toMatchObject({ result: 'duplicate', decision: { verdict: 'SKIP' } });
    expect([...decisions.rows.values()]).toEqual([first.decision]);
  });

  it('tells looks and pools of a mint apart', async () => {
    const { deps, decisions } = setUp();
    const looks = [
      detection,
      { ...detection, look: 2 },
      { ...detection, pool: addressNamed('another pool') },
    ];
    for (const look of looks) {
      expect((await analyze(deps, look, never)).result).toBe('stored');
    }
    expect(decisions.rows.size).toBe(3);
  });

  it('decides and stores with what it knows when its time is up', async () => {
    const ending = new AbortController();
    const { deps, decisions } = setUp({ answers: { snapshot: hanging } });
    const signals: AbortSignal[] = [];
    const record: AnalyzeDeps['decisions']['record'] = async (decision, signal) => {
      signals.push(signal);
      return decisions.record(decision, signal);
    };
    const analysis = analyze(
      { ...deps, decisions: { ...decisions, record } },
      detection,
      ending.signal,
    );
    ending.abort(new DOMException('over', 'TimeoutError'));
    const { decision, result } = await analysis;
    expect(result).toBe('stored');
    expect(decision).toMatchObject({ verdict: 'SKIP', name: '' });
    expect(decision.evidence?.checks.metadata.finding).toEqual(failed('timed out'));
    // The time for storing is its own.
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });

  it('rejects when the decision could not be stored, so that the message comes again', async () => {
    const fault = new Fault('ledger.unavailable', { reason: 'throttled' });
    const { deps } = setUp({
      changes: {
        decisions: {
          record: async () => Promise.reject(fault),
          has: async () => false,
          find: async () => undefined,
        },
      },
    });
    await expect(analyze(deps, detection, never)).rejects.toBe(fault);
  });
});
