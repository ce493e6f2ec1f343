import { describe, expect, it } from 'vitest';

import { exitOf, exitRules } from '#functions/exits/rules/index.ts';
import type { ExitFill, TradeIn } from '#shared/domain/trade.ts';
import { testPlan, testTrade } from '../../support/trades.ts';

const TOKENS = 1_000_001n;
const OPENED = 1_000_000;
const rules = exitRules({ pulledLiquidityBps: 5_000 });

const fill = (cause: ExitFill['cause'], tokens: bigint): ExitFill => ({
  cause,
  tokens,
  proceedsLamports: 1n,
  quote: testTrade('OPEN', 1).quote,
  signature: null,
  soldAt: OPENED,
});

const position = (over: Partial<TradeIn<'OPEN'>> = {}): TradeIn<'OPEN'> => ({
  ...testTrade('OPEN', 1, {
    plan: testPlan({
      // Out of order on purpose: the ladder is climbed from below.
      takeProfit: [
        { atMultipleBps: 25_000, sellBps: 6_000 },
        { atMultipleBps: 15_000, sellBps: 4_000 },
      ],
      stopLossBps: 3_000,
      trailingStopBps: 3_500,
      maxHoldSeconds: 60,
    }),
  }),
  entry: { costLamports: 102n, tokens: TOKENS, openedAt: OPENED },
  ...over,
});

type Case = {
  readonly when: string;
  readonly sells: readonly [string, bigint] | undefined;
  readonly multipleBps?: number;
  readonly liquidityUsd?: number;
  readonly heldMs?: number;
  readonly trade?: TradeIn<'OPEN'>;
};

describe('the exit rules', () => {
  it.each<Case>([
    { when: 'nothing has happened', sells: undefined, multipleBps: 10_000 },
    { when: 'no price is known', sells: undefined },
    { when: 'the price is just above the stop', sells: undefined, multipleBps: 7_001 },
    { when: 'the price is at the stop', sells: ['stop-loss', TOKENS], multipleBps: 7_000 },
    { when: 'the first rung is just missed', sells: undefined, multipleBps: 14_999 },
    {
      when: 'the first rung is reached',
      sells: ['take-profit', 400_000n],
      multipleBps: 15_000,
    },
    {
      when: 'the first rung is reached and was sold',
      sells: undefined,
      multipleBps: 15_000,
      trade: position({ exits: [fill('take-profit', 400_000n)], highestMultipleBps: 15_000 }),
    },
    {
      when: 'the last rung is reached: what rounding left goes with it',
      sells: ['take-profit', 600_001n],
      multipleBps: 25_000,
      trade: position({ exits: [fill('take-profit', 400_000n)], highestMultipleBps: 25_000 }),
    },
    {
      when: 'the price has fallen to the trailing stop',
      sells: ['trailing-stop', TOKENS],
      multipleBps: 9_100,
      trade: position({ highestMultipleBps: 14_000 }),
    },
    {
      when: 'the price is just above the trailing stop',
      sells: undefined,
      multipleBps: 9_101,
      trade: position({ highestMultipleBps: 14_000 }),
    },
    {
      when: 'a stop sells what a partial sell has left',
      sells: ['stop-loss', 600_001n],
      multipleBps: 5_000,
      trade: position({ exits: [fill('take-profit', 400_000n)] }),
    },
    { when: 'the time is not over', sells: undefined, multipleBps: 10_000, heldMs: 59_999 },
    {
      when: 'the time is over, whatever the price',
      sells: ['max-hold', TOKENS],
      heldMs: 60_000,
    },
    {
      when: 'half of the liquidity is left',
      sells: undefined,
      multipleBps: 10_000,
      liquidityUsd: 500,
      trade: position({ highestLiquidityUsd: 1_000 }),
    },
    {
      when: 'less than half of the liquidity is left, though the price stands',
      sells: ['liquidity-pulled', TOKENS],
      multipleBps: 30_000,
      liquidityUsd: 499,
      trade: position({ highestLiquidityUsd: 1_000 }),
    },
  ])('$when', ({ sells, multipleBps, liquidityUsd, heldMs = 0, trade = position() }) => {
    const order = exitOf(rules, { trade, multipleBps, liquidityUsd, nowMs: OPENED + heldMs });
    expect(order && [order.cause, order.tokens]).toEqual(sells);
  });
});
