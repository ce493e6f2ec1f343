import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { pageAssets } from '#cli/page/page-assets.ts';
import { pageRoutes } from '#cli/page/page-routes.ts';
import { type PageServer, startPageServer } from '#cli/page/page-server.ts';
import type { FeedRow } from '#cli/page/protocol.ts';
import { chromiumPath, startChromium } from '../../support/chromium.ts';

const COUNT = 100_000;
const now = Date.now();
/** One each second or so, newest first. */
const rows: FeedRow[] = Array.from({ length: COUNT }, (_, n) => ({
  mint: `1nt${n}`,
  pool: `p00${n}`,
  look: 1,
  verdict: n % 10 === 0 ? 'BUY' : 'SKIP',
  score: n % 10 === 0 ? 70 : 0,
  coverage: 1,
  symbol: `S${n}`,
  venue: n % 2 === 0 ? 'pump-fun' : 'pump-swap',
  reasons: ['top-holders: the ten largest have 9000 bps'],
  refusedBy: n % 10 === 0 ? null : 'top-holders',
  decidedAt: now - n * 800,
  latencyMs: 100 + (n % 900),
}));

const unasked = async (): Promise<never> => Promise.reject(new Error('not to be asked'));

describe.skipIf(chromiumPath === undefined)(`the page with ${COUNT} decisions`, () => {
  let server: PageServer;
  let browser: Browser;
  beforeAll(async () => {
    const routes = pageRoutes({
      about: {
        where: 'the test',
        localChain: true,
        mode: 'paper',
        poolSize: 20,
        maxOpenPositions: 1,
        dailySpendSol: 1,
      },
      hub: {
        subscribe(listener) {
          listener({ kind: 'rows', rows: [] });
          return () => undefined;
        },
      },
      token: unasked,
      trades: unasked,
      status: async () =>
        Promise.resolve({
          queued: 0,
          inFlight: 0,
          delayed: 0,
          deadLetters: 0,
          halt: { buys: 'running', exits: 'running', by: 'the test' },
          troubles: [],
        }),
      decisions: async ({ untilMs }, limit) => {
        const from = rows.findIndex(({ decidedAt }) => decidedAt < untilMs);
        const page = rows.slice(from, from + limit);
        const ended = from + limit >= COUNT;
        return Promise.resolve({
          rows: page,
          next: ended ? null : (page.at(-1)?.decidedAt ?? null),
          unreadable: 0,
        });
      },
    });
    server = await startPageServer([await pageAssets(), ...routes], 0);
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  it('keeps few of them in the document, reaches the last, and filters while one types', async () => {
    const page = await browser.newPage({ viewport: { width: 1_280, height: 800 } });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(server.url);
    await page.locator('output.shown', { hasText: /^100,000$/ }).waitFor();
    expect(await page.locator('a.feed-row').count()).toBeLessThan(80);
    await page.keyboard.press('End');
    await page.locator('a.feed-row[aria-selected="true"]', { hasText: 'S99999' }).waitFor();
    await page.keyboard.press('/');
    const startedAt = Date.now();
    await page.keyboard.type('s99990');
    await page.locator('output.shown', { hasText: /^1 of 100,000$/ }).waitFor();
    // Six keys, each over all rows, on whatever machine: seconds would mean that it does not scale.
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    await page.keyboard.press('Escape');
    await page.keyboard.press('2');
    await page.locator('.tile', { hasText: 'decided' }).getByText('100,000').waitFor();
    expect(complaints).toEqual([]);
  });
});
