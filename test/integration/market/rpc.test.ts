import {
  Connection,
  Keypair,
  PublicKey,
  SystemProgram,
  TransactionMessage,
  VersionedTransaction,
} from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { MarketToken } from '#infra/local/market/openings/market-token.ts';
import { type Market, startMarket } from '#infra/local/market/start-market.ts';
import { hasRecordings, recorded } from '../../support/recorded.ts';
import { type Json, aWallet, openOne, rpc } from './market-client.ts';

const clock = { offsetMs: 0 };
const now = () => Date.now() + clock.offsetMs;
let market: Market;
let connection: Connection;
let token: MarketToken;

beforeAll(async () => {
  market = await startMarket({ latencyMs: 0, indexing: 'instant', seed: 'rpc', noise: 0, now });
  connection = new Connection(`${market.url}/rpc`, {
    commitment: 'confirmed',
    disableRetryOnRateLimit: true,
  });
  token = await openOne(market, 'sound');
});
afterAll(async () => market.close());

/** A signed transfer with a fresh blockhash. */
async function aTransfer(from: Keypair, to: PublicKey, lamports: number) {
  const { blockhash } = await connection.getLatestBlockhash();
  const message = new TransactionMessage({
    payerKey: from.publicKey,
    recentBlockhash: blockhash,
    instructions: [SystemProgram.transfer({ fromPubkey: from.publicKey, toPubkey: to, lamports })],
  }).compileToV0Message();
  const transaction = new VersionedTransaction(message);
  transaction.sign([from]);
  return transaction;
}

describe("the real web3.js Connection against the market's chain", () => {
  it('reads slots, heights, versions and blockhashes that move on', async () => {
    const slot = await connection.getSlot('confirmed');
    expect(await connection.getSlot('finalized')).toBeLessThan(slot);
    expect(slot).toBeGreaterThan(450_000_000);
    const { blockhash, lastValidBlockHeight } = await connection.getLatestBlockhash('confirmed');
    const height = await connection.getBlockHeight('confirmed');
    expect(lastValidBlockHeight - height).toBeGreaterThan(140);
    expect((await connection.isBlockhashValid(blockhash)).value).toBe(true);
    expect((await connection.isBlockhashValid(PublicKey.unique().toBase58())).value).toBe(false);
    expect(await connection.getVersion()).toMatchObject({ 'solana-core': '4.3.0' });
    expect(await connection.getGenesisHash()).toHaveLength(44);
    expect(await connection.getMinimumBalanceForRentExemption(165)).toBe(2_039_280);
    expect(await connection.getRecentPrioritizationFees()).toHaveLength(150);
  });

  it('sends a transfer, sees it confirmed, and reads it back with balances', async () => {
    const from = await aWallet(market, 5);
    const to = Keypair.generate().publicKey;
    const transaction = await aTransfer(from, to, 2_000_000_000);
    const signature = await connection.sendTransaction(transaction);

    const { value } = await connection.getSignatureStatus(signature);
    expect(value).toMatchObject({ err: null, confirmationStatus: 'confirmed' });
    expect(await connection.getBalance(to)).toBe(2_000_000_000);
    expect(await connection.getBalance(from.publicKey)).toBe(2_999_995_000);

    const landed = await connection.getTransaction(signature, {
      commitment: 'confirmed',
      maxSupportedTransactionVersion: 1,
    });
    expect(landed?.version).toBe(0);
    expect(landed?.meta?.fee).toBe(5_000);
    expect(landed?.meta?.preBalances.slice(0, 2)).toEqual([5_000_000_000, 0]);
    expect(landed?.meta?.postBalances.slice(0, 2)).toEqual([2_999_995_000, 2_000_000_000]);
    const parsed = await connection.getParsedTransaction(signature, {
      commitment: 'confirmed',
      maxSupportedTransactionVersion: 1,
    });
    expect(parsed?.transaction.message.instructions[0]).toMatchObject({
      program: 'system',
      parsed: { type: 'transfer', info: { lamports: 2_000_000_000 } },
    });
    const [listed] = await connection.getSignaturesForAddress(to, {}, 'confirmed');
    expect(listed).toMatchObject({ signature, err: null });
  });

  it('takes the same bytes twice for one effect', async () => {
    const from = await aWallet(market, 5);
    const to = Keypair.generate().publicKey;
    const transaction = await aTransfer(from, to, 1_000_000_000);
    const first = await connection.sendTransaction(transaction, { skipPreflight: true });
    const second = await connection.sendTransaction(transaction, { skipPreflight: true });
    expect(second).toBe(first);
    expect(await connection.getBalance(to)).toBe(1_000_000_000);
    await expect(connection.sendTransaction(transaction)).rejects.toThrow(/already been processed/);
  });

  it('refuses a blockhash after 150 blocks, and keeps what was sent with it off the chain', async () => {
    const from = await aWallet(market, 5);
    const to = Keypair.generate().publicKey;
    const transaction = await aTransfer(from, to, 1_000_000_000);
    clock.offsetMs += 151 * 400;
    await expect(connection.sendTransaction(transaction)).rejects.toThrow(/Blockhash not found/);
    const signature = await connection.sendTransaction(transaction, { skipPreflight: true });
    expect((await connection.getSignatureStatus(signature)).value).toBeNull();
    expect(await connection.getBalance(to)).toBe(0);
  });

  it('calls a transaction final after 32 slots, and hides it from final readers before', async () => {
    const from = await aWallet(market, 5);
    const transaction = await aTransfer(from, Keypair.generate().publicKey, 1_000_000_000);
    const signature = await connection.sendTransaction(transaction);
    const find = async () =>
      connection.getTransaction(signature, {
        commitment: 'finalized',
        maxSupportedTransactionVersion: 1,
      });
    expect(await find()).toBeNull();
    clock.offsetMs += 33 * 400;
    expect(await find()).not.toBeNull();
    expect((await connection.getSignatureStatus(signature)).value).toMatchObject({
      confirmationStatus: 'finalized',
      confirmations: null,
    });
  });

  it('refuses a signature that is not the signer’s', async () => {
    const from = await aWallet(market, 5);
    const transaction = await aTransfer(from, Keypair.generate().publicKey, 1);
    transaction.signatures[0]!.fill(7);
    await expect(connection.sendTransaction(transaction, { skipPreflight: true })).rejects.toThrow(
      /signature verification failure/,
    );
  });

  it('lands a failing transaction with its error when preflight is skipped', async () => {
    const from = await aWallet(market, 1);
    const transaction = await aTransfer(from, Keypair.generate().publicKey, 5_000_000_000);
    await expect(connection.sendTransaction(transaction)).rejects.toThrow(
      /custom program error: 0x1/,
    );
    const signature = await connection.sendTransaction(transaction, { skipPreflight: true });
    expect((await connection.getSignatureStatus(signature)).value?.err).toEqual({
      InstructionError: [0, { Custom: 1 }],
    });
    expect(await connection.getBalance(from.publicKey)).toBe(999_995_000);
  });

  it('simulates without effect, with a blockhash of its own when asked', async () => {
    const from = await aWallet(market, 5);
    const to = Keypair.generate().publicKey;
    const message = new TransactionMessage({
      payerKey: from.publicKey,
      recentBlockhash: PublicKey.default.toBase58(),
      instructions: [
        SystemProgram.transfer({ fromPubkey: from.publicKey, toPubkey: to, lamports: 1e9 }),
      ],
    }).compileToV0Message();
    const transaction = new VersionedTransaction(message);
    const stale = await connection.simulateTransaction(transaction);
    expect(stale.value.err).toBe('BlockhashNotFound');
    const { value } = await connection.simulateTransaction(transaction, {
      replaceRecentBlockhash: true,
      accounts: { encoding: 'base64', addresses: [to.toBase58()] },
    });
    expect(value.err).toBeNull();
    expect(value.unitsConsumed).toBe(150);
    expect(value.accounts?.[0]?.lamports).toBe(1e9);
    expect(await connection.getBalance(to)).toBe(0);
  });

  it('reads mints, token accounts and the largest holders', async () => {
    const { recipe, place } = token;
    const mint = new PublicKey(recipe.mint);
    const supply = await connection.getTokenSupply(mint);
    expect(supply.value.amount).toBe(recipe.supply.toString());
    const largest = await connection.getTokenLargestAccounts(mint, 'confirmed');
    const expected = [recipe.poolAmount, ...recipe.holders.map(({ amount }) => amount)];
    expected.push(recipe.creatorAmount);
    const sorted = expected.filter((amount) => amount > 0n).sort((a, b) => (a < b ? 1 : -1));
    expect(largest.value.map(({ amount }) => amount)).toEqual(
      sorted.slice(0, 20).map((amount) => amount.toString()),
    );
    const holder = recipe.holders[0]!;
    const balance = await connection.getTokenAccountBalance(new PublicKey(holder.account));
    expect(balance.value.amount).toBe(holder.amount.toString());
    const owned = await connection.getParsedTokenAccountsByOwner(new PublicKey(holder.owner), {
      mint,
    });
    expect(owned.value[0]?.account.data.parsed).toMatchObject({
      info: { owner: holder.owner, tokenAmount: { amount: holder.amount.toString() } },
    });
    const vault = await connection.getParsedAccountInfo(new PublicKey(place.baseVault));
    expect(vault.value?.data).toMatchObject({ parsed: { info: { owner: place.authority } } });
  });
});

describe('answers that real nodes give', () => {
  it.skipIf(!hasRecordings)(
    'shows a clean Token-2022 mint field by field as recorded',
    async () => {
      let clean = token;
      while (clean.recipe.onChainMetadata !== 'mint' || clean.recipe.isMetadataMutable) {
        clean = await openOne(market, 'sound');
      }
      const answer = await rpc(market.url, 'getAccountInfo', [
        clean.recipe.mint,
        { encoding: 'jsonParsed', commitment: 'confirmed' },
      ]);
      expect(shapeOf(answer)).toEqual(
        shapeOf(recorded('solana-rpc/getAccountInfo.mint-token2022-good.json')),
      );
      const supply = await rpc(market.url, 'getTokenSupply', [clean.recipe.mint]);
      expect(shapeOf(supply)).toEqual(shapeOf(recorded('solana-rpc/getTokenSupply.good.json')));
    },
  );

  it('prints the rent epoch in the digits that nodes send', async () => {
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'getAccountInfo',
      params: [token.recipe.mint, { encoding: 'base64' }],
    });
    const response = await fetch(`${market.url}/rpc`, { method: 'POST', body });
    expect(await response.text()).toContain('"rentEpoch":18446744073709551615');
  });

  it.each([
    { says: 'Method not found', code: -32_601, method: 'getNothing', params: [] },
    {
      says: 'Too many accounts provided; max 100',
      code: -32_602,
      method: 'getMultipleAccounts',
      params: [Array.from({ length: 101 }, () => PublicKey.default.toBase58())],
    },
    {
      says: 'Invalid param: could not find mint',
      code: -32_602,
      method: 'getTokenLargestAccounts',
      params: [PublicKey.unique().toBase58(), { commitment: 'confirmed' }],
    },
    {
      says: 'Invalid param: not a Token mint',
      code: -32_602,
      method: 'getTokenSupply',
      params: [PublicKey.default.toBase58()],
    },
    {
      says: 'Invalid param: WrongSize',
      code: -32_602,
      method: 'getBalance',
      params: ['1'.repeat(50)],
    },
    {
      says: 'Minimum context slot has not been reached',
      code: -32_016,
      method: 'getBalance',
      params: [PublicKey.default.toBase58(), { minContextSlot: 999_999_999 }],
    },
    {
      says: 'Method does not support commitment below `confirmed`',
      code: -32_602,
      method: 'getTransaction',
      params: ['1'.repeat(64), { commitment: 'processed' }],
    },
  ])('answers "$says" with code $code to $method', async ({ says, code, method, params }) => {
    const answer = await rpc(market.url, method, params);
    expect(answer).toMatchObject({ jsonrpc: '2.0', error: { code, message: says }, id: 1 });
    expect(answer).not.toHaveProperty('result');
  });

  it('does not show a young mint to those who ask for finality', async () => {
    const young = await openOne(market, 'sound');
    const ask = async (commitment?: string) =>
      rpc(market.url, 'getTokenLargestAccounts', [young.recipe.mint, { commitment }]);
    expect(await ask()).toMatchObject({ error: { message: 'Invalid param: could not find mint' } });
    expect(await ask('confirmed')).toHaveProperty('result');
    clock.offsetMs += 33 * 400;
    expect(await ask()).toHaveProperty('result');
  });

  it('asks readers of v0 transactions to say that they can read them', async () => {
    const versions = market
      .truth()
      .map(({ signature }) => market.chain.history.get(signature!)!)
      .filter(({ message }) => message.version === 0);
    while (versions.length === 0) {
      const one = await openOne(market, 'sound');
      const landed = market.chain.history.get(one.opened!.signature)!;
      if (landed.message.version === 0) versions.push(landed);
    }
    const { signature } = versions[0]!;
    const refused = await rpc(market.url, 'getTransaction', [
      signature,
      { commitment: 'confirmed' },
    ]);
    const expected = hasRecordings
      ? recorded('solana-rpc/error.getTransaction-unsupported-version.json')
      : { error: { code: -32_015 } };
    expect(refused).toMatchObject(expected as Json);
    const read = await rpc(market.url, 'getTransaction', [
      signature,
      { commitment: 'confirmed', maxSupportedTransactionVersion: 0 },
    ]);
    expect(read).toMatchObject({ result: { version: 0 } });
  });

  it('answers batches in order and refuses what is no request', async () => {
    const calls = ['getSlot', 'getHealth', 'getNothing'].map((method, id) => ({
      jsonrpc: '2.0',
      id,
      method,
    }));
    const response = await fetch(`${market.url}/rpc`, {
      method: 'POST',
      body: JSON.stringify(calls),
    });
    const answers = (await response.json()) as Json[];
    expect(answers.map(({ id }) => id)).toEqual([0, 1, 2]);
    expect(answers[1]).toMatchObject({ result: 'ok' });
    expect(answers[2]).toMatchObject({ error: { code: -32_601 } });
    const garbage = await fetch(`${market.url}/rpc`, { method: 'POST', body: 'not json' });
    expect(await garbage.json()).toMatchObject({ error: { code: -32_700 }, id: null });
  });

  it('pages through the signatures of an address, newest first', async () => {
    const wallet = await aWallet(market, 10);
    const to = Keypair.generate().publicKey;
    const sent: string[] = [];
    for (let time = 1; time <= 4; time += 1) {
      sent.unshift(await connection.sendTransaction(await aTransfer(wallet, to, 1_000_000 * time)));
    }
    const list = async (options: object) =>
      (await connection.getSignaturesForAddress(to, options, 'confirmed')).map(
        ({ signature }) => signature,
      );
    expect(await list({})).toEqual(sent);
    expect(await list({ limit: 2 })).toEqual(sent.slice(0, 2));
    expect(await list({ before: sent[1] })).toEqual(sent.slice(2));
    expect(await list({ until: sent[2] })).toEqual(sent.slice(0, 2));
    expect(await list({ before: sent[0], until: sent[3], limit: 1 })).toEqual([sent[1]]);
  });
});

/** Keys and kinds of a value, its contents left out; lists by their first element. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  const entries = Object.entries(value).map(([key, one]) => [key, shapeOf(one)] as const);
  return Object.fromEntries(entries);
}
