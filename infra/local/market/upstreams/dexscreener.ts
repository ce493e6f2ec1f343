import { isAddress } from '#shared/domain/address.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { type Reply, json } from '../http/reply.ts';
import type { MarketToken } from '../openings/market-token.ts';
import { demandOf } from './demand.ts';
import { SOL_USD, liquidityUsd, poolState, solOf } from './pool-state.ts';
import { type UpstreamContext, isKnown } from './upstream-context.ts';

/** `GET /token-pairs/v1/solana/{mint}` and `/tokens/v1/solana/{mints}`: an array, empty for the unknown. */
export function dexscreenerPairs(context: UpstreamContext, path: string): Reply {
  const [, list] = /^\/(?:token-pairs|tokens)\/v1\/solana\/([\w,]+)$/.exec(path) ?? [];
  if (list === undefined) return json({ error: 'not found' }, 404);
  const pairs = list.split(',').flatMap((mint) => {
    const token = isAddress(mint) ? context.book.get(mint) : undefined;
    const known = token !== undefined && isKnown(context, token, 'dexscreener');
    return known ? [pairOf(context, token)] : [];
  });
  return json(pairs);
}

/** The same in all windows: the token is younger than the shortest. */
const all = <Value>(value: Value) => ({ m5: value, h1: value, h6: value, h24: value });

function pairOf({ chain }: UpstreamContext, token: MarketToken) {
  const { recipe, place, opened } = token;
  const { opening, decimals, text } = recipe;
  const state = poolState(chain, token);
  const demand = demandOf(token, chain.clock.nowMs());
  const usdPrice = state.priceSol * SOL_USD;
  const fdv = (usdPrice * Number(recipe.supply)) / 10 ** decimals;
  const txns = { buys: demand.buys, sells: demand.sells };
  const volume = demand.buyUsd + demand.sellUsd;
  return {
    chainId: 'solana',
    dexId: opening.labels.dexscreener,
    url: `https://dexscreener.com/solana/${place.pool.toLowerCase()}`,
    pairAddress: place.pool,
    baseToken: { address: recipe.mint, name: text.name, symbol: text.symbol },
    quoteToken: { address: WRAPPED_SOL, name: 'Wrapped SOL', symbol: 'SOL' },
    priceNative: plainNumber(state.priceSol),
    priceUsd: plainNumber(usdPrice),
    txns: all(txns),
    volume: all(volume),
    // Keys of windows in which nothing changed are missing.
    priceChange: {},
    // Curves have no liquidity to show.
    ...(opening.pricing === 'pump-curve'
      ? {}
      : {
          liquidity: {
            usd: liquidityUsd(state, decimals),
            base: Math.floor(Number(state.base) / 10 ** decimals),
            quote: solOf(state.lamports),
          },
        }),
    fdv,
    marketCap: fdv,
    pairCreatedAt: opened?.atMs ?? 0,
    ...(recipe.standing.dexProfile ? { info: info(token) } : {}),
  };
}

/** Four digits that count, never with an exponent: as DexScreener writes prices. */
function plainNumber(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 3 - Math.floor(Math.log10(value)));
  return value.toFixed(Math.min(digits, 20));
}

/** Only tokens whose people paid for a profile have one. */
function info({ recipe }: MarketToken) {
  const { twitter, telegram, website } = recipe.links;
  return {
    imageUrl: `https://cdn.dexscreener.com/cms/images/${recipe.mint.slice(0, 16)}?width=800&height=800`,
    websites: website === undefined ? [] : [{ url: website, label: 'Website' }],
    socials: [
      ...(twitter === undefined ? [] : [{ url: twitter, type: 'twitter' }]),
      ...(telegram === undefined ? [] : [{ url: telegram, type: 'telegram' }]),
    ],
  };
}
