import { describe, expect, it } from 'vitest';

import { guardedClient, type UpstreamEvent } from '#shared/adapters/http/guarded-client.ts';
import type { JsonAnswer, JsonClient, JsonRequest } from '#shared/adapters/http/json-client.ts';
import { Fault, isFault } from '#shared/domain/fault.ts';
import { askingSignal } from '#shared/upstream/asking.ts';
import type { SharedBudget } from '#shared/upstream/shared-budget.ts';
import { virtualTime } from '../../support/virtual-time.ts';

const never = new AbortController().signal;
const OK: JsonAnswer = { status: 200, body: {}, retryAfterSeconds: undefined };
const down = () => new Fault('upstream.unavailable', { upstream: 'u', reason: 'timed out' });

type Answer = (request: JsonRequest, asked: number) => Promise<JsonAnswer>;

function setUp(answer: Answer, budget?: SharedBudget) {
  const time = virtualTime();
  const events: UpstreamEvent[] = [];
  const asked: JsonRequest[] = [];
  const client: JsonClient = {
    upstream: 'u',
    request: async (request) => {
      asked.push(request);
      return answer(request, asked.length);
    },
    close: async () => undefined,
  };
  const guarded = guardedClient(client, {
    clock: time,
    pause: time.pause,
    budget,
    onEvent: (event) => events.push(event),
  });
  const ask = async (signal = never, idempotent = true) =>
    guarded.request({ idempotent, signal }).catch((error: unknown) => error);
  return { time, events, asked, ask };
}

/** Answers after `ms`, or ends when the caller does. */
const after =
  (time: () => ReturnType<typeof virtualTime>, ms: number) =>
  async ({ signal }: JsonRequest): Promise<JsonAnswer> => {
    await time().pause(ms, signal);
    return OK;
  };

/** Eighty calls that take 20 ms each. */
async function settle(quick: ReturnType<typeof setUp>): Promise<void> {
  for (let call = 0; call < 80; call += 1) {
    const answer = quick.ask();
    await quick.time.run(20);
    await answer;
  }
  quick.asked.length = 0;
  quick.events.length = 0;
}

/** Every call takes 20 ms, but for the one that is made slow. */
function slowOnce(): ReturnType<typeof setUp> & { slow: (at: number) => void } {
  let slowAt = Infinity;
  const made: ReturnType<typeof setUp> = setUp(async (request) =>
    after(() => made.time, made.asked.length === slowAt ? 900 : 20)(request),
  );
  return { ...made, slow: (at) => (slowAt = at) };
}

const reasonIn = (error: unknown): string => (isFault(error) ? error.message : String(error));

describe('a guarded client', () => {
  it('leaves an upstream alone that failed four times, and lets one call try later', async () => {
    let broken = true;
    const { ask, asked, events, time } = setUp(async () => {
      if (broken) throw down();
      return OK;
    });
    for (let call = 0; call < 4; call += 1) expect(reasonIn(await ask())).toContain('timed out');
    expect(events).toEqual(['opened']);
    expect(reasonIn(await ask())).toContain('left alone');
    expect(asked).toHaveLength(4);
    await time.run(2_000);
    broken = false;
    expect(await ask()).toBe(OK);
    expect(await ask()).toBe(OK);
  });

  it.each([
    ['a server error', 500],
    ['a gateway without an upstream', 503],
  ])('takes %s for a failure', async (_what, status) => {
    const { ask, asked } = setUp(async () => ({ ...OK, status }));
    for (let call = 0; call < 6; call += 1) await ask();
    expect(asked).toHaveLength(4);
  });

  it.each([
    ['a refusal for its content', 400],
    ['not found', 404],
  ])('takes %s for an answer', async (_what, status) => {
    const { ask, asked } = setUp(async () => ({ ...OK, status }));
    for (let call = 0; call < 10; call += 1) await ask();
    expect(asked).toHaveLength(10);
  });

  it('learns nothing from calls that nobody waited for', async () => {
    const { ask, asked } = setUp(async ({ signal }) => {
      signal.throwIfAborted();
      return OK;
    });
    for (let call = 0; call < 6; call += 1) await ask(AbortSignal.abort(new Error('early')));
    await ask();
    expect(asked).toHaveLength(7);
  });

  it('is silent for as long as it was asked to, and no longer', async () => {
    const { ask, asked, events, time } = setUp(async (_request, count) =>
      count === 1 ? { ...OK, status: 429, retryAfterSeconds: 3 } : OK,
    );
    expect(await ask()).toMatchObject({ status: 429 });
    expect(events).toEqual(['throttled']);
    const patient = ask();
    await time.run(2_999);
    expect(asked).toHaveLength(1);
    await time.run(1);
    expect(await patient).toBe(OK);
  });

  it('fails a question at once that would have to be silent past its deadline', async () => {
    const { ask, asked, time } = setUp(async () => ({ ...OK, status: 429, retryAfterSeconds: 3 }));
    await ask();
    const deadlineMs = time.now() + 2_500;
    const question = askingSignal(never, { deadlineMs, onExtraRequest: () => undefined });
    const before = time.now();
    expect(reasonIn(await ask(question))).toContain('asked us to wait 3 s more');
    expect(time.now()).toBe(before);
    expect(asked).toHaveLength(1);
  });

  it('asks nothing without leave of the budget', async () => {
    let left = 1;
    const budget: SharedBudget = {
      takeNow: () => (left-- > 0 ? { answered: () => undefined } : undefined),
      take: async () => {
        throw new Fault('upstream.unavailable', { upstream: 'u', reason: 'budget' });
      },
    };
    const { ask, asked, events } = setUp(async () => OK, budget);
    expect(await ask()).toBe(OK);
    expect(reasonIn(await ask())).toContain('budget');
    expect(asked).toHaveLength(1);
    expect(events).toEqual(['throttled']);
    // The budget is ours: it opens no circuit.
    for (let call = 0; call < 10; call += 1) await ask();
    expect(events).not.toContain('opened');
  });

  describe('with an upstream that usually takes 20 ms', () => {
    it('asks a second time when the first is late, and takes the first answer', async () => {
      const made = slowOnce();
      await settle(made);
      made.slow(1);
      let extra = 0;
      const question = askingSignal(never, {
        deadlineMs: Infinity,
        onExtraRequest: () => {
          extra += 1;
        },
      });
      const answer = made.ask(question);
      await made.time.run(100);
      expect(await answer).toBe(OK);
      expect(made.asked).toHaveLength(2);
      expect(made.events).toEqual(['hedged']);
      expect(extra).toBe(1);
      // The slow one is not left running.
      expect(made.asked[0]?.signal.aborted).toBe(true);
    });

    it('asks once when the answer is there in time', async () => {
      const made = slowOnce();
      await settle(made);
      const answer = made.ask();
      await made.time.run(20);
      await answer;
      expect(made.asked).toHaveLength(1);
    });

    it('never sends twice what may not be sent twice', async () => {
      const made = slowOnce();
      await settle(made);
      made.slow(1);
      const answer = made.ask(never, false);
      await made.time.run(900);
      expect(await answer).toBe(OK);
      expect(made.asked).toHaveLength(1);
    });
  });

  it('gives a retry its own leave, and counts it', async () => {
    let extra = 0;
    const question = askingSignal(never, {
      deadlineMs: Infinity,
      onExtraRequest: () => {
        extra += 1;
      },
    });
    const { ask } = setUp(async ({ mayRetry }) => {
      expect(mayRetry?.()).toBe(true);
      return OK;
    });
    expect(await ask(question)).toBe(OK);
    expect(extra).toBe(1);
  });
});
