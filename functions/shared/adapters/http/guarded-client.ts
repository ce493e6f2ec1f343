import { Fault, isFault } from '../../domain/fault.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Pause } from '../../ports/pause.ts';
import { type Asking, askingOf } from '../../upstream/asking.ts';
import { type CallOutcome, circuitBreaker } from '../../upstream/circuit-breaker.ts';
import { hedgePolicy } from '../../upstream/hedge-policy.ts';
import { quietPeriod } from '../../upstream/quiet-period.ts';
import type { RequestLeave, SharedBudget } from '../../upstream/shared-budget.ts';
import type { JsonAnswer, JsonClient, JsonRequest } from './json-client.ts';

/** `throttled`: the upstream or its budget refused; `opened`: its circuit; `hedged`: one more request. */
export type UpstreamEvent = 'throttled' | 'opened' | 'hedged';

export type GuardDeps = {
  readonly clock: Clock;
  readonly pause: Pause;
  /** Left out: as many requests as we like. */
  readonly budget?: SharedBudget | undefined;
  readonly onEvent: (event: UpstreamEvent, upstream: string) => void;
};

/** Four in a row are no chance; two seconds are some ten tokens for one analyzer. */
const BREAKER = { failuresToOpen: 4, openMs: 2_000, maxOpenMs: 30_000 };
const QUIET = { backoffMs: 1_000, maxBackoffMs: 30_000, maxQuietMs: 900_000 };
const HEDGES = { share: 0.05, maxSaved: 2, minAnswers: 30 };

/** Without a budget, nobody counts. */
const FREE: RequestLeave = { answered: () => undefined };

const TOO_MANY_REQUESTS = 429;
const SERVICE_UNAVAILABLE = 503;

/**
 * A client that spares its upstream and us: within the shared budget, silent while the upstream
 * asks for it, not at all while its circuit is open, and with a second request for a read that
 * takes longer than usual. A question that would have to wait past its deadline fails at once.
 */
export function guardedClient(client: JsonClient, deps: GuardDeps): JsonClient {
  const { upstream } = client;
  const { clock, pause, budget, onEvent } = deps;
  const breaker = circuitBreaker(BREAKER);
  const quiet = quietPeriod(QUIET);
  const hedges = hedgePolicy(HEDGES);

  const throttled = (): void => onEvent('throttled', upstream);

  const isQuiet = (): boolean => clock.now() < quiet.untilMs();

  const untilLoud = async (signal: AbortSignal, deadlineMs: number): Promise<void> => {
    while (isQuiet()) {
      const waitMs = quiet.untilMs() - clock.now();
      if (quiet.untilMs() > deadlineMs) {
        throttled();
        const reason = `asked us to wait ${Math.ceil(waitMs / 1_000)} s more`;
        throw new Fault('upstream.refused', { upstream, status: TOO_MANY_REQUESTS, reason });
      }
      await pause(waitMs, signal);
    }
  };

  /** Waits until a request may be made. */
  const leaveOf = async (signal: AbortSignal, { deadlineMs }: Asking): Promise<RequestLeave> => {
    for (;;) {
      await untilLoud(signal, deadlineMs);
      if (budget === undefined) return FREE;
      const leave = budget.takeNow() ?? (await waited(budget, signal, deadlineMs));
      // Somebody else may have been told to wait while this one waited.
      if (!isQuiet()) return leave;
    }
  };
  const waited = async (from: SharedBudget, signal: AbortSignal, deadlineMs: number) => {
    try {
      return await from.take(signal, deadlineMs);
    } catch (error) {
      if (!signal.aborted) throttled();
      throw error;
    }
  };

  /** Leave for one request more than the question was to cost, if there is one right now. */
  const extraLeave = ({ onExtraRequest }: Asking): RequestLeave | undefined => {
    const leave = isQuiet() ? undefined : budget === undefined ? FREE : budget.takeNow();
    if (leave !== undefined) onExtraRequest();
    return leave;
  };
  const hedgeLeave = (asking: Asking): RequestLeave | undefined => {
    const leave = hedges.hedged() ? extraLeave(asking) : undefined;
    if (leave !== undefined) onEvent('hedged', upstream);
    return leave;
  };

  const send: Send = async (request, leave) => {
    const answer = await client.request(request);
    leave.answered();
    return answer;
  };

  const ask = async (
    request: JsonRequest,
    leave: RequestLeave,
    asking: Asking,
  ): Promise<JsonAnswer> => {
    const { kind = '', idempotent } = request;
    const startedMs = clock.now();
    const slowMs = idempotent ? hedges.asked(kind) : undefined;
    const careful = { ...request, mayRetry: () => extraLeave(asking) !== undefined };
    const answer = await (slowMs === undefined
      ? send(careful, leave)
      : fastestOf(careful, leave, { slowMs, pause, send, another: () => hedgeLeave(asking) }));
    hedges.answered(kind, clock.now() - startedMs);
    return answer;
  };

  /** Takes note of an answer; what the circuit learns from it. */
  const noted = ({ status, retryAfterSeconds }: JsonAnswer): CallOutcome => {
    const silenced = status === SERVICE_UNAVAILABLE && retryAfterSeconds !== undefined;
    if (status === TOO_MANY_REQUESTS || silenced) {
      quiet.refused(retryAfterSeconds, clock.now());
      throttled();
      return 'neutral';
    }
    if (status >= 500) return 'bad';
    quiet.answered();
    return 'good';
  };

  return {
    upstream,
    close: client.close,
    async request(request) {
      const permit = breaker.admit(clock.now());
      if (permit === undefined) {
        throw new Fault('upstream.unavailable', {
          upstream,
          reason: 'left alone: it kept failing',
        });
      }
      const settle = (outcome: CallOutcome): void => {
        if (breaker.settle(permit, outcome, clock.now())) onEvent('opened', upstream);
      };
      const asking = askingOf(request.signal);
      let asked = false;
      try {
        const leave = await leaveOf(request.signal, asking);
        asked = true;
        const answer = await ask(request, leave, asking);
        settle(noted(answer));
        return answer;
      } catch (error) {
        settle(asked && !request.signal.aborted ? 'bad' : 'neutral');
        throw asFault(error, upstream);
      }
    },
  };
}

type Send = (request: JsonRequest, leave: RequestLeave) => Promise<JsonAnswer>;

type Hedge = {
  readonly slowMs: number;
  readonly pause: Pause;
  readonly send: Send;
  /** Leave for the second request, or undefined: there is to be none. */
  readonly another: () => RequestLeave | undefined;
};

/** One request, and a second one when the first takes longer than usual; the slower one is ended. */
async function fastestOf(
  request: JsonRequest,
  leave: RequestLeave,
  { slowMs, pause, send, another }: Hedge,
): Promise<JsonAnswer> {
  const done = new AbortController();
  const signal = AbortSignal.any([request.signal, done.signal]);
  const first = send({ ...request, signal }, leave);
  const slow = pause(slowMs, signal).then(
    () => 'slow' as const,
    // The end of the waiting, not of the request: that speaks for itself.
    () => first,
  );
  try {
    const answer = await Promise.race([first, slow]);
    if (answer !== 'slow') return answer;
    const second = another();
    if (second === undefined) return await first;
    return await firstToAnswer([first, send({ ...request, signal }, second)]);
  } finally {
    done.abort();
  }
}

/** The first answer; the first one's failure when both fail. */
async function firstToAnswer(requests: readonly Promise<JsonAnswer>[]): Promise<JsonAnswer> {
  try {
    return await Promise.any(requests);
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}

function asFault(error: unknown, upstream: string): Fault {
  if (isFault(error)) return error;
  return new Fault('upstream.unavailable', { upstream, reason: 'timed out' }, { cause: error });
}
