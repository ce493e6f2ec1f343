import { describe, expect, it } from 'vitest';

import { amountOut, priceImpactBps } from '#shared/domain/constant-product.ts';
import { type PoolAccounts, poolReserves } from '#shared/domain/pool-reserves.ts';
import { STABLE_MINTS, WRAPPED_SOL } from '#shared/domain/venue.ts';
import { addressNamed } from '../../support/detections.ts';
import { anOpening } from '../../support/evidence.ts';

const [USDC] = STABLE_MINTS;
const pool = anOpening();
const launch = anOpening({ venue: 'pump-fun', quoteVault: null });
const vault = (mint: string, amount: bigint) => ({
  mint: mint as typeof pool.mint,
  owner: pool.pool,
  amount,
});
const accounts: PoolAccounts = {
  curve: undefined,
  baseVault: vault(pool.mint, 1_000n),
  quoteVault: vault(WRAPPED_SOL, 99_000n),
  lpSupply: null,
};
const curve = {
  virtualTokenReserves: 1_073n,
  virtualSolReserves: 99_000n,
  realTokenReserves: 793n,
  realSolReserves: 5n,
  complete: false,
};

describe('poolReserves', () => {
  it('reads the vaults, and computes what the stake would do', () => {
    expect(poolReserves(pool, accounts, 1_000n)).toEqual({
      status: 'known',
      facts: {
        pricing: 'constant-product',
        quoteReserve: 99_000n,
        baseReserve: 1_000n,
        stakeImpactBps: 100,
        lockedLiquidityBps: null,
      },
    });
  });

  it('prices a curve by its virtual reserves, and counts only the real ones', () => {
    expect(poolReserves(launch, { ...accounts, curve }, 1_000n)).toEqual({
      status: 'known',
      facts: {
        pricing: 'curve',
        quoteReserve: 5n,
        baseReserve: 793n,
        stakeImpactBps: 100,
        lockedLiquidityBps: null,
      },
    });
  });

  it.each([
    ['a curve in dollars', { ...launch, quoteMint: USDC! }, { ...accounts, curve }],
    [
      'a pool in dollars',
      { ...pool, quoteMint: USDC! },
      { ...accounts, quoteVault: vault(USDC!, 99_000n) },
    ],
    ['concentrated liquidity', { ...pool, venue: 'raydium-clmm' as const }, accounts],
  ])('computes no impact for %s', (_what, opening, given) => {
    expect(poolReserves(opening, given, 1_000n)).toMatchObject({
      status: 'known',
      facts: { stakeImpactBps: null },
    });
  });

  it.each([
    ['burnt', 0n, 10_000],
    ['not burnt', 1n, null],
    ['not there', null, null],
  ])('calls liquidity locked when its tokens are %s', (_what, lpSupply, bps) => {
    expect(poolReserves(pool, { ...accounts, lpSupply }, 1n)).toMatchObject({
      facts: { lockedLiquidityBps: bps },
    });
  });

  it.each([
    ['absent', 'the pool is not known', { ...pool, venue: 'unknown' as const }, accounts],
    ['absent', 'the curve is not there', launch, accounts],
    [
      'failed',
      'the curve is sold out',
      launch,
      { ...accounts, curve: { ...curve, complete: true } },
    ],
    ['absent', 'there is no base vault', pool, { ...accounts, baseVault: undefined }],
    ['absent', 'there is no quote vault', pool, { ...accounts, quoteVault: undefined }],
    [
      'failed',
      'the base vault holds another mint',
      pool,
      { ...accounts, baseVault: vault(addressNamed('other'), 1n) },
    ],
    [
      'failed',
      'the quote vault holds another mint',
      pool,
      { ...accounts, quoteVault: vault(addressNamed('other'), 1n) },
    ],
  ] as const)('is %s when %s', (status, _what, opening, given) => {
    expect(poolReserves(opening, given, 1n).status).toBe(status);
  });
});

describe('the constant product', () => {
  it.each([
    [1_000n, 99_000n, 100],
    [1n, 1_000_000n, 1],
    [0n, 5n, 0],
    [5n, 0n, 10_000],
    [0n, 0n, 0],
  ])('an input of %i into %i moves the price by %i bps', (amount, reserve, bps) => {
    expect(priceImpactBps(amount, reserve)).toBe(bps);
  });

  it.each([
    [100n, 1_000n, 1_000n, 90n],
    [1n, 1_000n, 1_000n, 0n],
    [0n, 1_000n, 1_000n, 0n],
    [-5n, 1_000n, 1_000n, 0n],
    [100n, 0n, 1_000n, 0n],
    [100n, 1_000n, 0n, 0n],
  ])('%i into %i against %i gives %i', (amount, reserveIn, reserveOut, out) => {
    expect(amountOut(amount, reserveIn, reserveOut)).toBe(out);
  });

  it('does not take a vault shared by many pools for the depth of one', () => {
    const shared = anOpening({ venue: 'meteora-damm-v1', quoteVault: null });

    expect(poolReserves(shared, accounts, 1_000n)).toEqual({
      status: 'failed',
      reason: 'a pool of meteora-damm-v1 has no vaults of its own to read',
    });
  });
});
