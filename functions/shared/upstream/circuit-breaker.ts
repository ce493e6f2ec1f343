export type CircuitBreakerOptions = {
  /** Calls that fail one after the other until it opens. */
  readonly failuresToOpen: number;
  /** Time without calls after it opened; doubled each time that the trial fails too, up to `maxOpenMs`. */
  readonly openMs: number;
  readonly maxOpenMs: number;
};

/** Leave to make a call. Calls of one closed spell share theirs; a trial has one of its own. */
export type Permit = { readonly kind: 'closed' | 'trial' };

/** `neutral`: the call ended for a reason that says nothing about the upstream. */
export type CallOutcome = 'good' | 'bad' | 'neutral';

type State =
  | { readonly kind: 'closed'; readonly permit: Permit; readonly failures: number }
  | { readonly kind: 'open'; readonly untilMs: number; readonly openMs: number }
  | { readonly kind: 'trial'; readonly permit: Permit; readonly openMs: number };

export type CircuitBreaker = {
  /** Leave for one call, or undefined: the upstream is left alone. Each leave is to be settled. */
  readonly admit: (nowMs: number) => Permit | undefined;
  /** What became of the call; true when this opened the circuit. */
  readonly settle: (permit: Permit, outcome: CallOutcome, nowMs: number) => boolean;
};

const closed = (): State => ({ kind: 'closed', permit: { kind: 'closed' }, failures: 0 });

/**
 * Leaves an upstream alone that has failed several times in a row, and then lets a single call
 * try (half-open): its success closes the circuit, its failure opens it for longer. What calls of
 * an earlier spell report afterwards changes nothing.
 */
export function circuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  let state: State = closed();

  const open = (openMs: number, nowMs: number): true => {
    state = { kind: 'open', untilMs: nowMs + openMs, openMs };
    return true;
  };

  return {
    admit(nowMs) {
      if (state.kind === 'closed') return state.permit;
      if (state.kind === 'trial' || nowMs < state.untilMs) return undefined;
      const permit: Permit = { kind: 'trial' };
      state = { kind: 'trial', permit, openMs: state.openMs };
      return permit;
    },

    settle(permit, outcome, nowMs) {
      if (state.kind === 'open' || state.permit !== permit) return false;
      if (state.kind === 'trial') {
        const { openMs } = state;
        if (outcome === 'bad') return open(Math.min(openMs * 2, options.maxOpenMs), nowMs);
        // Of nothing learned: the next call is the trial.
        state = outcome === 'good' ? closed() : { kind: 'open', untilMs: nowMs, openMs };
        return false;
      }
      if (outcome === 'neutral') return false;
      const failures = outcome === 'good' ? 0 : state.failures + 1;
      if (failures >= options.failuresToOpen) return open(options.openMs, nowMs);
      if (failures !== state.failures) state = { ...state, failures };
      return false;
    },
  };
}
