import { Keypair, VersionedTransaction } from '@solana/web3.js';

import type { Market } from '#infra/local/market/start-market.ts';
import type { ArchetypeName } from '#infra/local/market/tokens/archetype.ts';
import type { MarketToken } from '#infra/local/market/openings/market-token.ts';
import { address } from '#shared/domain/address.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';

export type Json = Record<string, unknown>;

/** One JSON-RPC call's whole answer. */
export async function rpc(url: string, method: string, params: unknown[] = []): Promise<Json> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const response = await fetch(`${url}/rpc`, { method: 'POST', body });
  return (await response.json()) as Json;
}

export async function getJson<Shape = Json>(url: string, headers = {}): Promise<Shape> {
  return (await (await fetch(url, { headers })).json()) as Shape;
}

let opened = 0;

/** Opens one token of an archetype, another one each time, and finds it. */
export async function openOne(market: Market, archetype: ArchetypeName): Promise<MarketToken> {
  opened += 1;
  const seed = `${archetype}-${opened}`;
  const known = new Set(market.truth().map(({ mint }) => mint));
  await market.open({ tokens: 1, archetypes: { [archetype]: 1 }, seed });
  const found = market.truth().find(({ mint }) => !known.has(mint));
  return market.book.get(found!.mint)!;
}

/** A wallet with SOL. */
export async function aWallet({ url }: Market, sol = 10): Promise<Keypair> {
  const wallet = Keypair.generate();
  await rpc(url, 'requestAirdrop', [wallet.publicKey.toBase58(), sol * 1e9]);
  return wallet;
}

export type Trade = { readonly order: Json; readonly executed: Json };

/** Quotes, signs and executes a swap as a trader does. Amounts in base units. */
export async function swap(
  { url }: Market,
  wallet: Keypair,
  token: MarketToken,
  side: 'buy' | 'sell',
  amount: bigint,
): Promise<Trade> {
  const [input, output] =
    side === 'buy' ? [WRAPPED_SOL, token.recipe.mint] : [token.recipe.mint, WRAPPED_SOL];
  const query = `inputMint=${input}&outputMint=${output}&amount=${amount}&taker=${wallet.publicKey.toBase58()}`;
  const order = await getJson(`${url}/jupiter/swap/v2/order?${query}`);
  const transaction = VersionedTransaction.deserialize(
    Buffer.from(String(order['transaction']), 'base64'),
  );
  transaction.sign([wallet]);
  const signedTransaction = Buffer.from(transaction.serialize()).toString('base64');
  const executed = await execute(url, signedTransaction, order['requestId']);
  return { order, executed };
}

export async function execute(url: string, signedTransaction: string, requestId: unknown) {
  const body = JSON.stringify({ signedTransaction, requestId });
  const response = await fetch(`${url}/jupiter/swap/v2/execute`, { method: 'POST', body });
  return (await response.json()) as Json;
}

/** Base units of the token in the wallet. */
export async function heldBy(
  { url }: Market,
  wallet: Keypair,
  token: MarketToken,
): Promise<bigint> {
  type Wallet = { tokens: { mint: string; amount: string }[] };
  const { tokens } = await getJson<Wallet>(`${url}/market/wallet/${wallet.publicKey.toBase58()}`);
  const found = tokens.find(({ mint }) => mint === token.recipe.mint);
  return BigInt(found?.amount ?? 0);
}

export const keyOf = (wallet: Keypair) => address(wallet.publicKey.toBase58());
