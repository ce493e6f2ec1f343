/** Kept back from each invocation so that what was decided still gets stored and answered. */
export const RESPONSE_RESERVE_MS = 1_500;

/** What a handler needs of Lambda's context. */
export type RemainingTime = { readonly getRemainingTimeInMillis: () => number };

/** Aborts `reserveMs` before Lambda would end the invocation. */
export const deadlineSignal = (
  context: RemainingTime,
  reserveMs: number = RESPONSE_RESERVE_MS,
): AbortSignal => AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - reserveMs));
