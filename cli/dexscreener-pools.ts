import * as z from 'zod';

import { bodyOf } from '#shared/adapters/http/answer.ts';
import type { JsonClient } from '#shared/adapters/http/json-client.ts';
import { type Address, addressSchema } from '#shared/domain/address.ts';
import { QUOTE_MINTS, type Venue } from '#shared/domain/venue.ts';

/** A pool as a chart site knows it: without its vaults and its creator. */
export type ListedPool = {
  readonly venue: Venue;
  readonly pool: Address;
  readonly quoteMint: Address;
  readonly liquidityUsd: number;
};

const pairSchema = z.object({
  chainId: z.literal('solana'),
  dexId: z.string(),
  labels: z.array(z.string()).nullish(),
  pairAddress: addressSchema,
  baseToken: z.object({ address: z.string() }),
  quoteToken: z.object({ address: addressSchema }),
  /** Missing for bonding curves. */
  liquidity: z.object({ usd: z.number().nullish() }).nullish(),
});
/** An unknown token has an empty array, or null. Pairs of a shape that we do not know are passed over. */
const answerSchema = z.array(z.unknown()).nullable();

/** DexScreener's names of venues; Raydium's and Meteora's programs are told apart by labels. */
const VENUES_BY_DEX: Readonly<Record<string, Readonly<Record<string, Venue>>>> = {
  pumpfun: { '': 'pump-fun' },
  pumpswap: { '': 'pump-swap' },
  raydium: { '': 'raydium-amm-v4', CPMM: 'raydium-cpmm', CLMM: 'raydium-clmm' },
  launchlab: { '': 'raydium-launchlab' },
  meteora: { '': 'meteora-damm-v1', DLMM: 'meteora-dlmm', DYN2: 'meteora-damm-v2' },
  meteoradbc: { '': 'meteora-dbc' },
  orca: { '': 'orca-whirlpool' },
};

/** The deepest pool of a mint against a quote mint, as `GET /token-pairs/v1/solana/{mint}` lists it. */
export async function deepestPool(
  client: JsonClient,
  mint: Address,
  signal: AbortSignal,
): Promise<ListedPool | undefined> {
  const path = `/token-pairs/v1/solana/${mint}`;
  const answer = await client.request({ path, idempotent: true, signal });
  const pairs = bodyOf(client.upstream, answerSchema, answer) ?? [];
  return pairs
    .flatMap((pair) => listedPool(pair, mint))
    .sort((a, b) => b.liquidityUsd - a.liquidityUsd)[0];
}

function listedPool(pair: unknown, mint: Address): ListedPool[] {
  const parsed = pairSchema.safeParse(pair);
  if (!parsed.success) return [];
  const { dexId, labels, pairAddress, baseToken, quoteToken, liquidity } = parsed.data;
  const byLabel = VENUES_BY_DEX[dexId];
  const label = (labels ?? []).find((each) => byLabel?.[each] !== undefined) ?? '';
  const venue = byLabel?.[label];
  if (venue === undefined || baseToken.address !== mint) return [];
  if (!QUOTE_MINTS.has(quoteToken.address)) return [];
  const liquidityUsd = liquidity?.usd ?? 0;
  return [{ venue, pool: pairAddress, quoteMint: quoteToken.address, liquidityUsd }];
}
