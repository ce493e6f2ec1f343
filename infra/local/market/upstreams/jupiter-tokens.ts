import { isAddress } from '#shared/domain/address.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { type Reply, json } from '../http/reply.ts';
import type { MarketToken } from '../openings/market-token.ts';
import { TOKEN_2022_PROGRAM } from '../chain/program-ids.ts';
import { demandOf } from './demand.ts';
import { SOL_USD, liquidityUsd, poolState } from './pool-state.ts';
import { percentOf, tokenHolders } from './token-holders.ts';
import { type UpstreamContext, isKnown, isoTime } from './upstream-context.ts';

/** Mints that one search takes. */
const MAX_MINTS = 100;
const TOP_HOLDERS = 10;

/** `GET /tokens/v2/search?query=`: mints, or a name. Unknown tokens are left out of the array. */
export function searchTokens(context: UpstreamContext, query: string): Reply {
  const words = query.split(',').map((word) => word.trim());
  if (query === '') return json({ error: 'query is required' }, 400);
  if (words.length > MAX_MINTS) return json({ error: `at most ${MAX_MINTS} mints` }, 400);
  const tokens = words.flatMap((word) => {
    const token = isAddress(word) ? context.book.get(word) : undefined;
    return token !== undefined && isKnown(context, token, 'jupiter') ? [token] : [];
  });
  return json(tokens.map((token) => tokenItem(context, token)));
}

/** Fields that have nothing to say are absent, not null. */
function tokenItem({ chain }: UpstreamContext, token: MarketToken) {
  const { recipe, place, opened } = token;
  const { opening, decimals, supply, standing, links } = recipe;
  const now = chain.clock.nowMs();
  const openedAt = isoTime(opened?.atMs ?? now);
  const state = poolState(chain, token);
  const usdPrice = state.priceSol * SOL_USD;
  const wholeSupply = Number(supply) / 10 ** decimals;
  const fdv = usdPrice * wholeSupply;
  const isPump = opening.venue === 'pump-fun' || opening.event === 'migration';
  const demand = demandOf(token, now);
  const stats = {
    priceChange: 0,
    buyVolume: demand.buyUsd,
    sellVolume: demand.sellUsd,
    numBuys: demand.buys,
    numSells: demand.sells,
    numTraders: demand.traders,
    numNetBuyers: demand.netBuyers,
  };
  const people = tokenHolders(chain, token).filter(({ owner }) => owner !== place.authority);
  const top = people.slice(0, TOP_HOLDERS).reduce((sum, { amount }) => sum + amount, 0n);
  const dev = people.find(({ owner }) => owner === recipe.creator)?.amount ?? 0n;
  return {
    id: recipe.mint,
    name: recipe.text.name,
    symbol: recipe.text.symbol,
    ...(recipe.hosted.kind === 'json' && typeof recipe.hosted.value['image'] === 'string'
      ? { icon: recipe.hosted.value['image'] }
      : {}),
    decimals,
    ...links,
    dev: recipe.creator,
    circSupply: wholeSupply,
    totalSupply: wholeSupply,
    tokenProgram: recipe.tokenProgram,
    ...(recipe.mintAuthority === null ? {} : { mintAuthority: recipe.mintAuthority }),
    ...(recipe.freezeAuthority === null ? {} : { freezeAuthority: recipe.freezeAuthority }),
    ...(isPump ? { launchpad: 'pump.fun' } : {}),
    ...(opening.event === 'migration' ? { graduatedPool: place.pool, graduatedAt: openedAt } : {}),
    holderCount: demand.holderCount,
    fdv,
    mcap: fdv,
    usdPrice,
    priceBlockId: chain.clock.slot(),
    liquidity: liquidityUsd(state, decimals),
    stats5m: stats,
    stats1h: stats,
    stats6h: stats,
    stats24h: stats,
    // Jupiter names the mint where the first pool was a curve.
    firstPool: { id: isPump ? recipe.mint : place.pool, createdAt: openedAt },
    audit: {
      ...(standing.suspicious ? { isSus: true } : {}),
      mintAuthorityDisabled: recipe.mintAuthority === null,
      freezeAuthorityDisabled: recipe.freezeAuthority === null,
      topHoldersPercentage: percentOf(top, supply),
      ...(dev > 0n ? { devBalancePercentage: percentOf(dev, supply) } : {}),
      devMigrations: standing.devMigrations,
      devMints: standing.devMints,
    },
    // Nothing this young has an organic score.
    organicScore: 0,
    organicScoreLabel: 'low',
    tags: ['unknown', ...(recipe.tokenProgram === TOKEN_2022_PROGRAM ? ['token-2022'] : [])],
    createdAt: openedAt,
    updatedAt: new Date(now).toISOString(),
  };
}

/** `GET /price/v3?ids=`: an object by mint; what has no reliable price is left out. */
export function prices(context: UpstreamContext, ids: string): Reply {
  const { chain, book } = context;
  const entries = ids.split(',').flatMap((id): (readonly [string, object])[] => {
    if (id === WRAPPED_SOL) {
      const sol = {
        usdPrice: SOL_USD,
        blockId: chain.clock.slot(),
        decimals: 9,
        priceChange24h: 0,
      };
      return [[id, sol]];
    }
    const token = isAddress(id) ? book.get(id) : undefined;
    if (token === undefined || !isKnown(context, token, 'jupiter')) return [];
    const state = poolState(chain, token);
    const price = {
      createdAt: isoTime(token.opened?.atMs ?? 0),
      liquidity: liquidityUsd(state, token.recipe.decimals),
      usdPrice: state.priceSol * SOL_USD,
      blockId: chain.clock.slot(),
      decimals: token.recipe.decimals,
      priceChange24h: 0,
    };
    return [[id, price] as const];
  });
  return json(Object.fromEntries(entries));
}
