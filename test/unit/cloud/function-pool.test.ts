import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { CloudEvent } from '#infra/local/cloud/cloud-event.ts';
import type {
  EnvironmentAnswer,
  EnvironmentSignals,
  LambdaError,
} from '#infra/local/cloud/lambda/environment.ts';
import { type FunctionPool, functionPool } from '#infra/local/cloud/lambda/function-pool.ts';
import type { FunctionSpec } from '#infra/local/cloud/lambda/function-spec.ts';

/** An environment that does what the test says. */
type HandEnvironment = {
  readonly number: number;
  readonly signals: EnvironmentSignals;
  readonly got: string[];
  killed: boolean;
  /** Answers the invocation at hand, then asks for the next. */
  readonly answer: (answer: EnvironmentAnswer) => Promise<void>;
  readonly exit: (reason: string, initError?: LambdaError) => Promise<void>;
};

const spec: FunctionSpec = {
  logicalId: 'Fn',
  name: 'fn',
  functionName: 'fn',
  arn: 'arn:fn',
  directory: '/nowhere',
  handler: 'index.handler',
  environment: {},
  timeoutSeconds: 5,
  memoryMb: 128,
  reservedConcurrency: 2,
};

let environments: HandEnvironment[];
let events: CloudEvent[];
let pool: FunctionPool;

const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const at = (index: number): HandEnvironment => {
  const environment = environments[index];
  if (environment === undefined) throw new Error(`there is no environment ${index}`);
  return environment;
};

beforeEach(() => {
  vi.useFakeTimers();
  environments = [];
  events = [];
  pool = functionPool(
    spec,
    (signals) => {
      let settle: ((answer: EnvironmentAnswer) => void) | undefined;
      const hand: HandEnvironment = {
        number: environments.length,
        signals,
        got: [],
        killed: false,
        async answer(answer) {
          settle?.(answer);
          await settled();
          signals.onReady();
          await settled();
        },
        async exit(reason, initError) {
          settle?.({ kind: 'exit', reason });
          signals.onExit(reason, initError);
          await settled();
        },
      };
      environments.push(hand);
      return {
        invoke: ({ payload }) =>
          new Promise((resolve) => {
            hand.got.push(payload);
            settle = resolve;
          }),
        cpuMs: () => 3,
        async kill() {
          hand.killed = true;
          await hand.exit('signal: SIGKILL');
        },
      };
    },
    (event) => events.push(event),
  );
});
afterEach(() => {
  vi.useRealTimers();
});

const response = (payload: string): EnvironmentAnswer => ({ kind: 'response', payload });

describe('functionPool', () => {
  it('starts an environment for the first invocation and uses it again', async () => {
    const first = pool.invoke('1');
    at(0).signals.onReady();
    await settled();
    await at(0).answer(response('"a"'));
    const second = pool.invoke('2');
    await settled();
    await at(0).answer(response('"b"'));

    expect(await first).toMatchObject({ kind: 'response', payload: '"a"' });
    expect(await second).toMatchObject({ kind: 'response', payload: '"b"' });
    expect(environments).toHaveLength(1);
    expect(pool.stats()).toMatchObject({ invocations: 2, coldStarts: 1, errors: 0, cpuMs: 3 });
  });

  it('uses the environment that was used last', async () => {
    const both = [pool.invoke('1'), pool.invoke('2')];
    at(0).signals.onReady();
    at(1).signals.onReady();
    await settled();
    await at(1).answer(response('1'));
    await at(0).answer(response('1'));
    await Promise.all(both);

    void pool.invoke('3');
    await settled();

    expect(at(0).got).toEqual(['1', '3']);
    expect(at(1).got).toEqual(['2']);
  });

  it('gives waiting work to whichever environment is free first, and starts no more than it needs', async () => {
    const first = pool.invoke('1');
    at(0).signals.onReady();
    await settled();
    const second = pool.invoke('2');
    await settled();
    expect(environments).toHaveLength(2);

    await at(0).answer(response('1'));

    expect(at(0).got).toEqual(['1', '2']);
    at(1).signals.onReady();
    await settled();
    expect(at(1).got).toEqual([]);
    await at(0).answer(response('2'));
    await Promise.all([first, second]);
    expect(environments).toHaveLength(2);
  });

  it('refuses what exceeds the reserved concurrency', async () => {
    void pool.invoke('1');
    void pool.invoke('2');

    expect(await pool.invoke('3')).toEqual({ kind: 'throttled' });
    expect(pool.stats()).toMatchObject({ throttles: 1, invocations: 2, maxConcurrent: 2 });
    expect(events).toContainEqual({ type: 'throttle', function: 'fn' });
  });

  it('kills what runs into the timeout, counted from the delivery', async () => {
    const running = pool.invoke('1');
    await vi.advanceTimersByTimeAsync(9_000);
    at(0).signals.onReady();
    await vi.advanceTimersByTimeAsync(4_999);
    expect(at(0).killed).toBe(false);

    await vi.advanceTimersByTimeAsync(1);

    expect(at(0).killed).toBe(true);
    expect(await running).toMatchObject({
      kind: 'failed',
      cause: 'timeout',
      error: { errorType: 'Sandbox.Timedout' },
    });
    const outcome = await running;
    const told = outcome.kind === 'failed' ? outcome.error.errorMessage : '';
    expect(told).toMatch(/Task timed out after 5\.00 seconds$/);
    expect(pool.stats()).toMatchObject({ timeouts: 1, errors: 1, environments: 0 });
  });

  it('reports a crash, and replaces the environment for whoever waits', async () => {
    const first = pool.invoke('1');
    at(0).signals.onReady();
    await settled();
    await at(0).exit('exit status 1');

    expect(await first).toMatchObject({
      kind: 'failed',
      cause: 'crash',
      error: { errorType: 'Runtime.ExitError' },
    });
    const second = pool.invoke('2');
    at(1).signals.onReady();
    await settled();
    await at(1).answer(response('2'));
    expect(await second).toMatchObject({ kind: 'response' });
  });

  it('starts another when the environment dies between its answer and its next request', async () => {
    const first = pool.invoke('1');
    at(0).signals.onReady();
    await settled();
    const dying = at(0);
    const second = pool.invoke('2');
    at(1).signals.onReady();
    await settled();
    await dying.exit('exit status 9');
    await at(1).answer(response('2'));

    expect(await first).toMatchObject({ cause: 'crash' });
    expect(await second).toMatchObject({ kind: 'response' });
  });

  it('fails the invocation whose environment did not start, with the reason', async () => {
    const running = pool.invoke('1');
    await at(0).exit('exit status 1', { errorType: 'Boom', errorMessage: 'no config' });

    expect(await running).toMatchObject({
      kind: 'failed',
      cause: 'init',
      error: { errorType: 'Boom', errorMessage: 'no config' },
    });
    expect(environments).toHaveLength(1);
  });

  it('refuses an answer beyond 6 MB', async () => {
    const running = pool.invoke('1');
    at(0).signals.onReady();
    await settled();
    await at(0).answer(response('x'.repeat(6 * 1024 * 1024 + 1)));

    expect(await running).toMatchObject({
      kind: 'failed',
      error: { errorType: 'Function.ResponseSizeTooLarge' },
    });
  });

  it('warms up to the concurrency limit', async () => {
    const warming = pool.warm(9);
    expect(environments).toHaveLength(2);
    for (const { signals } of environments) signals.onReady();

    await warming;
    expect(pool.stats()).toMatchObject({ environments: 2, coldStarts: 2, invocations: 0 });
  });

  it('kills a busy environment, each only once', async () => {
    expect(pool.killBusy()).toBe(false);
    const running = pool.invoke('1');
    at(0).signals.onReady();
    await settled();

    expect(pool.killBusy()).toBe(true);
    expect(pool.killBusy()).toBe(false);
    expect(await running).toMatchObject({ cause: 'crash' });
  });

  it('ends everything when it stops, and takes nothing more', async () => {
    const waiting = pool.invoke('1');
    await pool.stop();

    expect(await waiting).toMatchObject({ kind: 'failed' });
    expect(environments.every(({ killed }) => killed)).toBe(true);
    expect(await pool.invoke('2')).toEqual({ kind: 'throttled' });
  });
});
