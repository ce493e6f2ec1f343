import type { OnCloudEvent } from '../cloud-event.ts';
import type { EnvironmentAnswer, LambdaError } from './environment.ts';
import type { FunctionSpec } from './function-spec.ts';

/** Largest request and response of a synchronous invocation. Source: Lambda quotas. */
export const PAYLOAD_LIMIT_BYTES = 6 * 1024 * 1024;

/** What came of one invocation. */
export type InvocationOutcome =
  | { readonly kind: 'response'; readonly requestId: string; readonly payload: string }
  | {
      readonly kind: 'failed';
      readonly requestId: string;
      /** `error`: the handler threw. The others: its environment is lost. */
      readonly cause: 'error' | 'timeout' | 'crash' | 'init';
      readonly error: LambdaError;
    }
  /** Refused: the concurrency limit is reached. Nothing ran. */
  | { readonly kind: 'throttled' };

/**
 * The outcome of an invocation from what its environment answered, in the words of Lambda; events
 * tell of all that is no response.
 */
export function outcomeOf(
  { name, timeoutSeconds }: FunctionSpec,
  requestId: string,
  answer: EnvironmentAnswer,
  timedOut: boolean,
  onEvent: OnCloudEvent,
): InvocationOutcome {
  function handled(error: LambdaError): InvocationOutcome {
    onEvent({ type: 'functionError', function: name, requestId, ...error });
    return { kind: 'failed', requestId, cause: 'error', error };
  }

  switch (answer.kind) {
    case 'response': {
      const { payload } = answer;
      if (Buffer.byteLength(payload) <= PAYLOAD_LIMIT_BYTES)
        return { kind: 'response', requestId, payload };
      const errorMessage = `Response payload size exceeded maximum allowed payload size (${PAYLOAD_LIMIT_BYTES} bytes).`;
      return handled({ errorType: 'Function.ResponseSizeTooLarge', errorMessage });
    }
    case 'error':
      return handled(answer.error);
    case 'exit': {
      if (timedOut) {
        onEvent({ type: 'timeout', function: name, requestId, timeoutSeconds });
        const errorMessage = `${new Date().toISOString()} ${requestId} Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
        const error = { errorType: 'Sandbox.Timedout', errorMessage };
        return { kind: 'failed', requestId, cause: 'timeout', error };
      }
      const { reason } = answer;
      onEvent({ type: 'crash', function: name, requestId, reason });
      const errorMessage = `RequestId: ${requestId} Error: Runtime exited with error: ${reason}`;
      const error = { errorType: 'Runtime.ExitError', errorMessage };
      return { kind: 'failed', requestId, cause: 'crash', error };
    }
  }
}
