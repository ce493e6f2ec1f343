import { Connection, VersionedTransaction } from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Market, startMarket } from '#infra/local/market/start-market.ts';
import { poolState } from '#infra/local/market/upstreams/pool-state.ts';
import { lessBps, swapOut } from '#infra/local/market/upstreams/swap-math.ts';
import { setFrozen } from '#infra/local/market/tokens/token-instructions.ts';
import type { MarketToken } from '#infra/local/market/openings/market-token.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import {
  type Json,
  aWallet,
  execute,
  getJson,
  heldBy,
  keyOf,
  openOne,
  swap,
} from './market-client.ts';

const ONE_SOL = 1_000_000_000n;
const clock = { offsetMs: 0 };
const now = () => Date.now() + clock.offsetMs;
let market: Market;

beforeAll(async () => {
  market = await startMarket({ latencyMs: 0, indexing: 'instant', seed: 'swaps', noise: 0, now });
});
afterAll(async () => market.close());

/** A sound token, on a curve or in a pool. */
async function soundToken(pricing: 'pump-curve' | 'constant-product'): Promise<MarketToken> {
  for (;;) {
    const token = await openOne(market, 'sound');
    if (token.recipe.opening.pricing === pricing) return token;
  }
}

/** The orders of a trader, without sending: the transaction that he would sign. */
async function orderFor(token: MarketToken, taker: string, amount: bigint) {
  const query = `inputMint=${WRAPPED_SOL}&outputMint=${token.recipe.mint}&amount=${amount}&taker=${taker}`;
  return getJson(`${market.url}/jupiter/swap/v2/order?${query}`);
}

describe('swaps', () => {
  it.each(['constant-product', 'pump-curve'] as const)(
    'buy and sell at the price of the reserves of a %s pool, which move',
    async (pricing) => {
      const token = await soundToken(pricing);
      const wallet = await aWallet(market);
      const before = poolState(market.chain, token);
      const { executed, order } = await swap(market, wallet, token, 'buy', ONE_SOL);
      expect(executed).toMatchObject({ status: 'Success', code: 0 });
      const expected = lessBps(swapOut(ONE_SOL, before.priceLamports, before.priceBase), 50);
      expect(order['outAmount']).toBe(expected.toString());
      expect(await heldBy(market, wallet, token)).toBe(expected);

      const after = poolState(market.chain, token);
      expect(after.lamports - before.lamports).toBe(ONE_SOL);
      expect(before.base - after.base).toBe(expected);

      const sold = await swap(market, wallet, token, 'sell', expected);
      expect(sold.executed).toMatchObject({ status: 'Success' });
      expect(await heldBy(market, wallet, token)).toBe(0n);
      const back = BigInt(String(sold.order['outAmount']));
      expect(poolState(market.chain, token).lamports).toBe(after.lamports - back);
      // Two pool fees, two platform fees: a round trip costs one and a half percent.
      const loss = 1 - Number(back) / Number(ONE_SOL);
      expect(loss).toBeGreaterThan(0.012);
      expect(loss).toBeLessThan(0.02);
    },
  );

  it('need the maker’s signature, which only /execute adds', async () => {
    const token = await soundToken('constant-product');
    const wallet = await aWallet(market);
    const order = await orderFor(token, keyOf(wallet), ONE_SOL);
    const transaction = VersionedTransaction.deserialize(
      Buffer.from(String(order['transaction']), 'base64'),
    );
    expect(order).toMatchObject({ router: 'jupiterz', maker: token.place.authority });
    const { staticAccountKeys, header } = transaction.message;
    expect(staticAccountKeys.slice(0, header.numRequiredSignatures).map(String)).toEqual([
      keyOf(wallet),
      token.place.authority,
    ]);
    transaction.sign([wallet]);
    const connection = new Connection(`${market.url}/rpc`, 'confirmed');
    await expect(connection.sendTransaction(transaction)).rejects.toThrow(
      /signature verification failure/,
    );
    const simulated = await connection.simulateTransaction(transaction);
    expect(simulated.value.err).toBeNull();
  });

  it('execute once however often they are posted', async () => {
    const token = await soundToken('constant-product');
    const wallet = await aWallet(market);
    const order = await orderFor(token, keyOf(wallet), ONE_SOL);
    const transaction = VersionedTransaction.deserialize(
      Buffer.from(String(order['transaction']), 'base64'),
    );
    transaction.sign([wallet]);
    const signed = Buffer.from(transaction.serialize()).toString('base64');
    const first = await execute(market.url, signed, order['requestId']);
    const second = await execute(market.url, signed, order['requestId']);
    expect(first).toMatchObject({ status: 'Success' });
    expect(second).toEqual(first);
    expect(await heldBy(market, wallet, token)).toBe(BigInt(String(order['outAmount'])));
  });

  it('are refused with the codes that Jupiter documents', async () => {
    const token = await soundToken('constant-product');
    const wallet = await aWallet(market);
    const order = await orderFor(token, keyOf(wallet), ONE_SOL);
    const other = await orderFor(token, keyOf(wallet), ONE_SOL * 2n);
    const sign = (of: Json) => {
      const transaction = VersionedTransaction.deserialize(
        Buffer.from(String(of['transaction']), 'base64'),
      );
      transaction.sign([wallet]);
      return Buffer.from(transaction.serialize()).toString('base64');
    };
    const id = order['requestId'];
    expect(await execute(market.url, sign(order), 'unknown')).toEqual({
      code: -1,
      error: 'Order not found, it might have expired',
    });
    expect(await execute(market.url, 'AA==', id)).toMatchObject({ code: -3 });
    expect(await execute(market.url, sign(other), id)).toMatchObject({ code: -3 });
    const unsigned = String(order['transaction']);
    expect(await execute(market.url, unsigned, id)).toMatchObject({ code: -1_003 });
    clock.offsetMs += 151 * 400;
    expect(await execute(market.url, sign(order), id)).toMatchObject({ code: -1_004 });
  });

  it('are not offered to whoever cannot pay, nor for what is not there', async () => {
    const token = await soundToken('constant-product');
    const poor = await aWallet(market, 0.01);
    const order = await orderFor(token, keyOf(poor), ONE_SOL);
    expect(order).toMatchObject({
      transaction: '',
      errorCode: 1,
      errorMessage: 'Insufficient funds',
      error: 'Insufficient funds',
    });
    const query = `inputMint=${WRAPPED_SOL}&outputMint=${keyOf(poor)}&amount=1`;
    const response = await fetch(`${market.url}/jupiter/swap/v2/order?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: 'Failed to get quotes' });
  });
});

describe('traps bite for real', () => {
  it('a frozen account cannot sell', async () => {
    const token = await openOne(market, 'freezable');
    const wallet = await aWallet(market);
    await swap(market, wallet, token, 'buy', ONE_SOL);
    const held = await heldBy(market, wallet, token);
    expect(held).toBeGreaterThan(0n);
    const { mint, tokenProgram, freezeAuthority } = token.recipe;
    const account = [...market.chain.tokenAccounts.ofOwner(keyOf(wallet))].find((key) =>
      [...market.chain.tokenAccounts.ofMint(mint)].includes(key),
    );
    market.chain.setUp([
      setFrozen({
        tokenProgram,
        account: account!,
        mint,
        authority: freezeAuthority!,
        frozen: true,
      }),
    ]);
    const { executed } = await swap(market, wallet, token, 'sell', held);
    expect(executed).toMatchObject({ status: 'Failed', code: 0x11 });
    expect(await heldBy(market, wallet, token)).toBe(held);
  });

  it('a tax on transfers arrives short, on the way in and on the way out', async () => {
    const token = await openOne(market, 'transfer-fee');
    const fee = token.recipe.extensions.find((extension) => extension.type === 'transferFee')!;
    const wallet = await aWallet(market);
    const { order, executed } = await swap(market, wallet, token, 'buy', ONE_SOL);
    expect(executed).toMatchObject({ status: 'Success' });
    const quoted = BigInt(String(order['outAmount']));
    const tax = (quoted * BigInt(fee.feeBps) + 9_999n) / 10_000n;
    expect(tax).toBeGreaterThan(0n);
    expect(await heldBy(market, wallet, token)).toBe(quoted - tax);
    expect(executed['totalOutputAmount']).toBe((quoted - tax).toString());
  });

  it.each([
    { archetype: 'non-transferable', code: 0x25 },
    { archetype: 'default-frozen', code: 0x11 },
  ] as const)('$archetype tokens do not even arrive', async ({ archetype, code }) => {
    const token = await openOne(market, archetype);
    const wallet = await aWallet(market);
    const { executed } = await swap(market, wallet, token, 'buy', ONE_SOL);
    expect(executed).toMatchObject({ status: 'Failed', code });
    expect(await heldBy(market, wallet, token)).toBe(0n);
  });

  it('a hook whose program is not called along stops the transfer', async () => {
    const codes: unknown[] = [];
    while (codes.length === 0) {
      const token = await openOne(market, 'hook');
      const hook = token.recipe.extensions.find((extension) => extension.type === 'transferHook');
      if (hook?.programId === null) continue;
      const { executed } = await swap(market, await aWallet(market), token, 'buy', ONE_SOL);
      codes.push(executed['status']);
    }
    expect(codes).toEqual(['Failed']);
  });

  it('a bundle bought its part in the slot of the opening, on the record', async () => {
    const token = await openOne(market, 'bundled');
    const { recipe, opened, place } = token;
    const inSlot = market.chain.history
      .ofAddress(place.pool, { limit: 100, maxSlot: opened!.slot })
      .filter(({ slot }) => slot === opened!.slot);
    const bought = inSlot.flatMap(({ preTokenBalances, postTokenBalances }) =>
      postTokenBalances
        .filter(({ owner }) => recipe.bundle.some((buyer) => buyer.owner === owner))
        .map(({ accountIndex, amount }) => {
          const before = preTokenBalances.find((balance) => balance.accountIndex === accountIndex);
          return amount - (before?.amount ?? 0n);
        }),
    );
    expect(bought).toHaveLength(recipe.bundle.length);
    const total = bought.reduce((sum, amount) => sum + amount, 0n);
    expect(Number(total) / Number(recipe.supply)).toBeGreaterThan(0.41);
    expect(poolState(market.chain, token).base).toBe(recipe.poolAmount);
  });

  it.each(['pulled-liquidity', 'thin-liquidity'] as const)(
    '%s shows in the vault',
    async (archetype) => {
      const token = await openOne(market, archetype);
      const { lamports } = poolState(market.chain, token);
      expect(lamports).toBe(token.recipe.poolLamports);
      expect(lamports).toBeLessThan(4_000_000_001n);
    },
  );
});
