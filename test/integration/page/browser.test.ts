import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { Decision } from '#shared/domain/decision.ts';
import { NO_CHROMIUM, chromiumPath, startChromium } from '../../support/chromium.ts';
import { aDecision } from '../../support/decisions.ts';
import { addressNamed } from '../../support/detections.ts';
import { type PageStack, pageStack } from '../../support/page-stack.ts';
import { testTrade } from '../../support/trades.ts';

if (chromiumPath === undefined) process.stderr.write(`browser tests skipped: ${NO_CHROMIUM}\n`);

const now = Date.now();
const SKIPPED = { holders: { top1Bps: 9_000, top10Bps: 9_500 } };
const HOSTILE = '<img src=x onerror="document.title=\'owned\'">';

/** One each ten seconds of the last minutes, the newest first: BUY, SKIP, BUY, … */
const decisions: Decision[] = Array.from({ length: 60 }, (_, n) =>
  aDecision(n % 2 === 0 ? {} : SKIPPED, {
    token: `token ${n}`,
    decidedAt: now - 5_000 - n * 10_000,
    symbol: `TOK${n}`,
    signature: '5'.repeat(88),
  }),
);
const mintOf = (n: number): string => addressNamed(`token ${n} mint`);

describe.skipIf(chromiumPath === undefined)('the page in a browser', () => {
  let stack: PageStack;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    stack = await pageStack({ queued: 3, inFlight: 5, deadLetters: 1, localChain: false });
    await stack.decide(decisions);
    const bought = decisions[0]?.opening;
    const quote = testTrade('OPEN', 1).quote;
    await stack.trade({
      ...testTrade('CLOSED', 1),
      mint: bought?.mint ?? addressNamed('none'),
      entry: { costLamports: 100_000_000n, tokens: 1_000n, openedAt: now },
      exits: [
        {
          cause: 'take-profit',
          tokens: 1_000n,
          proceedsLamports: 150_000_000n,
          quote,
          signature: '4'.repeat(88),
          soldAt: now,
        },
      ],
    });
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await stack.stop();
  });
  afterEach(async () => {
    await page.context().close();
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  });

  const open = async (hash = '', viewport = { width: 1_280, height: 800 }): Promise<void> => {
    const context = await browser.newContext({ viewport });
    page = await context.newPage();
    complaints = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      const asked = new URL(request.url());
      if (asked.protocol !== 'data:' && asked.origin !== new URL(stack.page.url).origin) {
        complaints.push(`asked ${asked.origin}`);
      }
    });
    await page.goto(stack.page.url + hash);
  };
  const rows = () => page.getByRole('option').filter({ hasText: /\d\d:\d\d/ });
  const symbols = async () => page.locator('a.feed-row .cell-symbol').allTextContents();
  const selected = () => page.locator('a.feed-row[aria-selected="true"] .cell-symbol');

  it('shows the newest decisions first, and new ones as they are stored', async () => {
    await open();
    await page.getByText('live', { exact: true }).waitFor();
    await rows().first().waitFor();
    expect((await symbols()).slice(0, 3)).toEqual(['TOK0', 'TOK1', 'TOK2']);
    await stack.decide([aDecision({}, { token: 'fresh', decidedAt: Date.now(), symbol: 'FRESH' })]);
    await page.locator('a.feed-row', { hasText: 'FRESH' }).waitFor();
    expect((await symbols())[0]).toBe('FRESH');
  });

  it('keeps what is read in its place while new rows come in above it', async () => {
    await open('', { width: 1_280, height: 400 });
    // The live feed may bring the newest ones before the past is read.
    await page.locator('output.shown', { hasText: /^6\d$/ }).waitFor();
    const scrollTo = async (px: number): Promise<unknown> =>
      page.evaluate(`document.querySelector('.feed-box').scrollTo(0, ${px})`);
    await scrollTo(600);
    const row = page.locator('a.feed-row', { hasText: 'TOK22' });
    const before = await row.boundingBox();
    await stack.decide([aDecision({}, { token: 'above', decidedAt: Date.now(), symbol: 'ABOVE' })]);
    await page.getByRole('button', { name: '1 new' }).click();
    await page.locator('a.feed-row', { hasText: 'ABOVE' }).waitFor();
    expect(before?.y).toBeGreaterThan(0);
    await scrollTo(630);
    expect((await row.boundingBox())?.y).toBe(before?.y);
  });

  it('narrows by verdict, venue and words, and says how to get back', async () => {
    await open();
    await rows().first().waitFor();
    await page.getByRole('button', { name: /^BUY/ }).click();
    await page.locator('output.shown', { hasText: /^30 of / }).waitFor();
    expect((await symbols())[0]).toBe('TOK1');
    await page.keyboard.press('/');
    await page.keyboard.type('tok1 9000');
    await page.locator('output.shown', { hasText: /^6 of / }).waitFor();
    expect(await symbols()).toEqual(['TOK1', 'TOK11', 'TOK13', 'TOK15', 'TOK17', 'TOK19']);
    await page.keyboard.type(' nothing-like-it');
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.locator('a.feed-row', { hasText: 'TOK2' }).first().waitFor();
  });

  it('is read by keys alone: down, open, back to where one was', async () => {
    await open();
    await rows().first().waitFor();
    const first = (await symbols())[0];
    for (const key of ['j', 'ArrowDown', 'k', 'j', 'j']) await page.keyboard.press(key);
    const third = (await symbols())[2] ?? '';
    expect(await selected().textContent()).toBe(third);
    expect(third).not.toBe(first);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: third }).waitFor();
    await page.keyboard.press('Escape');
    await rows().first().waitFor();
    expect(await selected().textContent()).toBe(third);
    await page.keyboard.press('End');
    await page.locator('a.feed-row[aria-selected="true"]', { hasText: 'TOK59' }).waitFor();
    await page.keyboard.press('3');
    await page.getByRole('heading', { level: 1, name: 'Trades' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('tells why a token was refused: the rule, the check it fell over, what was learned', async () => {
    await open(`#/token/${mintOf(1)}`);
    const holders = page.getByRole('button', { name: /^holders/ });
    await holders.waitFor();
    expect(await holders.getAttribute('aria-expanded')).toBe('true');
    await page.getByText('refused by largest-holder, top-holders').waitFor();
    await page.locator('.check-facts', { hasText: 'largest90 %' }).waitFor();
    expect(await page.locator('.check-group').count()).toBe(6);
    for (const bar of await page.locator('.check-group .span').all()) {
      expect((await bar.boundingBox())?.width).toBeGreaterThan(2);
    }
    const factors = page.locator('.factors li');
    expect(await factors.count()).toBe(decisions[1]?.factors.length);
    await page.getByRole('heading', { name: 'What would have changed it' }).waitFor();
  });

  it('shows the trade of what was bought, with its transactions in the explorer', async () => {
    await open(`#/token/${mintOf(0)}`);
    const trade = page.getByRole('region', { name: /^Trade/ });
    await trade.getByText('+0.0500 SOL').waitFor();
    const link = trade.getByRole('link');
    expect(await link.getAttribute('href')).toBe(
      `https://explorer.solana.com/tx/${'4'.repeat(88)}`,
    );
    expect(await link.getAttribute('rel')).toContain('noreferrer');
    await page.getByRole('heading', { name: 'Plan' }).waitFor();
  });

  it('shows hostile names as text, without what reorders or hides it', async () => {
    const evil = aDecision(
      { metadata: { status: 'failed', reason: `${HOSTILE}\u202Etxt` } },
      {
        token: 'evil',
        decidedAt: now - 1_000,
        symbol: `${HOSTILE.slice(0, 18)}\u202E`,
        name: `\u001B[31m${HOSTILE}`,
        reasons: [`${HOSTILE}\u2066`],
      },
    );
    await stack.decide([evil]);
    await open(`#/token/${evil.opening.mint}`);
    const heading = page.getByRole('heading', { level: 1 });
    await heading.waitFor();
    expect(await heading.textContent()).toBe(`${HOSTILE.slice(0, 18)}[31m${HOSTILE}`);
    expect(await page.locator('img').count()).toBe(0);
    await page.goto(stack.page.url);
    await page.locator('a.feed-row', { hasText: HOSTILE }).waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('Volley: feed');
    const content = await page.content();
    for (const hidden of ['\u202E', '\u2066', '\u001B']) expect(content).not.toContain(hidden);
  });

  it('shows the pipeline: queue, flight, latency, refusals', async () => {
    await open('#/pipeline');
    const tile = (name: string) => page.locator('.tile', { hasText: name });
    await tile('waiting').getByText('3', { exact: true }).waitFor();
    expect(await tile('in flight').innerText()).toMatch(/5\s+of \d+ at once/);
    expect(await tile('dead letters').innerText()).toMatch(/1/);
    await page.locator('.shares li', { hasText: 'largest-holder' }).waitFor();
    expect(await page.locator('.plot canvas').count()).toBe(2);
  });

  it('shows profit and loss over all trades', async () => {
    await open('#/trades');
    await page.locator('.tile.gain', { hasText: '+0.0500 SOL' }).waitFor();
    await page.getByRole('link', { name: 'TOK0' }).click();
    await page.getByRole('heading', { level: 1, name: 'TOK0' }).waitFor();
    expect(new URL(page.url()).hash).toBe(`#/token/${mintOf(0)}`);
  });

  it.each(['#/feed', '#/pipeline', '#/trades', `#/token/${mintOf(1)}`])(
    'fits a phone: %s',
    async (hash) => {
      await open(hash, { width: 360, height: 780 });
      await page.locator('.tile, a.feed-row, .check').first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    },
  );

  it('says that a token is not known, and what to do', async () => {
    await open(`#/token/${addressNamed('nobody')}`);
    await page.getByText('No look at this token is stored.').waitFor();
    expect(await page.locator('.empty').innerText()).toContain(
      `npm run analyze -- ${addressNamed('nobody')}`,
    );
  });
});
