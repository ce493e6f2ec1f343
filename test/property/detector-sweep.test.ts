import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { recentLooks } from '#functions/detector/recent-looks.ts';
import { type SweepDeps, sweep } from '#functions/detector/sweep.ts';
import { type WatchedAccount, WATCHED_ACCOUNTS } from '#functions/detector/watched-accounts.ts';
import { receiveWebhook } from '#functions/detector/webhook.ts';
import type { TokenDetected } from '#shared/domain/detection.ts';
import { Fault, isFault } from '#shared/domain/fault.ts';
import type { TokenQueue } from '#shared/ports/token-queue.ts';
import { VENUES } from '#shared/domain/venue.ts';
import { aLaunch, aTransaction, openedBy } from '../support/chain-transactions.ts';
import { DETECTED_AT_MS, signatureNamed } from '../support/detections.ts';
import {
  type Landed,
  memoryChain,
  memoryDecisionLookup,
  memorySweepCursors,
} from '../support/memory-sweep.ts';
import { memoryTokenCaps } from '../support/memory-token-caps.ts';
import { memoryTokenQueue } from '../support/memory-token-queue.ts';

const SECRET = 'secret';
const { signal } = new AbortController();
const accounts: readonly WatchedAccount[] = WATCHED_ACCOUNTS.slice(0, 2);

/** What may happen, in any order; numbers choose among what there is. */
type Step =
  | { readonly kind: 'land'; readonly opens: boolean; readonly at: readonly number[] }
  | { readonly kind: 'newSlot' }
  | { readonly kind: 'webhook'; readonly which: readonly number[]; readonly refused: boolean }
  | { readonly kind: 'sweep'; readonly seed: number; readonly trouble: Trouble }
  | { readonly kind: 'analyze' }
  | { readonly kind: 'coldStart' };

/** How often, of a hundred, each thing goes wrong during a sweep. */
type Trouble = {
  readonly list: number;
  readonly transaction: number;
  readonly missing: number;
  readonly queue: number;
  readonly cursor: number;
};

const NO_TROUBLE: Trouble = { list: 0, transaction: 0, missing: 0, queue: 0, cursor: 0 };

const percent = fc.constantFrom(0, 0, 10, 50, 90);
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('land' as const),
      opens: fc.boolean(),
      at: fc.constantFrom([0], [1], [0, 1]),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('newSlot' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('webhook' as const),
      which: fc.array(fc.nat(50), { minLength: 1, maxLength: 4 }),
      refused: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('sweep' as const),
      seed: fc.nat(),
      trouble: fc.record({
        list: percent,
        transaction: percent,
        missing: percent,
        queue: percent,
        cursor: percent,
      }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('analyze' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('coldStart' as const) }) },
);

/** A small generator of its own, so that a failing run can be repeated. */
function random(seed: number) {
  let state = seed | 1;
  return (outOfHundred: number): boolean => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) % 100 < outOfHundred;
  };
}

const keyOf = ({ mint, pool, look }: Pick<TokenDetected, 'mint' | 'pool' | 'look'>) =>
  `${mint}/${pool}/${look}`;

/** Chain, webhook, sweep and analyzer on one virtual clock. */
function world() {
  let nowMs = DETECTED_AT_MS;
  let slot = 100;
  const clock = { now: () => nowMs };
  const chain = memoryChain();
  const cursors = memorySweepCursors();
  const decisions = memoryDecisionLookup();
  const queue = memoryTokenQueue();
  const landed: Landed[] = [];
  const opened: string[] = [];
  /** Messages of a pool that are nobody's fault: it was delivered, or its batch partly refused. */
  const excused = new Map<string, number>();
  const stored = new Map<string, number>();
  let analyzed = 0;
  let recent = recentLooks(clock);
  for (const { account } of accounts) cursors.at.set(account, { signature: null, slot: 0 });

  const excuse = (looks: readonly TokenDetected[]) => {
    for (const look of looks) excused.set(keyOf(look), (excused.get(keyOf(look)) ?? 0) + 1);
  };
  const watchedQueue: TokenQueue = {
    async send(looks, during) {
      const before = queue.messages.length;
      try {
        await queue.send(looks, during);
      } catch (error) {
        // Accepted, but the caller could not know.
        excuse(queue.messages.slice(before));
        throw error;
      }
    },
  };

  return {
    opened,
    queue,
    stored,
    excused,
    run: async (step: Step): Promise<void> => {
      nowMs += 1_000;
      if (step.kind === 'newSlot') slot += 1;
      if (step.kind === 'coldStart') recent = recentLooks(clock);
      if (step.kind === 'land') {
        const name = `t${landed.length}`;
        const blockTime = Math.floor(nowMs / 1_000);
        const body = (step.opens ? aLaunch : aTransaction)({ name, slot, blockTime });
        const one = { signature: signatureNamed(name), slot, blockTime, failed: false, body };
        landed.push(one);
        if (step.opens) opened.push(keyOf({ ...openedBy(name), look: 1 }));
        for (const at of step.at) chain.land(accounts[at]!.account, one);
      }
      if (step.kind === 'analyze') {
        for (const look of queue.messages.slice(analyzed)) {
          const key = keyOf(look);
          // The conditional put.
          if (!decisions.decided.has(key)) stored.set(key, (stored.get(key) ?? 0) + 1);
          decisions.decided.add(key);
        }
        analyzed = queue.messages.length;
      }
      if (step.kind === 'webhook' && landed.length > 0) {
        queue.refuse = () => step.refused;
        const bodies = step.which.map((which) => landed[which % landed.length]!.body);
        const deps = {
          queue,
          caps: memoryTokenCaps(),
          clock,
          secret: SECRET,
          maxBodyBytes: 1_000_000,
          scope: { venues: new Set(VENUES), analyzeLaunches: true },
        };
        const before = queue.messages.length;
        await receiveWebhook(
          deps,
          {
            method: 'POST',
            headers: { authorization: SECRET },
            body: Buffer.from(JSON.stringify(bodies)),
          },
          signal,
        ).catch((error: unknown) => {
          if (!isFault(error)) throw error;
        });
        excuse(queue.messages.slice(before));
        queue.refuse = () => false;
      }
      if (step.kind === 'sweep') {
        const happens = random(step.seed);
        const fault = new Fault('upstream.unavailable', { upstream: 'test', reason: 'random' });
        chain.fail = (method) => {
          if (happens(step.trouble[method])) throw fault;
        };
        chain.missing = () => happens(step.trouble.missing);
        queue.refuse = () => happens(step.trouble.queue);
        const deps: SweepDeps = {
          clock,
          history: chain,
          cursors: {
            read: async (account, during) => {
              if (happens(step.trouble.cursor)) throw fault;
              return cursors.read(account, during);
            },
            move: async (account, to, during) => {
              if (happens(step.trouble.cursor)) throw fault;
              await cursors.move(account, to, during);
            },
          },
          decisions,
          queue: watchedQueue,
          recent,
          caps: memoryTokenCaps(),
          scope: { venues: new Set(VENUES), analyzeLaunches: true },
        };
        await sweep(deps, accounts, signal);
      }
    },
  };
}

describe('webhook and sweep together', () => {
  it('bring every pool to exactly one decision, whatever fails and in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(stepArbitrary, { maxLength: 60 }), async (steps) => {
        const { opened, stored, run } = world();
        for (const step of steps) await run(step);
        await run({ kind: 'sweep', seed: 1, trouble: NO_TROUBLE });
        await run({ kind: 'analyze' });
        expect([...stored.keys()].sort()).toEqual([...opened].sort());
        expect([...stored.values()].every((times) => times === 1)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('queue a pool once, unless nobody could know that it was queued', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          stepArbitrary.filter(({ kind }) => kind !== 'coldStart'),
          { maxLength: 60 },
        ),
        async (steps) => {
          const { opened, queue, excused, run } = world();
          for (const step of steps) await run(step);
          await run({ kind: 'sweep', seed: 1, trouble: NO_TROUBLE });
          for (const key of opened) {
            const times = queue.messages.filter((look) => keyOf(look) === key).length;
            expect(times).toBeGreaterThanOrEqual(1);
            expect(times).toBeLessThanOrEqual(1 + (excused.get(key) ?? 0));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
