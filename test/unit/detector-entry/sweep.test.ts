import { describe, expect, it } from 'vitest';

import { recentLooks } from '#functions/detector/recent-looks.ts';
import { type SweepDeps, sweep } from '#functions/detector/sweep.ts';
import type { WatchedAccount } from '#functions/detector/watched-accounts.ts';
import { Fault } from '#shared/domain/fault.ts';
import { VENUES } from '#shared/domain/venue.ts';
import { aLaunch, aTransaction, openedBy } from '../../support/chain-transactions.ts';
import { DETECTED_AT_MS, addressNamed, signatureNamed } from '../../support/detections.ts';
import {
  type Landed,
  memoryChain,
  memoryDecisionLookup,
  memorySweepCursors,
} from '../../support/memory-sweep.ts';
import { memoryTokenCaps } from '../../support/memory-token-caps.ts';
import { memoryTokenQueue } from '../../support/memory-token-queue.ts';

const watched = (name: string, wholeProgram = false): WatchedAccount => ({
  venue: 'pump-fun',
  account: addressNamed(name),
  opens: 'any',
  wholeProgram,
  reason: 'a test',
});
const narrow = watched('narrow');
const program = watched('program', true);

/** A launch that landed; `opens: false` is any other transaction. */
function landed(
  name: string,
  slot: number,
  { opens = true, failed = false, ageSeconds = 1 } = {},
): Landed {
  const blockTime = DETECTED_AT_MS / 1_000 - ageSeconds;
  const make = opens ? aLaunch : aTransaction;
  return {
    signature: signatureNamed(name),
    slot,
    blockTime,
    failed,
    body: make({ name, slot, blockTime, failed }),
  };
}

function bench(
  changes: Partial<SweepDeps> = {},
  accounts: readonly WatchedAccount[] = [narrow],
  signal = new AbortController().signal,
) {
  const clock = { now: () => DETECTED_AT_MS };
  const chain = memoryChain();
  const cursors = memorySweepCursors();
  const decisions = memoryDecisionLookup();
  const queue = memoryTokenQueue();
  const deps: SweepDeps = {
    clock,
    history: chain,
    cursors,
    decisions,
    queue,
    recent: recentLooks(clock),
    caps: memoryTokenCaps(),
    scope: { venues: new Set(VENUES), analyzeLaunches: true },
    ...changes,
  };
  for (const { account } of accounts) cursors.at.set(account, { signature: null, slot: 0 });
  return {
    chain,
    cursors,
    decisions,
    queue,
    round: async () => sweep(deps, accounts, signal),
    queued: () => queue.messages.map(({ mint }) => mint),
    cursor: (of = narrow) => cursors.at.get(of.account)?.signature,
  };
}

const mintsOf = (...names: string[]) => names.map((name) => openedBy(name).mint);
const down = () => {
  throw new Fault('upstream.unavailable', { upstream: 'rpc', reason: 'timed out' });
};

describe('sweep', () => {
  it('starts at the newest transaction, and reads nothing of the past', async () => {
    const { chain, cursors, round, queued, cursor } = bench();
    cursors.at.clear();
    chain.land(narrow.account, landed('old', 1));
    chain.land(narrow.account, landed('older than the sweep', 2));

    const tally = await round();

    expect(tally.started).toEqual([narrow.account]);
    expect(chain.calls).toEqual({ list: 1, transaction: 0 });
    expect(queued()).toEqual([]);
    expect(cursor()).toBe(signatureNamed('older than the sweep'));
  });

  it('finds the very first transaction of an account that had none when it started', async () => {
    const { chain, cursors, round, queued } = bench();
    cursors.at.clear();
    await round();
    chain.land(narrow.account, landed('first', 5));
    await round();
    expect(queued()).toEqual(mintsOf('first'));
  });

  it('queues what opened since the last round, oldest first, as found by the sweep', async () => {
    const { chain, queue, round, queued, cursor } = bench();
    for (const name of ['a', 'b', 'c']) chain.land(narrow.account, landed(name, 10));

    const tally = await round();

    expect(queued()).toEqual(mintsOf('a', 'b', 'c'));
    expect(queue.messages[0]).toMatchObject({
      source: 'sweep',
      detectedAt: DETECTED_AT_MS,
      look: 1,
    });
    expect(tally).toMatchObject({ transactions: 3, failed: [], overrun: [], givenUp: 0 });
    expect(cursor()).toBe(signatureNamed('c'));

    await round();
    expect(queued()).toHaveLength(3);
    expect(chain.calls.transaction).toBe(3);
  });

  it('does not ask for transactions that failed on chain', async () => {
    const { chain, round, queued, cursor } = bench();
    chain.land(narrow.account, landed('failed', 1, { failed: true }));
    await round();
    expect(chain.calls.transaction).toBe(0);
    expect(queued()).toEqual([]);
    expect(cursor()).toBe(signatureNamed('failed'));
  });

  it('queues no pool that has its decision', async () => {
    const { chain, decisions, round, queued } = bench();
    for (const name of ['a', 'b']) chain.land(narrow.account, landed(name, 1));
    const { mint, pool } = openedBy('a');
    decisions.decided.add(`${mint}/${pool}/1`);
    await round();
    expect(queued()).toEqual(mintsOf('b'));
  });

  it('queues a pool once that two accounts tell of', async () => {
    const { chain, round, queued } = bench({}, [narrow, program]);
    for (const { account } of [narrow, program]) chain.land(account, landed('a', 1));
    await round();
    expect(queued()).toEqual(mintsOf('a'));
  });

  it('reads all of 2,500 transactions, page by page', async () => {
    const { chain, round, queued, cursor } = bench();
    chain.landed.set(
      narrow.account,
      Array.from({ length: 2_500 }, (_, index) =>
        landed(`t${index}`, index, { opens: index % 500 === 0 }),
      ),
    );
    const tally = await round();
    expect(tally).toMatchObject({ transactions: 2_500, overrun: [] });
    expect(chain.calls.list).toBe(3);
    expect(queued()).toEqual(mintsOf('t0', 't500', 't1000', 't1500', 't2000'));
    expect(cursor()).toBe(signatureNamed('t2499'));
  });
});

describe('sweep and what it cannot read', () => {
  it('waits for a transaction that is not there yet, and holds up no other', async () => {
    const { chain, round, queued, cursor } = bench();
    for (const name of ['a', 'b', 'c']) chain.land(narrow.account, landed(name, 1));
    chain.missing = (signature) => signature === signatureNamed('b');

    const tally = await round();

    expect(queued()).toEqual(mintsOf('a', 'c'));
    expect(cursor()).toBe(signatureNamed('a'));
    expect(tally.failed).toEqual([{ account: narrow.account, reason: 'not there yet' }]);

    chain.missing = () => false;
    expect((await round()).failed).toEqual([]);
    expect(queued()).toEqual(mintsOf('a', 'c', 'b'));
    expect(cursor()).toBe(signatureNamed('c'));
  });

  it.each([
    { ageSeconds: 600, givenUp: 0, cursor: undefined },
    { ageSeconds: 601, givenUp: 1, cursor: signatureNamed('b') },
  ])(
    'gives up $givenUp transactions that cannot be read after $ageSeconds s',
    async ({ ageSeconds, givenUp, cursor: expected }) => {
      const { chain, round, queued, cursor } = bench();
      chain.land(narrow.account, landed('a', 1, { ageSeconds }));
      chain.land(narrow.account, landed('b', 2));
      chain.missing = (signature) => signature === signatureNamed('a');
      expect((await round()).givenUp).toBe(givenUp);
      expect(queued()).toEqual(mintsOf('b'));
      expect(cursor() ?? undefined).toBe(expected);
    },
  );

  it('reads on behind a transaction that is not there yet, and keeps its place', async () => {
    const { chain, round, queued, cursor } = bench();
    const names = Array.from({ length: 100 }, (_, index) => `t${index}`);
    for (const [index, name] of names.entries()) chain.land(narrow.account, landed(name, index));
    chain.missing = (signature) => signature === signatureNamed('t1');

    expect((await round()).failed).toHaveLength(1);
    expect(queued()).toHaveLength(99);
    expect(cursor()).toBe(signatureNamed('t0'));

    chain.missing = () => false;
    await round();
    expect(queued().slice(99)).toEqual(mintsOf('t1'));
    expect(cursor()).toBe(signatureNamed('t99'));
  });

  it.each([
    { slots: 1_500, givenUp: 0 },
    { slots: 1_501, givenUp: 1 },
  ])(
    'gives up $givenUp transactions without a time that are $slots slots behind',
    async ({ slots, givenUp }) => {
      const { chain, round } = bench();
      chain.land(narrow.account, { ...landed('a', 1), blockTime: null });
      chain.land(narrow.account, landed('b', 1 + slots));
      chain.missing = (signature) => signature === signatureNamed('a');
      expect((await round()).givenUp).toBe(givenUp);
    },
  );

  it('gives up nothing because its own time is over', async () => {
    const stop = new AbortController();
    const { chain, round, cursor } = bench({}, [narrow], stop.signal);
    chain.land(narrow.account, landed('a', 1, { ageSeconds: 5_000 }));
    chain.fail = (method) => {
      if (method === 'transaction') stop.abort();
      if (method === 'transaction') down();
    };
    expect(await round()).toMatchObject({ givenUp: 0, failed: [{ account: narrow.account }] });
    expect(cursor()).toBeNull();
  });

  it('gives up no more than it asked for when the RPC fails for long', async () => {
    const { chain, round } = bench();
    for (let index = 0; index < 200; index += 1) {
      chain.land(narrow.account, landed(`t${index}`, index, { ageSeconds: 5_000 }));
    }
    chain.fail = (method) => method === 'transaction' && down();
    const { givenUp } = await round();
    expect(givenUp).toBeLessThan(10);
    expect(chain.calls.transaction).toBe(givenUp);
  });

  it('lets an account wait whose list fails, and goes on with the others', async () => {
    const { chain, round, queued, cursor } = bench({}, [narrow, program]);
    chain.land(narrow.account, landed('a', 1));
    chain.land(program.account, landed('b', 1));
    let lists = 0;
    chain.fail = (method) => {
      lists += method === 'list' ? 1 : 0;
      if (method === 'list' && lists === 1) down();
    };

    const tally = await round();

    expect(tally.failed).toMatchObject([
      { reason: expect.stringContaining('timed out') as string },
    ]);
    expect(queued()).toEqual(mintsOf('b'));
    await round();
    expect(queued()).toEqual(mintsOf('b', 'a'));
    expect(cursor()).toBe(signatureNamed('a'));
  });

  it('asks no further when the RPC fails', async () => {
    const { chain, round, cursor } = bench();
    for (let index = 0; index < 200; index += 1) {
      chain.land(narrow.account, landed(`t${index}`, index));
    }
    chain.fail = (method) => method === 'transaction' && down();
    const tally = await round();
    expect(tally.failed).toHaveLength(1);
    expect(chain.calls.transaction).toBeLessThan(10);
    expect(cursor()).toBeNull();
  });

  it('counts a transaction that it cannot make out, and passes it', async () => {
    const { chain, round, cursor } = bench();
    chain.land(narrow.account, { ...landed('a', 1), body: { hello: 1 } });
    expect(await round()).toMatchObject({ givenUp: 1, failed: [] });
    expect(cursor()).toBe(signatureNamed('a'));
  });
});

describe('sweep and the queue', () => {
  it('moves on only when the queue has accepted', async () => {
    const { chain, queue, round, queued, cursor } = bench();
    chain.land(narrow.account, landed('a', 1));
    queue.refuse = () => true;

    expect((await round()).failed).toMatchObject([
      { reason: expect.stringContaining('queue.refused') as string },
    ]);
    expect(cursor()).toBeNull();

    queue.refuse = () => false;
    await round();
    expect(queued()).toEqual(mintsOf('a'));
    expect(cursor()).toBe(signatureNamed('a'));
  });

  it('moves on past what the caps dropped, and counts it', async () => {
    const { chain, round, queued, cursor } = bench({ caps: memoryTokenCaps(1) });
    for (const name of ['a', 'b']) chain.land(narrow.account, landed(name, 1));
    expect(await round()).toMatchObject({ dropped: 1 });
    expect(queued()).toEqual(mintsOf('a'));
    expect(cursor()).toBe(signatureNamed('b'));
  });
});

describe('sweep and too much', () => {
  it('does not read the past when the node has forgotten the cursor', async () => {
    const { chain, cursors, round, queued } = bench();
    for (const [index, name] of ['past', 'seen', 'new'].entries()) {
      chain.land(narrow.account, landed(name, 10 + index));
    }
    cursors.at.set(narrow.account, { signature: signatureNamed('forked away'), slot: 11 });
    await round();
    expect(queued()).toEqual(mintsOf('seen', 'new'));
  });

  it.each([
    { count: 199, overrun: false },
    { count: 200, overrun: true },
  ])(
    'reads a program with $count transactions in full or not at all',
    async ({ count, overrun }) => {
      const { chain, round, queued, cursor } = bench({}, [program]);
      for (let index = 0; index < count; index += 1) {
        chain.land(program.account, landed(`t${index}`, index, { opens: index === 0 }));
      }
      const tally = await round();
      expect(tally.overrun).toEqual(overrun ? [program.account] : []);
      expect(queued()).toEqual(overrun ? [] : mintsOf('t0'));
      expect(chain.calls).toEqual({ list: 1, transaction: overrun ? 0 : count });
      expect(cursor(program)).toBe(signatureNamed(`t${count - 1}`));
    },
  );

  it('reads the newest 5,000 of a narrow account, and says that it skipped some', async () => {
    const { chain, round, cursor } = bench();
    chain.landed.set(
      narrow.account,
      Array.from({ length: 5_001 }, (_, index) => ({
        ...landed('any', index, { failed: true, opens: false }),
        signature: signatureNamed(`t${index}`),
      })),
    );
    expect((await round()).overrun).toEqual([narrow.account]);
    expect(chain.calls.list).toBe(5);
    expect(cursor()).toBe(signatureNamed('t5000'));
  });
});
