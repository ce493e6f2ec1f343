import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import type { Quote, QuoteAnswer, QuoteApi, QuoteRequest } from '#shared/ports/quote-api.ts';
import { testAddress } from './trades.ts';

export const testRequest = (over: Partial<QuoteRequest> = {}): QuoteRequest => ({
  inputMint: WRAPPED_SOL,
  outputMint: testAddress(1),
  amount: 100_000_000n,
  slippageBps: 300,
  ...over,
});

/** A quote that passes every check of `testPlan`. */
export const testQuote = (
  request: QuoteRequest = testRequest(),
  over: Partial<Quote> = {},
): Quote => ({
  inputMint: request.inputMint,
  outputMint: request.outputMint,
  inAmount: request.amount,
  outAmount: 16_239_400_281n,
  minOutAmount: 16_239_400_281n,
  slippageBps: 0,
  priceImpactBps: 220,
  feeBps: 10,
  networkLamports: 2_100_000n,
  router: 'metis',
  requestId: '01a11c56-cfde-72ec-a552-db4ef3aa8c67',
  transaction: null,
  lastValidBlockHeight: null,
  expireAt: null,
  ...over,
});

export const unavailable = (retryAfterMs?: number): QuoteAnswer => ({
  kind: 'unavailable',
  reason: 'HTTP 429',
  retryAfterMs,
});

/** Answers in turn; the last answer for ever. Remembers what it was asked. */
export function scriptedQuotes(
  ...answers: (QuoteAnswer | ((request: QuoteRequest) => QuoteAnswer))[]
): QuoteApi & { readonly asked: QuoteRequest[] } {
  const asked: QuoteRequest[] = [];
  return {
    asked,
    async quote(request) {
      const answer = answers[Math.min(asked.length, answers.length - 1)];
      asked.push(request);
      if (answer === undefined) throw new Error('no quote was expected');
      return typeof answer === 'function' ? answer(request) : answer;
    },
  };
}

export const goodQuote = (request: QuoteRequest): QuoteAnswer => ({
  kind: 'quoted',
  quote: testQuote(request),
});
