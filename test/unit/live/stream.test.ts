import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { recentLooks } from '#functions/detector/recent-looks.ts';
import { sweep } from '#functions/detector/sweep.ts';
import { WATCHED_ACCOUNTS } from '#functions/detector/watched-accounts.ts';
import { listen } from '#infra/local/live/listen.ts';
import { type StreamKind, STREAMS } from '#infra/local/live/subscriptions.ts';
import { Fault } from '#shared/domain/fault.ts';
import { VENUES } from '#shared/domain/venue.ts';
import { systemClock } from '#shared/ports/clock.ts';
import { aLaunch, aTransaction, openedBy } from '../../support/chain-transactions.ts';
import { signatureNamed } from '../../support/detections.ts';
import {
  memoryChain,
  memoryDecisionLookup,
  memorySweepCursors,
} from '../../support/memory-sweep.ts';
import { memoryTokenCaps } from '../../support/memory-token-caps.ts';
import { memoryTokenQueue } from '../../support/memory-token-queue.ts';
import { hasRecordings, recorded } from '../../support/recorded.ts';
import { type StreamServer, logsNotification, streamServer } from '../../support/stream-server.ts';

const [pumpFun, pumpSwap] = WATCHED_ACCOUNTS;
const accounts = [pumpFun!, pumpSwap!];
const until = async (done: () => boolean): Promise<void> => {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 2));
};

/** The same transaction as Helius pushes it whole. */
const transactionNotification = (name: string) => {
  const { slot, blockTime: _, ...transaction } = aLaunch({ name });
  return {
    jsonrpc: '2.0',
    method: 'transactionNotification',
    params: {
      subscription: 885_979_781_178_643,
      result: { transaction, signature: signatureNamed(name), slot },
    },
  };
};

const seen = (source: string, name: string) => `${source} ${openedBy(name).mint}`;

describe('a stream', () => {
  const chain = memoryChain();
  let server: StreamServer;
  let stopping: AbortController;
  let ended: Promise<void> = Promise.resolve();

  beforeEach(async () => {
    server = await streamServer();
    stopping = new AbortController();
    chain.landed.clear();
    chain.fail = () => undefined;
    chain.missing = () => false;
  });
  afterEach(async () => {
    stopping.abort();
    await ended;
    await server.stop();
  });

  /** Listens with pauses of next to nothing, unless told otherwise. */
  function start({
    kind = 'logs',
    heartbeatMs = 60_000,
    patienceMs = 1_000,
  }: { kind?: StreamKind; heartbeatMs?: number; patienceMs?: number } = {}) {
    const queue = memoryTokenQueue();
    const problems: string[] = [];
    const pauses: number[] = [];
    const decisions = memoryDecisionLookup();
    const deps = {
      clock: systemClock,
      history: chain,
      recent: recentLooks(systemClock),
      scope: { venues: new Set(VENUES), analyzeLaunches: true },
      queue,
      caps: memoryTokenCaps(),
    };
    const sweepDeps = { ...deps, cursors: memorySweepCursors(), decisions };
    let rounds = 0;
    let ready = 0;
    const listening = listen(
      {
        ...deps,
        pause: async (ms) => {
          pauses.push(ms);
          await new Promise((resolve) => setTimeout(resolve, 2));
        },
        sweep: async (signal) => {
          const tally = await sweep(sweepDeps, accounts, signal);
          rounds += 1;
          return tally;
        },
        onProblem: (reason) => problems.push(reason),
      },
      {
        url: server.url,
        kind,
        accounts: accounts.map(({ account }) => account),
        heartbeatMs,
        patienceMs,
        random: () => 0.5,
        onReady: () => {
          ready += 1;
        },
      },
      stopping.signal,
    );
    ({ ended } = listening);
    const found = () => queue.messages.map(({ mint, source }) => `${source} ${mint}`);
    return {
      ...listening,
      queue,
      problems,
      pauses,
      found,
      ready: () => ready,
      rounds: () => rounds,
      /** Connected for the nth time, and the gap before it swept. */
      settled: async (times: number) => {
        await until(() => ready >= times && rounds >= times);
        await listening.idle();
      },
    };
  }

  let slot = 10;
  const land = (name: string, { failed = false } = {}) => {
    slot += 1;
    const blockTime = Math.floor(Date.now() / 1_000);
    chain.land(pumpFun!.account, {
      signature: signatureNamed(name),
      slot,
      blockTime,
      failed,
      body: aLaunch({ name, slot, blockTime, failed }),
    });
    return signatureNamed(name);
  };

  it('asks for each account by logs, confirmed', async () => {
    const { settled } = start();
    await settled(1);
    expect(server.calls).toEqual([
      accounts.map(({ account }, index) => ({
        id: index + 1,
        method: 'logsSubscribe',
        params: [{ mentions: [account] }, { commitment: 'confirmed' }],
      })),
    ]);
  });

  it('asks for whole transactions of any account at once, version 1 included', async () => {
    const { settled } = start({ kind: 'transactions' });
    await settled(1);
    expect(server.calls[0]).toMatchObject([
      {
        method: 'transactionSubscribe',
        params: [
          { vote: false, failed: false, accountInclude: accounts.map(({ account }) => account) },
          {
            commitment: 'confirmed',
            transactionDetails: 'full',
            maxSupportedTransactionVersion: 1,
          },
        ],
      },
    ]);
  });

  it('reads what the logs name, and queues its pools', async () => {
    const { settled, idle, found, queue } = start();
    await settled(1);
    server.send(logsNotification(land('first')));
    await until(() => queue.messages.length === 1);
    expect(queue.messages[0]).toMatchObject({ look: 1, slot });
    server.send(logsNotification(land('second')));
    await until(() => queue.messages.length === 2);
    await idle();
    expect(found()).toEqual([seen('stream', 'first'), seen('stream', 'second')]);
  });

  it('takes a whole transaction as it comes, without asking for it', async () => {
    const { settled, found, queue } = start({ kind: 'transactions' });
    await settled(1);
    chain.calls.transaction = 0;
    server.send(transactionNotification('pushed'));
    await until(() => queue.messages.length === 1);
    expect(found()).toEqual([seen('stream', 'pushed')]);
    expect(chain.calls.transaction).toBe(0);
  });

  it.runIf(hasRecordings)('reads the notifications that Helius has sent', async () => {
    const { settled, tally, queue } = start({ kind: 'transactions' });
    await settled(1);
    for (const name of [
      'initialize2.3yq88CT3',
      'initialize2.5yKpvmPa',
      'initialize2.JG8oSrW9',
      'swap',
    ]) {
      server.send(recorded(`helius/transactionNotification.raydium-v4-${name}.json`));
    }
    await until(() => tally.transactions === 4 && queue.messages.length === 3);
    expect(tally.garbage).toBe(0);
    expect(queue.messages.map(({ venue }) => venue)).toEqual(
      Array.from({ length: 3 }, () => 'raydium-amm-v4'),
    );
  });

  it('reads a transaction once that it is told of again and again', async () => {
    const { settled, idle, queue, tally } = start();
    await settled(1);
    chain.calls.transaction = 0;
    const signature = land('repeated');
    for (let time = 0; time < 5; time += 1) server.send(logsNotification(signature));
    await until(() => tally.repeated === 4);
    await idle();
    expect(chain.calls.transaction).toBe(1);
    expect(queue.messages).toHaveLength(1);
  });

  it('waits for a transaction that the node tells of before it has it', async () => {
    const { settled, idle, found, problems } = start();
    await settled(1);
    let asked = 0;
    chain.missing = () => {
      asked += 1;
      return asked < 4;
    };
    server.send(logsNotification(land('lagging')));
    await until(() => asked === 4);
    await idle();
    expect(found()).toEqual([seen('stream', 'lagging')]);
    expect(problems).toEqual([]);
  });

  it('leaves to the sweep what cannot be read, which brings it later', async () => {
    const { settled, found, problems, tally } = start();
    await settled(1);
    let asked = 0;
    chain.missing = () => {
      asked += 1;
      return asked < 9;
    };
    server.send(logsNotification(land('late')));
    await until(() => found().length === 1);
    expect(found()).toEqual([seen('sweep', 'late')]);
    expect(tally.missed).toBe(1);
    expect(problems[0]).toContain('left to the sweep: the node does not have it yet');
  });

  it('reads nothing that failed on chain', async () => {
    const { settled, idle, tally, queue } = start();
    await settled(1);
    chain.calls.transaction = 0;
    server.send(logsNotification(land('failed', { failed: true }), { InstructionError: [0, 'X'] }));
    await until(() => tally.transactions === 1);
    await idle();
    expect(chain.calls.transaction).toBe(0);
    expect(queue.messages).toEqual([]);
  });

  it.each([
    ['no JSON', 'Rate limit exceeded'],
    ['half of a message', '{"jsonrpc":"2.0","method":"logsNotif'],
    ['null', 'null'],
    [
      'another notification',
      { jsonrpc: '2.0', method: 'slotNotification', params: { result: {} } },
    ],
    ['a signature that is none', logsNotification('../../etc/passwd')],
    ['an answer to nothing', { jsonrpc: '2.0', id: 77, result: true }],
  ])('counts %s as garbage, and goes on', async (_what, garbage) => {
    const { settled, found, tally, ready } = start();
    await settled(1);
    server.send(garbage);
    server.send(logsNotification(land('behind the garbage')));
    await until(() => found().length === 1);
    expect(tally.garbage).toBe(1);
    expect(ready()).toBe(1);
  });

  it.each(['drop', 'close'] as const)(
    'comes back after a %s, subscribes again, and finds what opened meanwhile',
    async (how) => {
      const { settled, found, problems } = start();
      await settled(1);
      server[how]();
      await until(() => server.connections() === 0 || server.calls.length > 1);
      land('in the gap');
      await settled(2);
      expect(server.calls).toHaveLength(2);
      expect(server.calls[1]).toEqual(server.calls[0]);
      expect(found()).toEqual([seen('sweep', 'in the gap')]);
      server.send(logsNotification(land('after the gap')));
      await until(() => found().length === 2);
      expect(found()[1]).toBe(seen('stream', 'after the gap'));
      expect(problems[0]).toMatch(/^the stream ended, again in 0\.4 s: the other side closed/);
      // The address holds the key.
      expect(JSON.stringify(problems)).not.toContain('very-secret');
    },
  );

  it('queues a pool once that the stream told of before the gap and the sweep finds after it', async () => {
    const { settled, found } = start();
    await settled(1);
    server.send(logsNotification(land('once')));
    await until(() => found().length === 1);
    server.drop();
    await settled(2);
    server.send(logsNotification(signatureNamed('once')));
    server.send(logsNotification(land('next')));
    await until(() => found().length >= 2);
    expect(found()).toEqual([seen('stream', 'once'), seen('stream', 'next')]);
  });

  it('takes a connection for dead that answers no ping', async () => {
    server.pongs = false;
    const { settled, problems } = start({ heartbeatMs: 20 });
    await settled(2);
    expect(problems[0]).toContain('no sign of life since the last ping');
  });

  it('keeps a connection that answers its pings and tells nothing', async () => {
    const { settled, ready, problems } = start({ heartbeatMs: 15, patienceMs: 60 });
    await settled(1);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(ready()).toBe(1);
    expect(problems).toEqual([]);
  });

  it.each([
    {
      when: 'the endpoint does not know the subscription',
      answer: { jsonrpc: '2.0', id: 1, error: { code: -32_601, message: 'Method not found' } },
      says: 'transactionSubscribe was refused: -32601 Method not found',
    },
    {
      when: 'nothing is confirmed',
      answer: undefined,
      says: '1 subscriptions were not confirmed in time',
    },
  ])('says so when $when, and asks again after ever longer pauses', async ({ answer, says }) => {
    server.answer = () => answer;
    const { problems, pauses, ready } = start({ kind: 'transactions', patienceMs: 30 });
    await until(() => problems.length >= 3);
    expect(problems[0]).toContain(says);
    expect(pauses.slice(0, 3)).toEqual([375, 750, 1_500]);
    expect(ready()).toBe(0);
  });

  it('waits for a server that is not there', async () => {
    await server.stop();
    const { problems, ready } = start();
    await until(() => problems.length >= 2);
    expect(problems[0]).toContain('ECONNREFUSED');
    expect(ready()).toBe(0);
    server = await streamServer();
  });

  it('lets the sweep try again what the queue refused', async () => {
    const { settled, found, queue, tally } = start();
    await settled(1);
    let failures = 0;
    queue.fail = () => {
      failures += 1;
      if (failures <= 2) throw new Fault('queue.refused', { refused: 1, reason: 'gone' });
    };
    server.send(logsNotification(land('refused')));
    await until(() => found().length === 1);
    expect(found()).toEqual([seen('sweep', 'refused')]);
    expect(tally.missed).toBe(1);
  });

  it('stops at once, in whatever it is doing', async () => {
    const { settled } = start();
    await settled(1);
    chain.missing = () => true;
    server.send(logsNotification(land('never there')));
    stopping.abort();
    await ended;
    await until(() => server.connections() === 0);
    expect(server.calls).toHaveLength(1);
  });

  it.each(STREAMS)('leaves a transaction alone that opens nothing (%s)', async (kind) => {
    const { settled, idle, queue, tally, problems } = start({ kind });
    await settled(1);
    slot += 1;
    const body = aTransaction({ name: 'swap', slot });
    const signature = signatureNamed('swap');
    chain.land(pumpFun!.account, { signature, slot, blockTime: 1, failed: false, body });
    server.send(
      kind === 'logs'
        ? logsNotification(signature)
        : {
            jsonrpc: '2.0',
            method: 'transactionNotification',
            params: { subscription: 1, result: { transaction: body, signature, slot } },
          },
    );
    await until(() => tally.transactions === 1);
    await idle();
    expect(queue.messages).toEqual([]);
    expect(problems).toEqual([]);
  });
});
