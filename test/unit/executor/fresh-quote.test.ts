import { describe, expect, it } from 'vitest';

import { freshQuote } from '#shared/swap/fresh-quote.ts';
import type { QuoteApi } from '#shared/ports/quote-api.ts';
import { type HandClock, handClock } from '../../support/hand-clock.ts';
import { goodQuote, scriptedQuotes, testRequest, unavailable } from '../../support/quotes.ts';
import { NOON, testPlan } from '../../support/trades.ts';

const { signal } = new AbortController();
const ask = async (quotes: QuoteApi, clock: HandClock, freshUntilMs = NOON + 20_000) =>
  freshQuote(
    { quotes, clock, pause: clock.pause },
    testRequest(),
    testPlan(),
    freshUntilMs,
    signal,
  );

describe('a fresh quote', () => {
  it('is asked for once when the answer is good', async () => {
    const quotes = scriptedQuotes(goodQuote);
    const clock = handClock();
    expect(await ask(quotes, clock)).toMatchObject({ kind: 'quoted', quotedAt: NOON + 200 });
    expect(quotes.asked).toEqual([testRequest()]);
  });

  it('is asked for again while the trouble may pass', async () => {
    const quotes = scriptedQuotes(unavailable(), unavailable(), goodQuote);
    const clock = handClock();
    expect(await ask(quotes, clock)).toMatchObject({ kind: 'quoted', quotedAt: NOON + 650 });
    expect(quotes.asked).toHaveLength(3);
  });

  it('is given up after four seconds of trouble, though the decision is fresh', async () => {
    const quotes = scriptedQuotes(unavailable());
    const clock = handClock();
    expect(await ask(quotes, clock)).toEqual({
      kind: 'abandoned',
      cause: 'quote-unavailable',
      reason: 'HTTP 429',
    });
    expect(clock.now()).toBeLessThan(NOON + 200 + 4_000);
    expect(quotes.asked.length).toBeGreaterThan(4);
  });

  it('is given up when the decision gets old before', async () => {
    const quotes = scriptedQuotes(unavailable());
    const clock = handClock();
    expect(await ask(quotes, clock, NOON + 600)).toMatchObject({ cause: 'quote-unavailable' });
    expect(clock.now()).toBeLessThan(NOON + 600);
  });

  it('waits as long as it is asked to', async () => {
    const quotes = scriptedQuotes(unavailable(2_000), goodQuote);
    const clock = handClock();
    expect(await ask(quotes, clock)).toMatchObject({ kind: 'quoted', quotedAt: NOON + 2_200 });
  });

  it('does not wait for longer than it has patience', async () => {
    const quotes = scriptedQuotes(unavailable(60_000), goodQuote);
    const clock = handClock();
    expect(await ask(quotes, clock)).toMatchObject({ cause: 'quote-unavailable' });
    expect(clock.now()).toBe(NOON + 200);
  });

  it('is not asked for again when the router refuses', async () => {
    const quotes = scriptedQuotes({ kind: 'refused', reason: 'Could not find any route' });
    expect(await ask(quotes, handClock())).toEqual({
      kind: 'abandoned',
      cause: 'quote-refused',
      reason: 'Could not find any route',
    });
    expect(quotes.asked).toHaveLength(1);
  });

  it('is refused when the quote is not what was asked for', async () => {
    const quotes = scriptedQuotes((request) => goodQuote({ ...request, amount: 1n }));
    expect(await ask(quotes, handClock())).toMatchObject({
      kind: 'abandoned',
      cause: 'quote-refused',
      reason: 'it spends 1, not 100000000',
    });
  });

  it('leaves the trade to its redelivery when the invocation runs out of time', async () => {
    const controller = new AbortController();
    const clock = handClock();
    const quotes: QuoteApi = {
      async quote() {
        controller.abort();
        // Patience has run out as well, but that is not why there is no quote.
        clock.advance(10_000);
        return unavailable();
      },
    };
    await expect(
      freshQuote(
        { quotes, clock, pause: clock.pause },
        testRequest(),
        testPlan(),
        NOON + 20_000,
        controller.signal,
      ),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});
