import { beforeEach, describe, expect, it, vi } from 'vitest';

import { recentLooks } from '#functions/detector/recent-looks.ts';
import { sweepMinute } from '#functions/detector/sweep-minute.ts';
import { accountsFor } from '#functions/detector/watched-accounts.ts';
import { logger, metrics } from '#shared/runtime/telemetry.ts';
import { aLaunch } from '../../support/chain-transactions.ts';
import { DETECTED_AT_MS, signatureNamed } from '../../support/detections.ts';
import {
  memoryChain,
  memoryDecisionLookup,
  memorySweepCursors,
} from '../../support/memory-sweep.ts';
import { memoryTokenCaps } from '../../support/memory-token-caps.ts';
import { memoryTokenQueue } from '../../support/memory-token-queue.ts';

const { signal } = new AbortController();
const scope = { venues: new Set(['raydium-amm-v4'] as const), analyzeLaunches: true };
const [watched] = accountsFor(scope, { programs: true });

/** A minute on a virtual clock; each round's list takes `roundMs`. */
function bench({ intervalSeconds = 20, roundMs = 0 } = {}) {
  let nowMs = DETECTED_AT_MS;
  const clock = { now: () => nowMs };
  const rounds: number[] = [];
  const chain = memoryChain();
  chain.fail = (method) => {
    if (method !== 'list') return;
    rounds.push((nowMs - DETECTED_AT_MS) / 1_000);
    nowMs += roundMs;
  };
  const queue = memoryTokenQueue();
  const run = async (availableMs: number) =>
    sweepMinute(
      {
        clock,
        intervalSeconds,
        programs: true,
        pause: async (ms) => {
          nowMs += ms;
        },
        history: chain,
        cursors: memorySweepCursors(),
        decisions: memoryDecisionLookup(),
        recent: recentLooks(clock),
        queue,
        caps: memoryTokenCaps(),
        scope,
      },
      availableMs,
      signal,
    );
  return { chain, queue, rounds, run };
}

describe('sweepMinute', () => {
  const addMetric = vi.spyOn(metrics, 'addMetric');
  const info = vi.spyOn(logger, 'info');
  const warn = vi.spyOn(logger, 'warn');
  beforeEach(() => {
    addMetric.mockReset();
    for (const spy of [info, warn]) spy.mockReset().mockImplementation(() => undefined);
  });

  it.each([
    { intervalSeconds: 20, availableMs: 55_000, roundMs: 0, at: [0, 20, 40] },
    { intervalSeconds: 20, availableMs: 40_000, roundMs: 0, at: [0, 20] },
    { intervalSeconds: 60, availableMs: 55_000, roundMs: 0, at: [0] },
    { intervalSeconds: 25, availableMs: 900_000, roundMs: 0, at: [0, 25, 50] },
    { intervalSeconds: 20, availableMs: 55_000, roundMs: 15_000, at: [0, 20, 40] },
    { intervalSeconds: 10, availableMs: 55_000, roundMs: 25_000, at: [0, 25, 50] },
    { intervalSeconds: 20, availableMs: 0, roundMs: 0, at: [] },
  ])(
    'sweeps at $at s, each $intervalSeconds s within $availableMs ms, when a round takes $roundMs ms',
    async ({ at, availableMs, ...rest }) => {
      const { rounds, run } = bench(rest);
      await run(availableMs);
      expect(rounds).toEqual(at);
    },
  );

  it('says that it starts from now, then finds what lands, and measures both', async () => {
    const { chain, queue, run } = bench();
    chain.land(watched!.account, {
      signature: signatureNamed('past'),
      slot: 1,
      blockTime: null,
      failed: false,
      body: aLaunch({ name: 'past' }),
    });
    await run(55_000);
    expect(queue.messages).toEqual([]);
    expect(info).toHaveBeenCalledWith(expect.stringContaining('from now on'), {
      accounts: [watched!.account],
    });
    expect(info.mock.calls.filter(([message]) => message === 'swept')).toHaveLength(3);
    expect(addMetric).toHaveBeenCalledWith('SweepFailures', 'Count', 0);
  });

  it('logs and counts accounts that failed', async () => {
    const { chain, run } = bench();
    chain.fail = () => {
      throw new Error('down');
    };
    await run(1);
    expect(warn).toHaveBeenCalledWith('account waits for the next round', {
      account: watched!.account,
      reason: 'Error: down',
    });
    expect(addMetric).toHaveBeenCalledWith('SweepFailures', 'Count', 1);
  });
});
