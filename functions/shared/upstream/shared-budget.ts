import { Fault, reasonOf } from '../domain/fault.ts';
import type { BudgetStore } from '../ports/budget-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Pause } from '../ports/pause.ts';
import { budgetShape, grantBudget } from './budget-ledger.ts';
import { requestWindow } from './request-window.ts';

export type SharedBudgetOptions = {
  readonly upstream: string;
  readonly requestsPerSecond: number;
  /** Holders that share it, at most: the analyzers at work. */
  readonly members: number;
  /** Name of this holder, like no other's. */
  readonly holder: string;
};

export type SharedBudgetDeps = {
  readonly store: BudgetStore;
  readonly clock: Clock;
  readonly pause: Pause;
};

/** Leave for one request, to be made at once. */
export type RequestLeave = {
  /** To be called when its answer is there: the sooner, the less it counts. */
  readonly answered: () => void;
};

/** This process's part of an upstream's budget. */
export type SharedBudget = {
  /** Leave for one request if there is one at this moment. */
  readonly takeNow: () => RequestLeave | undefined;
  /**
   * Waits for leave for one request.
   * @throws {Fault} `upstream.unavailable` with the reason `budget…` when there is none before the
   * deadline, as soon as that is certain. Rejects with the signal's reason when it aborts.
   */
  readonly take: (signal: AbortSignal, deadlineMs: number) => Promise<RequestLeave>;
};

const LEASE_MS = 20_000;
/** A lease is renewed by the first request after about this time. */
const RENEW_MS = 12_000;
/** Who holds more than the guaranteed part looks this often whether others lack theirs. */
const CHECK_MS = 3_000;
/** Pause between two tries to get more. */
const GROW_MS = 400;
/** By how much more is asked for than was used, when there was too little. */
const GROWTH = 1.5;
const STARVED_POLL_MS = 250;
const MAX_CONFLICTS = 6;
const CONFLICT_MS = 30;
const NEVER = new AbortController().signal;
/** A clock this close to the store's is left as it is: the store's may show whole seconds only. */
const CLOCK_ERROR_MS = 1_000;

type Lease = {
  readonly units: number;
  /** By this process's own clock. */
  readonly askedMs: number;
  readonly endMs: number;
  readonly renewMs: number;
  readonly checkMs: number;
  readonly spare: number;
};

const NO_LEASE: Lease = {
  units: 0,
  askedMs: -Infinity,
  endMs: -Infinity,
  renewMs: -Infinity,
  checkMs: -Infinity,
  spare: 0,
};

/**
 * A lease of so many requests within any window, kept by counting one's own: all leases together
 * make the budget, so no clock needs to be right and no request needs the table. A lease ends by
 * itself when its holder is gone.
 */
export function sharedBudget(
  { upstream, requestsPerSecond, members, holder }: SharedBudgetOptions,
  { store, clock, pause }: SharedBudgetDeps,
): SharedBudget {
  const shape = budgetShape(requestsPerSecond, members);
  const requests = requestWindow(shape.windowMs);
  let lease = NO_LEASE;
  let waiting = 0;
  let peak = 0;
  let renewing: Promise<void> | undefined;
  let trouble = '';
  const turn = turnsOf(holder);
  let growMs = GROW_MS;

  const usedUp = (): Fault => {
    const reason = `budget of ${requestsPerSecond} requests a second is used up${trouble}`;
    return new Fault('upstream.unavailable', { upstream, reason });
  };

  /** One agreement with the others; asks again when somebody else was faster. */
  const agree = async (wanted: number): Promise<Lease> => {
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
      // Those who met once meet again, unless each waits for a time of its own.
      if (conflicts > 0) await pause(1 + turn() * CONFLICT_MS * 2 ** conflicts, NEVER);
      // Before the reading: the lease ends for us no later than for anybody else.
      const askedMs = clock.now();
      const read = await store.read(upstream);
      const nowMs = Math.abs(read.nowMs - askedMs) <= CLOCK_ERROR_MS ? askedMs : read.nowMs;
      const ask = { holder, wanted, nowMs, leaseMs: LEASE_MS };
      const { units, spare, ledger } = grantBudget(read.ledger, shape, ask);
      const checkMs = askedMs + CHECK_MS;
      const same = units === lease.units && askedMs < lease.endMs;
      // Not worth a write: as it was, and not due.
      if (same && askedMs < lease.renewMs) return { ...lease, askedMs, checkMs, spare };
      const written = same
        ? await store.extend(upstream, holder, { units, untilMs: nowMs + LEASE_MS })
        : await store.write(upstream, read, ledger);
      if (written === 'conflict') continue;
      const renewMs = askedMs + RENEW_MS * (0.75 + turn() / 2);
      return { units, askedMs, endMs: askedMs + LEASE_MS, renewMs, checkMs, spare };
    }
    throw new Fault('upstream.unavailable', { upstream, reason: 'too many agree at once' });
  };

  /** Never rejects: without an answer the lease stays, but for what others may have been given. */
  const renew = async (): Promise<void> => {
    // What is held is given up at a renewal only: back and forth would cost a write each time.
    const kept = clock.now() < lease.renewMs ? lease.units : shape.guaranteed;
    const used = waiting === 0 ? peak : Math.ceil(peak * GROWTH) + waiting;
    const wanted = Math.min(shape.units, Math.max(kept, shape.guaranteed, used));
    peak = 0;
    growMs = GROW_MS * (1 + turn());
    try {
      lease = await agree(wanted);
      trouble = '';
    } catch (error) {
      trouble = `: ${reasonOf(error).slice(0, 60)}`;
      const askedMs = clock.now();
      const units = Math.min(lease.units, shape.guaranteed);
      lease = { ...lease, units, askedMs, renewMs: askedMs + GROW_MS, checkMs: askedMs + GROW_MS };
    } finally {
      renewing = undefined;
    }
  };
  const renewed = async (): Promise<void> => (renewing ??= renew());

  /** While a renewal is under way, others may already have been given what is above our part. */
  const usable = (): number =>
    renewing === undefined ? lease.units : Math.min(lease.units, shape.guaranteed);

  const takeNow = (): RequestLeave | undefined => {
    const nowMs = clock.now();
    if (nowMs >= lease.endMs || requests.within(nowMs) >= usable()) return undefined;
    const request = requests.add(nowMs);
    peak = Math.max(peak, requests.within(nowMs));
    // In the background: this request has its leave.
    if (nowMs >= (lease.units > shape.guaranteed ? lease.checkMs : lease.renewMs)) void renewed();
    return { answered: () => requests.answered(request, clock.now()) };
  };

  /** When to look again: after asking the store where that may help, or by the clock alone. */
  const nextMs = (nowMs: number): number | 'ask' => {
    const sinceAsked = nowMs - lease.askedMs;
    if (nowMs >= lease.endMs || lease.units === 0) {
      return sinceAsked >= STARVED_POLL_MS ? 'ask' : lease.askedMs + STARVED_POLL_MS;
    }
    if (lease.spare > 0 && sinceAsked >= growMs) return 'ask';
    return requests.freeAtMs(usable(), nowMs);
  };

  return {
    takeNow,
    async take(signal, deadlineMs) {
      const leave = takeNow();
      if (leave !== undefined) return leave;
      waiting += 1;
      try {
        for (;;) {
          const nowMs = clock.now();
          const next = nextMs(nowMs);
          if (next === 'ask') await untilAborted(renewed(), signal);
          else if (next > deadlineMs) throw usedUp();
          else await pause(Math.max(1, next - nowMs), signal);
          const late = takeNow();
          if (late !== undefined) return late;
        }
      } finally {
        waiting -= 1;
      }
    },
  };
}

/** Numbers of 0..1 that look random, others for each holder (Lehmer's generator, Park and Miller). */
function turnsOf(holder: string): () => number {
  let state = 7;
  for (let at = 0; at < holder.length; at += 1) {
    state = (state * 31 + holder.charCodeAt(at)) % 2_147_483_647;
  }
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
