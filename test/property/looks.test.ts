import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { loadTradingConfig } from '#config/load-trading-config.ts';
import type { AnalyzeDeps } from '#functions/analyzer/analyze.ts';
import { CHECKS } from '#functions/analyzer/checks/index.ts';
import { takeLook } from '#functions/analyzer/take-look.ts';
import type { Verdict } from '#shared/domain/decision.ts';
import { MAX_LOOKS, type TokenDetected } from '#shared/domain/detection.ts';
import { absent, failed, known } from '#shared/domain/evidence.ts';
import { lookKey } from '#shared/domain/table-keys.ts';
import { DETECTED_AT_MS, aDetection, addressNamed } from '../support/detections.ts';
import { aStrategy, anOpening } from '../support/evidence.ts';
import { handClock } from '../support/hand-clock.ts';
import { memoryDecisionLedger } from '../support/memory-decision-ledger.ts';
import { memoryTokenQueue } from '../support/memory-token-queue.ts';
import { fakeSources, soundSnapshot } from '../support/token-sources.ts';

const { analyzer: settings } = loadTradingConfig({ stage: 'test' });
const never = new AbortController().signal;
const detection = aDetection(anOpening());

/** How the environment dies at a step: before what the step does is done, or after it. */
type Death = 'none' | 'before' | 'after';
/** What there is to see of the token when somebody looks. */
type Sight = 'sound' | 'unlisted' | 'unreachable' | 'frozen' | 'poor';

type World = {
  readonly offsets: readonly number[];
  /** For each step of each delivery, in turn; none die after the last. */
  readonly deaths: readonly Death[];
  readonly sights: readonly Sight[];
  /** Whether the queue delivers a message a second time, as a standard queue may. */
  readonly doubles: readonly boolean[];
  /** Until a message whose handler died is seen again. */
  readonly visibilityMs: number;
};

const anyWorld: fc.Arbitrary<World> = fc.record({
  offsets: fc
    .uniqueArray(fc.integer({ min: 1, max: 300 }), { maxLength: MAX_LOOKS - 1 })
    .map((offsets) => offsets.sort((a, b) => a - b)),
  deaths: fc.array(fc.constantFrom<Death>('none', 'none', 'none', 'before', 'after'), {
    maxLength: 40,
  }),
  sights: fc.array(
    fc.constantFrom<Sight>(
      'sound',
      'unlisted',
      'unlisted',
      'unlisted',
      'unreachable',
      'frozen',
      'poor',
    ),
    { minLength: 1, maxLength: 12 },
  ),
  doubles: fc.array(fc.boolean(), { maxLength: 8 }),
  visibilityMs: fc.constantFrom(2_000, 90_000),
});

class Died extends Error {}

type Delivery = { readonly message: TokenDetected; receives: number; visibleAtMs: number };

/** Every message delivered until the queue is empty, with the deaths that the world asks for. */
async function play({ offsets, deaths, sights, doubles, visibilityMs }: World) {
  const clock = handClock(DETECTED_AT_MS);
  const ledger = memoryDecisionLedger();
  const queue = memoryTokenQueue();
  const left = { deaths: [...deaths], doubles: [...doubles] };
  let deathsSeen = 0;
  let stored = 0;
  let looked = 0;
  const step = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    const death = left.deaths.shift() ?? 'none';
    if (death !== 'none') deathsSeen += 1;
    if (death === 'before') throw new Died();
    const result = await act();
    if (death === 'after') throw new Died();
    return result;
  };
  const deps = (sight: Sight): AnalyzeDeps => ({
    checks: CHECKS,
    sources: fakeSources({
      ...(sight === 'unlisted' ? { holdings: async () => absent('not listed yet') } : {}),
      ...(sight === 'unreachable' ? { snapshot: async () => failed('HTTP 503') } : {}),
      ...(sight === 'poor'
        ? { listing: async () => absent('no'), report: async () => absent('no') }
        : {}),
      ...(sight === 'frozen'
        ? {
            snapshot: async () =>
              known(soundSnapshot({ freezeAuthority: addressNamed('x') })) as never,
          }
        : {}),
    }).sources,
    clock,
    pause: clock.pause,
    strategy: aStrategy({ synthesis: { looks_after_seconds: [...offsets], min_coverage: 0.7 } }),
    settings,
    decisions: {
      has: async (...look) => step(async () => ledger.has(...look)),
      find: async (...look) => step(async () => ledger.find(...look)),
      record: async (...decision) =>
        step(async () => {
          const result = await ledger.record(...decision);
          if (result === 'stored') stored += 1;
          return result;
        }),
    },
    tokens: { send: async (...looks) => step(async () => queue.send(...looks)) },
  });

  const deliveries: Delivery[] = [];
  const enqueue = (message: TokenDetected): void => {
    deliveries.push({ message, receives: 0, visibleAtMs: message.dueAt });
    if (left.doubles.shift() === true) {
      deliveries.push({ message, receives: 0, visibleAtMs: message.dueAt });
    }
  };
  enqueue(detection);
  let accepted = 0;
  for (let round = 0; deliveries.length > 0; round += 1) {
    expect(round).toBeLessThan(500);
    deliveries.sort((a, b) => a.visibleAtMs - b.visibleAtMs);
    const delivery = deliveries[0]!;
    clock.advance(Math.max(0, delivery.visibleAtMs - clock.now()));
    delivery.receives += 1;
    const context = { receiveCount: delivery.receives, signal: never };
    const sight = sights[looked % sights.length]!;
    looked += 1;
    try {
      await takeLook(deps(sight), delivery.message, context);
      // Even the acknowledgement may be lost.
      await step(async () => deliveries.splice(deliveries.indexOf(delivery), 1));
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      delivery.visibleAtMs = clock.now() + visibilityMs;
    }
    for (const message of queue.messages.slice(accepted)) enqueue(message);
    accepted = queue.messages.length;
  }
  const verdictOf = (look: number): Verdict | undefined =>
    ledger.rows.get(`${detection.mint}/${lookKey(detection.pool, look)}`)?.verdict;
  return { verdictOf, rows: ledger.rows.size, stored, deathsSeen, queue };
}

describe('the looks at a pool', () => {
  it('are a chain without a gap that ends in a verdict, wherever the analyzer dies', async () => {
    const lengths = new Set<number>();
    await fc.assert(
      fc.asyncProperty(anyWorld, async (world) => {
        const { verdictOf, rows, stored, deathsSeen } = await play(world);
        let look = 1;
        while (verdictOf(look) === 'WATCH') look += 1;
        expect(['BUY', 'SKIP', 'EXPIRED']).toContain(verdictOf(look));
        expect(look).toBeLessThanOrEqual(world.offsets.length + 1);
        // One row a look, each written once.
        expect(stored).toBe(rows);
        const isCalm = deathsSeen === 0 && !world.doubles.includes(true);
        expect(rows).toBe(isCalm ? look : rows);
        lengths.add(look);
      }),
      { numRuns: 400 },
    );
    // The worlds are rich enough for chains of every length.
    expect([...lengths].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('come at their offsets when nothing goes wrong', async () => {
    const { queue, verdictOf } = await play({
      offsets: [15, 45, 120],
      deaths: [],
      sights: ['unlisted'],
      doubles: [],
      visibilityMs: 90_000,
    });
    expect(queue.messages.map(({ look, dueAt }) => [look, dueAt - DETECTED_AT_MS])).toEqual([
      [2, 15_000],
      [3, 45_000],
      [4, 120_000],
    ]);
    expect([1, 2, 3, 4, 5].map(verdictOf)).toEqual(['WATCH', 'WATCH', 'WATCH', 'SKIP', undefined]);
  });

  it.each<[string, Death[], Verdict[]]>([
    // Steps of a first look: send, record, acknowledge. Of a later delivery: has first.
    ['before the next look is sent', ['before'], ['WATCH', 'BUY']],
    ['after it is sent', ['after'], ['WATCH', 'BUY']],
    ['after the row is written', ['none', 'after'], ['WATCH', 'BUY']],
    ['before the acknowledgement', ['none', 'none', 'before'], ['WATCH', 'BUY']],
  ])('go on when the analyzer dies %s', async (_when, deaths, expected) => {
    const { verdictOf, deathsSeen } = await play({
      offsets: [15],
      deaths,
      // The first look is delivered twice.
      sights: ['unlisted', 'unlisted', 'sound'],
      doubles: [],
      visibilityMs: 2_000,
    });
    expect(deathsSeen).toBe(1);
    expect([1, 2].map(verdictOf)).toEqual(expected);
  });
});
