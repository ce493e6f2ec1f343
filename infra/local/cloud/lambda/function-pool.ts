import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';

import type { OnCloudEvent } from '../cloud-event.ts';
import type { Environment, LambdaError, StartEnvironment } from './environment.ts';
import { type FunctionSpec, concurrencyLimit } from './function-spec.ts';
import type { FunctionStats } from './function-stats.ts';
import { type InvocationOutcome, outcomeOf } from './invocation-outcome.ts';

/**
 * Time to start. Lambda gives 10 s, on a processor that a start has to itself; here twenty starts
 * may share one core.
 */
const INIT_LIMIT_MS = 60_000;
/** One Lambda function: its environments, and the rules by which they are used. */
export type FunctionPool = {
  readonly spec: FunctionSpec;
  /** Invokes and waits for the outcome. `payload` is JSON. */
  readonly invoke: (payload: string) => Promise<InvocationOutcome>;
  /** Starts environments ahead, until `count` are alive and have started. */
  readonly warm: (count: number) => Promise<void>;
  /** Kills an environment that is at work; `false` when none is. */
  readonly killBusy: () => boolean;
  readonly stats: () => FunctionStats;
  readonly stop: () => Promise<void>;
};

type Slot = {
  readonly environment: Environment;
  readonly startedAt: number;
  /** `dying`: at work and killed, its end not yet seen. */
  state: 'starting' | 'idle' | 'busy' | 'returning' | 'dying' | 'gone';
  initTimer: NodeJS.Timeout | undefined;
};

type Waiter = { readonly take: (slot: Slot) => void; readonly fail: (error: LambdaError) => void };

/**
 * Runs a function's invocations: reuses environments (the last used first), starts new ones when
 * all are busy, refuses beyond the concurrency limit, ends what runs into its timeout.
 */
export function functionPool(
  spec: FunctionSpec,
  start: StartEnvironment,
  onEvent: OnCloudEvent,
): FunctionPool {
  const slots = new Set<Slot>();
  const idle: Slot[] = [];
  const waiters: Waiter[] = [];
  const limit = concurrencyLimit(spec);
  const count = {
    invocations: 0,
    errors: 0,
    timeouts: 0,
    throttles: 0,
    coldStarts: 0,
    maxConcurrent: 0,
    cpuMs: 0,
    billedMs: 0,
  };
  const initMs: number[] = [];
  const onWarm = new Set<() => void>();
  let active = 0;
  let stopped = false;

  const inState = (...states: readonly Slot['state'][]): number =>
    [...slots].filter(({ state }) => states.includes(state)).length;

  /** Every waiting invocation has an environment on its way to it. */
  function ensureCapacity(): void {
    if (stopped) return;
    while (inState('starting', 'returning') < waiters.length) startSlot();
  }

  function startSlot(): void {
    const environment = start({
      onReady() {
        becomeReady(slot);
      },
      onExit(reason, initError) {
        leave(slot, reason, initError);
      },
    });
    const slot: Slot = {
      environment,
      startedAt: performance.now(),
      state: 'starting',
      initTimer: setTimeout(() => {
        void environment.kill();
      }, INIT_LIMIT_MS),
    };
    slots.add(slot);
  }

  function becomeReady(slot: Slot): void {
    if (slot.state === 'starting') {
      clearTimeout(slot.initTimer);
      const took = performance.now() - slot.startedAt;
      initMs.push(took);
      count.coldStarts += 1;
      count.billedMs += Math.ceil(took);
      onEvent({ type: 'coldStart', function: spec.name, initMs: took });
    }
    const waiter = waiters.shift();
    if (waiter === undefined) {
      slot.state = 'idle';
      idle.push(slot);
    } else {
      slot.state = 'busy';
      waiter.take(slot);
    }
    for (const check of onWarm) check();
  }

  function leave(slot: Slot, reason: string, initError: LambdaError | undefined): void {
    clearTimeout(slot.initTimer);
    slots.delete(slot);
    count.cpuMs += slot.environment.cpuMs();
    const position = idle.indexOf(slot);
    if (position >= 0) idle.splice(position, 1);
    const wasIdle = slot.state === 'idle' || slot.state === 'returning';
    const wasStarting = slot.state === 'starting';
    slot.state = 'gone';
    if (stopped) return;
    if (wasIdle || wasStarting)
      onEvent({
        type: 'crash',
        function: spec.name,
        requestId: undefined,
        reason:
          initError === undefined ? reason : `${initError.errorType}: ${initError.errorMessage}`,
      });
    // The invocation that this start was for fails with it, as a retried start would again.
    if (wasStarting && initError !== undefined) waiters.shift()?.fail(initError);
    ensureCapacity();
    for (const check of onWarm) check();
  }

  function acquire(): Promise<Slot | LambdaError> {
    const slot = idle.pop();
    if (slot !== undefined) {
      slot.state = 'busy';
      return Promise.resolve(slot);
    }
    return new Promise((resolve) => {
      waiters.push({ take: resolve, fail: resolve });
      ensureCapacity();
    });
  }

  async function run(slot: Slot, requestId: string, payload: string): Promise<InvocationOutcome> {
    const startedAt = performance.now();
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      void slot.environment.kill();
    }, spec.timeoutSeconds * 1_000);
    const answer = await slot.environment.invoke({
      requestId,
      payload,
      deadlineMs: Date.now() + spec.timeoutSeconds * 1_000,
      functionArn: spec.arn,
    });
    clearTimeout(timer);
    // Back only when it asks for more: until then nobody may get it.
    if (slots.has(slot) && slot.state === 'busy') slot.state = 'returning';
    count.billedMs += Math.ceil(performance.now() - startedAt);
    if (timedOut && answer.kind === 'exit') count.timeouts += 1;
    return outcomeOf(spec, requestId, answer, timedOut, onEvent);
  }

  return {
    spec,
    async invoke(payload) {
      const requestId = randomUUID();
      if (active >= limit || stopped) {
        count.throttles += 1;
        onEvent({ type: 'throttle', function: spec.name });
        return { kind: 'throttled' };
      }
      active += 1;
      count.invocations += 1;
      count.maxConcurrent = Math.max(count.maxConcurrent, active);
      try {
        const slot = await acquire();
        const outcome: InvocationOutcome =
          'environment' in slot
            ? await run(slot, requestId, payload)
            : { kind: 'failed', requestId, cause: 'init', error: slot };
        if (outcome.kind === 'failed') count.errors += 1;
        return outcome;
      } finally {
        active -= 1;
      }
    },
    async warm(wanted) {
      const target = Math.min(wanted, limit);
      while (slots.size < target) startSlot();
      await new Promise<void>((resolve) => {
        const check = (): void => {
          // An environment that failed to start is gone, and is not waited for.
          if (inState('starting') > 0 && !stopped) return;
          onWarm.delete(check);
          resolve();
        };
        onWarm.add(check);
        check();
      });
    },
    killBusy() {
      const busy = [...slots].find(({ state }) => state === 'busy');
      if (busy === undefined) return false;
      busy.state = 'dying';
      void busy.environment.kill();
      return true;
    },
    stats: () => ({
      ...count,
      environments: slots.size,
      cpuMs: [...slots].reduce((sum, slot) => sum + slot.environment.cpuMs(), count.cpuMs),
      initMs: [...initMs],
    }),
    async stop() {
      stopped = true;
      const stoppedError = { errorType: 'Runtime.Stopped', errorMessage: 'the local cloud stops' };
      for (const { fail } of waiters.splice(0)) fail(stoppedError);
      await Promise.all([...slots].map(({ environment }) => environment.kill()));
      for (const check of onWarm) check();
    },
  };
}
