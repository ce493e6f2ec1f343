import type { SignedAttempt } from '../domain/signed-attempt.ts';

/** Takes signed orders back to the router that built them. */
export type OrderExecutor = {
  /**
   * Posts the same bytes; safe to repeat. `again`: worth another post. `refused`: this router will
   * not send it, which says nothing about the chain. Never throws.
   */
  readonly execute: (
    attempt: Pick<SignedAttempt, 'transaction' | 'requestId'>,
    signal: AbortSignal,
  ) => Promise<{ readonly kind: 'again' | 'refused'; readonly reason: string }>;
};
