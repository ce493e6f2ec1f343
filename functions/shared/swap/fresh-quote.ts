import type { Clock } from '#shared/ports/clock.ts';
import type { Pause } from '#shared/ports/pause.ts';
import type { Quote, QuoteApi, QuoteRequest } from '#shared/ports/quote-api.ts';
import { type QuoteLimits, checkQuote } from './check-quote.ts';

export type FreshQuoteDeps = {
  readonly quotes: QuoteApi;
  readonly clock: Clock;
  readonly pause: Pause;
};

/** `quotedAt`: Unix milliseconds of the answer. */
export type FreshQuote =
  | { readonly kind: 'quoted'; readonly quote: Quote; readonly quotedAt: number }
  | {
      readonly kind: 'abandoned';
      readonly cause: 'quote-refused' | 'quote-unavailable';
      readonly reason: string;
    };

/** Longer than this the price that was decided on is gone, however fresh the decision may be. */
const PATIENCE_MS = 4_000;
const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 1_000;

/**
 * A quote that passed our checks. What may pass is asked again until `freshUntilMs` (Unix
 * milliseconds) or for four seconds, whichever ends first.
 */
export async function freshQuote(
  { quotes, clock, pause }: FreshQuoteDeps,
  request: QuoteRequest,
  plan: QuoteLimits,
  freshUntilMs: number,
  signal: AbortSignal,
): Promise<FreshQuote> {
  const giveUpAtMs = Math.min(freshUntilMs, clock.now() + PATIENCE_MS);
  for (let tries = 1; ; tries += 1) {
    const answer = await quotes.quote(request, signal);
    // Time is up for the invocation, not for the trade: its redelivery goes on with it.
    signal.throwIfAborted();
    const nowMs = clock.now();
    if (answer.kind === 'quoted') {
      const wrong = checkQuote(answer.quote, request, plan);
      if (wrong !== undefined) return { kind: 'abandoned', cause: 'quote-refused', reason: wrong };
      return { kind: 'quoted', quote: answer.quote, quotedAt: nowMs };
    }
    if (answer.kind === 'refused') {
      return { kind: 'abandoned', cause: 'quote-refused', reason: answer.reason };
    }
    const pauseMs = Math.max(
      answer.retryAfterMs ?? 0,
      Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1)),
    );
    if (nowMs + pauseMs >= giveUpAtMs) {
      return { kind: 'abandoned', cause: 'quote-unavailable', reason: answer.reason };
    }
    await pause(pauseMs, signal);
  }
}
