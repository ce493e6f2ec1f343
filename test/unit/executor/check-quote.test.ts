import { describe, expect, it } from 'vitest';

import { MAX_NETWORK_LAMPORTS, MAX_ROUTER_FEE_BPS, checkQuote } from '#shared/swap/check-quote.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import type { Quote } from '#shared/ports/quote-api.ts';
import { testQuote, testRequest } from '../../support/quotes.ts';
import { testAddress, testPlan } from '../../support/trades.ts';

const check = (over: Partial<Quote>) =>
  checkQuote(testQuote(testRequest(), over), testRequest(), testPlan());

describe('a quote', () => {
  it.each<[string, Partial<Quote>]>([
    ['as it should be', {}],
    ['at the price impact allowed', { priceImpactBps: 500 }],
    ['at the fee allowed', { feeBps: MAX_ROUTER_FEE_BPS }],
    ['at the slippage allowed', { slippageBps: 300, minOutAmount: 15_752_218_272n }],
    ['with the highest fees allowed', { networkLamports: MAX_NETWORK_LAMPORTS }],
    ['of a single base unit', { outAmount: 1n, minOutAmount: 0n }],
  ])('%s passes', (_what, over) => {
    expect(check(over)).toBeUndefined();
  });

  it.each<[string, Partial<Quote>, string]>([
    ['sells another token', { inputMint: testAddress(9) }, 'it sells'],
    ['buys another token', { outputMint: WRAPPED_SOL }, 'it buys'],
    ['spends a lamport more', { inAmount: 100_000_001n }, 'it spends 100000001'],
    ['spends a lamport less', { inAmount: 99_999_999n }, 'it spends 99999999'],
    ['gives nothing', { outAmount: 0n, minOutAmount: 0n }, 'it gives nothing'],
    ['keeps its price impact to itself', { priceImpactBps: null }, 'does not say'],
    ['moves the price too far', { priceImpactBps: 501 }, 'price impact 501 bps, at most 500'],
    ['takes too high a fee', { feeBps: MAX_ROUTER_FEE_BPS + 1 }, 'router fee 101 bps'],
    ['allows more slippage than the plan', { slippageBps: 301 }, 'slippage 301 bps'],
    ['guarantees less than the plan', { minOutAmount: 15_752_218_271n }, 'it guarantees'],
    ['costs too much', { networkLamports: MAX_NETWORK_LAMPORTS + 1n }, 'fees of 10000001'],
  ])('that %s is refused', (_what, over, words) => {
    expect(check(over)).toContain(words);
  });
});
