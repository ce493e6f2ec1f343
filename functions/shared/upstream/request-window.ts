/** One request that was made. */
export type CountedRequest = {
  readonly madeMs: number;
  /** When it counts no longer. */
  freeMs: number;
};

/** Requests of one process, as its upstream counts them: by when they arrive there. */
export type RequestWindow = {
  /** Requests that still count. */
  readonly within: (nowMs: number) => number;
  readonly add: (nowMs: number) => CountedRequest;
  readonly answered: (request: CountedRequest, nowMs: number) => void;
  /** The soonest that fewer than `limit` may count. */
  readonly freeAtMs: (limit: number, nowMs: number) => number;
};

/** A request that was under way for longer has waited at the other side, not on the way to it. */
const MAX_DELAY_MS = 500;
/** Clocks show whole milliseconds, and timers are not exact. */
const ROUNDING_MS = 5;
/** Pause before looking again when only an answer can tell more. */
const LOOK_AGAIN_MS = 20;

/**
 * Two requests that leave a window apart may arrive closer to each other, when the first was
 * delayed on its way. By its answer it had arrived for certain: so that is when its window begins.
 */
export function requestWindow(windowMs: number): RequestWindow {
  let counted: CountedRequest[] = [];
  return {
    within(nowMs) {
      if (counted.some(({ freeMs }) => freeMs <= nowMs)) {
        counted = counted.filter(({ freeMs }) => freeMs > nowMs);
      }
      return counted.length;
    },
    add(madeMs) {
      const request = { madeMs, freeMs: madeMs + MAX_DELAY_MS + windowMs };
      counted.push(request);
      return request;
    },
    answered(request, nowMs) {
      const tookMs = Math.max(0, nowMs - request.madeMs);
      request.freeMs = request.madeMs + Math.min(tookMs + ROUNDING_MS, MAX_DELAY_MS) + windowMs;
    },
    freeAtMs(limit, nowMs) {
      // All that count hold a place; when `limit` shrank, more than one has to become free.
      const free = counted.map(({ madeMs, freeMs }) =>
        Math.min(freeMs, madeMs + ROUNDING_MS + windowMs),
      );
      const soonest = free.sort((a, b) => a - b)[counted.length - limit] ?? nowMs;
      return soonest > nowMs ? soonest : nowMs + LOOK_AGAIN_MS;
    },
  };
}
