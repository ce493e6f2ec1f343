import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Checks } from '#functions/analyzer/checks/check.ts';
import { CHECKS } from '#functions/analyzer/checks/index.ts';
import { type GatherOptions, gatherEvidence } from '#functions/analyzer/gather-evidence.ts';
import { vetoOf } from '#functions/analyzer/synthesis/judge.ts';
import {
  CHECK_IDS,
  type CheckId,
  type Evidence,
  absent,
  evidenceSchema,
  failed,
  known,
} from '#shared/domain/evidence.ts';
import { Fault } from '#shared/domain/fault.ts';
import { askingOf } from '#shared/upstream/asking.ts';
import { DETECTED_AT_MS, addressNamed } from '../../support/detections.ts';
import { SOUND_FACTS, anOpening, aStrategy } from '../../support/evidence.ts';
import { handClock } from '../../support/hand-clock.ts';
import { fakeSources, hanging, soundSnapshot, untilAborted } from '../../support/token-sources.ts';

const detected = { opening: anOpening(), detectedAt: DETECTED_AT_MS, look: 1 };
const options: GatherOptions = {
  openingSlot: 7,
  stakeLamports: 100_000_000n,
  absentRetries: 1,
  absentRetryMs: 300,
  checkTimeoutMs: 2_000,
  isSettled: () => false,
};
/** What an upstream that hangs costs in these tests. */
const SOON_MS = 15;
const never = new AbortController().signal;
const notYet = async () => absent('not listed yet');
const frozen = async () => known(soundSnapshot({ freezeAuthority: addressNamed('x') })) as never;
const { strategy } = aStrategy();
const onVeto = (partial: Evidence) => vetoOf(partial, strategy) !== undefined;

type Setting = {
  readonly answers?: Parameters<typeof fakeSources>[0];
  readonly checks?: Partial<Checks>;
  readonly options?: Partial<GatherOptions>;
  readonly signal?: AbortSignal;
};

async function gather({ answers, checks, signal = never, ...given }: Setting = {}) {
  const clock = handClock(DETECTED_AT_MS + 100);
  const fakes = fakeSources(answers);
  const deps = {
    checks: { ...CHECKS, ...checks },
    sources: fakes.sources,
    clock,
    pause: clock.pause,
  };
  const gathered = await gatherEvidence(deps, detected, { ...options, ...given.options }, signal);
  return { ...gathered, ...fakes, clock, statuses: statusesOf(gathered.evidence) };
}

const statusesOf = ({ checks }: Evidence) =>
  Object.fromEntries(CHECK_IDS.map((id) => [id, checks[id].finding.status]));
const all = (status: string) => Object.fromEntries(CHECK_IDS.map((id) => [id, status]));

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);
beforeEach(() => {
  process.on('unhandledRejection', note);
});
afterEach(async () => {
  // Node reports them once the microtasks have run.
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  process.off('unhandledRejection', note);
  if (unhandled.length > 0) throw new AggregateError(unhandled.splice(0), 'unhandled rejections');
});

describe('gatherEvidence', () => {
  it('learns everything about a sound token, within the schema', async () => {
    const { evidence, statuses, endedEarly } = await gather();
    expect(statuses).toEqual(all('known'));
    expect(endedEarly).toBe(false);
    expect(() => evidenceSchema.encode(evidence)).not.toThrow();
    expect(evidence).toMatchObject({ version: 1, ...detected, observedAt: DETECTED_AT_MS + 100 });
  });

  it('asks each question once, whichever check asks it', async () => {
    const { asked, evidence } = await gather();
    expect(asked).toEqual({
      snapshot: 1,
      holdings: 1,
      firstBuyers: 1,
      document: 1,
      listing: 1,
      report: 1,
      profile: 1,
      xAccount: 0,
    });
    const attempts = CHECK_IDS.map((id) => evidence.checks[id].timing.attempts);
    // Seven questions, and X, which is asked for the handle that was found.
    expect(attempts.reduce((sum, of) => sum + of, 0)).toBe(8);
  });

  it('starts every check before any has answered', async () => {
    const started: CheckId[] = [];
    const checks = Object.fromEntries(
      CHECK_IDS.map((id) => [
        id,
        {
          run: async () => {
            started.push(id);
            await Promise.resolve();
            expect(started).toHaveLength(CHECK_IDS.length);
            return failed('asked nobody');
          },
        },
      ]),
    ) as unknown as Checks;
    const { evidence } = await gather({ checks });
    expect(started).toEqual([...CHECK_IDS]);
    for (const id of CHECK_IDS) {
      expect(evidence.checks[id].finding).toEqual(failed('asked nobody'));
    }
  });

  it.each([
    ['snapshot', { organic: 'known', metadata: 'failed', honeypot: 'failed', social: 'failed' }],
    ['holdings', { holders: 'failed', metadata: 'known', honeypot: 'known', social: 'known' }],
    ['document', { social: 'failed', metadata: 'known', honeypot: 'known', holders: 'known' }],
    ['listing', { organic: 'failed', social: 'failed', metadata: 'known', honeypot: 'known' }],
    ['report', { honeypot: 'known', metadata: 'known', organic: 'known', social: 'known' }],
    ['profile', { social: 'failed', metadata: 'known', organic: 'known' }],
    ['xAccount', { social: 'failed', metadata: 'known', organic: 'known' }],
  ])('loses nothing else to a %s that hangs', async (question, expected) => {
    const startedAt = performance.now();
    const { statuses, evidence } = await gather({
      answers: { [question]: hanging },
      options: { checkTimeoutMs: SOON_MS },
    });
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(statuses).toMatchObject(expected);
    const reasons = CHECK_IDS.flatMap((id) => {
      const { finding } = evidence.checks[id];
      return finding.status === 'known' ? [] : [finding.reason];
    });
    expect(new Set(reasons)).toEqual(new Set(question === 'report' ? [] : ['timed out']));
  });

  it('keeps what a check has published when the rest of it hangs', async () => {
    const { evidence } = await gather({
      answers: { document: hanging, report: hanging },
      options: { checkTimeoutMs: SOON_MS },
    });
    const pending = failed('no answer before the analysis ended');
    expect(evidence.checks.metadata).toMatchObject({
      finding: { status: 'known', facts: { name: 'Gary', offchain: pending } },
      // The document was asked for by `social` first.
      timing: { attempts: 1 },
    });
    expect(evidence.checks.social.timing.attempts).toBe(3);
    expect(evidence.checks.honeypot.finding).toMatchObject({
      facts: { restrictions: [], rugcheck: pending },
    });
  });

  it.each(['snapshot', 'holdings', 'document', 'listing', 'report', 'profile', 'xAccount'])(
    'loses nothing else to a %s that rejects',
    async (question) => {
      const fault = new Fault('upstream.refused', {
        upstream: 'it',
        status: 429,
        reason: 'too many',
      });
      const { evidence, statuses } = await gather({
        answers: { [question]: async () => Promise.reject(fault) },
      });
      const lost: Record<string, CheckId[]> = {
        snapshot: ['metadata', 'holders', 'honeypot', 'liquidity'],
        holdings: ['holders'],
        listing: ['organic'],
      };
      for (const id of CHECK_IDS) {
        const expected = lost[question]?.includes(id) ? 'failed' : 'known';
        expect([id, statuses[id]]).toEqual([id, expected]);
      }
      for (const id of lost[question] ?? []) {
        expect(evidence.checks[id].finding).toMatchObject({
          reason: expect.stringContaining('too many') as string,
        });
      }
    },
  );

  it('survives a check that throws before it waits', async () => {
    const { statuses } = await gather({
      checks: {
        organic: {
          run: () => {
            throw new TypeError('a bug');
          },
        },
      },
    });
    expect(statuses).toEqual({ ...all('known'), organic: 'failed' });
  });

  it.each([
    ['is there at the second asking', 2, 1, 'known', 2],
    ['is not there after as many askings', 3, 1, 'absent', 2],
    ['is there at the third', 3, 2, 'known', 3],
    ['is not asked for again', 2, 0, 'absent', 1],
  ])('a mint that %s', async (_what, thereAt, absentRetries, status, asked) => {
    const gathered = await gather({
      answers: {
        snapshot: async (time) =>
          time < thereAt
            ? absent('the node does not have the mint yet')
            : (known(soundSnapshot()) as never),
      },
      options: { absentRetries },
    });
    expect(gathered.asked.snapshot).toBe(asked);
    expect(gathered.statuses['metadata']).toBe(status);
    expect(gathered.evidence.checks.metadata.timing.attempts).toBe(asked);
    // 300 ms, then twice as long.
    expect(gathered.clock.now() - DETECTED_AT_MS - 100).toBe([0, 300, 900][asked - 1]);
  });

  it('does not ask a third party again that does not know the token', async () => {
    const { asked, statuses } = await gather({
      answers: { listing: notYet, report: notYet, profile: notYet },
    });
    expect(asked).toMatchObject({ listing: 1, report: 1, profile: 1 });
    expect(statuses).toMatchObject({ organic: 'absent', honeypot: 'known', social: 'known' });
  });

  it('asks nobody for a document that has no address', async () => {
    const { asked, evidence } = await gather({
      answers: { snapshot: async () => known(soundSnapshot({ metadata: null })) as never },
    });
    expect(asked.document).toBe(0);
    expect(evidence.checks.metadata.finding).toMatchObject({
      facts: { offchain: absent('no URI') },
    });
    expect(evidence.checks.metadata.timing.attempts).toBe(1);
  });

  it("takes RugCheck's list where the node refuses its own", async () => {
    const holders = [{ owner: addressNamed('alice'), amount: 500_000n }];
    const { evidence } = await gather({
      answers: {
        holdings: async () => failed('too many accounts'),
        report: async () => known({ risk: {}, holders }) as never,
      },
    });
    expect(evidence.checks.holders.finding).toMatchObject({
      status: 'known',
      facts: { top1Bps: 5_000 },
    });
  });

  it('takes an empty list of RugCheck for no knowledge', async () => {
    const { evidence } = await gather({ answers: { holdings: async () => failed('refused') } });
    expect(evidence.checks.holders.finding).toEqual(failed('refused'));
  });

  it.each([
    ['nothing was minted', 0n, 'the supply is zero'],
    ['more is held than there is', 1n, 'the holders hold more than the supply'],
  ])('names no holders when %s', async (_what, supply, reason) => {
    const { evidence } = await gather({
      answers: { snapshot: async () => known(soundSnapshot({ supply })) as never },
    });
    expect(evidence.checks.holders.finding).toEqual(failed(reason));
  });

  it('never tells of a time before the start, however the clock is set', async () => {
    const clock = handClock(DETECTED_AT_MS);
    const { sources } = fakeSources({
      listing: async () => {
        clock.advance(-5_000);
        return absent('not yet');
      },
    });
    const { evidence } = await gatherEvidence(
      { checks: CHECKS, sources, clock, pause: clock.pause },
      detected,
      options,
      never,
    );
    expect(evidence.checks.organic.timing.latencyMs).toBe(0);
  });
});

describe('a veto on the way', () => {
  it('ends the other checks, aborts their calls, and keeps what is certain', async () => {
    const { evidence, endedEarly, signals, statuses } = await gather({
      answers: { snapshot: frozen, listing: untilAborted, report: hanging, profile: untilAborted },
      options: { isSettled: onVeto },
    });
    expect(endedEarly).toBe(true);
    for (const signal of Object.values(signals)) expect(signal.aborted).toBe(true);
    expect(evidence.checks.honeypot.finding).toMatchObject({
      status: 'known',
      facts: { restrictions: [{ kind: 'freeze-authority' }] },
    });
    expect(evidence.checks.organic.finding).toEqual(failed('ended early: the decision is certain'));
    expect(statuses).toMatchObject({ organic: 'failed', social: 'failed', metadata: 'known' });
  });

  it('ends nothing where the strategy does not want it', async () => {
    const { endedEarly, statuses } = await gather({ answers: { snapshot: frozen } });
    expect(endedEarly).toBe(false);
    expect(statuses).toEqual(all('known'));
  });

  it('is no early end when nothing was left to end', async () => {
    const order: string[] = [];
    const last = {
      run: async () => {
        // After all the others, of which the first buyers take a turn of the event loop.
        for (let turn = 0; turn < 3; turn += 1) {
          await new Promise((resolve) => {
            setImmediate(resolve);
          });
        }
        order.push('organic');
        return known({ ...SOUND_FACTS.organic, suspicious: true });
      },
    };
    const { endedEarly, statuses } = await gather({
      checks: { organic: last },
      options: { isSettled: onVeto },
    });
    expect(order).toEqual(['organic']);
    expect(statuses).toEqual(all('known'));
    expect(endedEarly).toBe(false);
  });

  it('is judged as of the moment in which it fell', async () => {
    const clock = handClock(DETECTED_AT_MS);
    const { sources } = fakeSources({ snapshot: frozen, listing: untilAborted });
    const { evidence } = await gatherEvidence(
      { checks: CHECKS, sources, clock, pause: clock.pause },
      detected,
      {
        ...options,
        isSettled: (partial) => {
          if (!onVeto(partial)) return false;
          // Winding down takes its time.
          clock.advance(40);
          return true;
        },
      },
      never,
    );
    expect(evidence.observedAt).toBe(DETECTED_AT_MS);
  });

  it('lets nothing change that comes after the end', async () => {
    let late: ((facts: typeof SOUND_FACTS.organic) => void) | undefined;
    const { evidence } = await gather({
      answers: { snapshot: frozen },
      options: { isSettled: onVeto },
      checks: {
        organic: {
          run: async (_ask, publish) => {
            late = publish;
            return hanging();
          },
        },
      },
    });
    const before = JSON.stringify(evidenceSchema.encode(evidence));
    late?.(SOUND_FACTS.organic);
    expect(JSON.stringify(evidenceSchema.encode(evidence))).toBe(before);
  });

  it('lets nothing change that a check says after its own answer', async () => {
    let late: ((facts: typeof SOUND_FACTS.organic) => void) | undefined;
    const { evidence } = await gather({
      checks: {
        organic: {
          run: async (_ask, publish) => {
            late = publish;
            return absent('not listed');
          },
        },
      },
    });
    late?.(SOUND_FACTS.organic);
    expect(evidence.checks.organic.finding).toEqual(absent('not listed'));
  });
});

describe('the end of the invocation', () => {
  it('ends all checks, and is no early end', async () => {
    const ending = new AbortController();
    const gathering = gather({
      answers: { snapshot: hanging, listing: hanging },
      signal: ending.signal,
      options: { isSettled: onVeto },
    });
    ending.abort(new DOMException('over', 'TimeoutError'));
    const { statuses, endedEarly, evidence } = await gathering;
    expect(endedEarly).toBe(false);
    expect(statuses).toMatchObject({ metadata: 'failed', organic: 'failed' });
    expect(evidence.checks.organic.finding).toEqual(failed('timed out'));
  });

  it('that came before the start leaves evidence of nothing', async () => {
    const { statuses } = await gather({
      signal: AbortSignal.abort(new DOMException('over', 'TimeoutError')),
      answers: { snapshot: hanging, listing: hanging, profile: hanging, holdings: hanging },
    });
    expect(statuses).toEqual(all('failed'));
  });
});

describe('a question that is asked', () => {
  it('counts what it costs beyond one request, and knows until when it may wait', async () => {
    const deadlines: number[] = [];
    const { evidence, clock } = await gather({
      answers: {
        listing: async (_asked, signal) => {
          const asking = askingOf(signal);
          deadlines.push(asking.deadlineMs);
          asking.onExtraRequest();
          asking.onExtraRequest();
          return notYet();
        },
      },
    });
    const { organic, social } = evidence.checks;
    expect(organic.timing.attempts + social.timing.attempts).toBeGreaterThanOrEqual(3);
    expect(deadlines).toEqual([clock.now() + 2_000]);
  });

  it('ends with the analysis', async () => {
    const ending = new AbortController();
    const gathering = gather({ answers: { report: untilAborted }, signal: ending.signal });
    ending.abort(new Error('over'));
    expect((await gathering).signals.report?.aborted).toBe(true);
  });
});
