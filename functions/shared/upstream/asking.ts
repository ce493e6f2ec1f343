/** What those who answer a question may need to know about it. */
export type Asking = {
  /** Unix milliseconds after which nobody waits for the answer. */
  readonly deadlineMs: number;
  /** Called for each request beyond the first that the question costs. */
  readonly onExtraRequest: () => void;
};

const askings = new WeakMap<AbortSignal, Asking>();

/**
 * A signal that ends with `signal` and carries the question along: it goes through the ports
 * unchanged, and only the client at the far end looks at it.
 */
export function askingSignal(signal: AbortSignal, asking: Asking): AbortSignal {
  const own = AbortSignal.any([signal]);
  askings.set(own, asking);
  return own;
}

const UNKNOWN: Asking = { deadlineMs: Infinity, onExtraRequest: () => undefined };

/** The question behind a signal; one without an end where nobody said. */
export const askingOf = (signal: AbortSignal): Asking => askings.get(signal) ?? UNKNOWN;
