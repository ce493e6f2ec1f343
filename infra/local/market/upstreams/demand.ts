import type { MarketToken } from '../openings/market-token.ts';

/** Trades of a window as trackers count them. */
export type Demand = {
  readonly buys: number;
  readonly sells: number;
  readonly traders: number;
  readonly netBuyers: number;
  readonly buyUsd: number;
  readonly sellUsd: number;
  readonly holderCount: number;
};

const USD_PER_BUY = 34;
const USD_PER_SELL = 41;

/** What trackers have counted since the opening; those who hold from before it bought as well. */
export function demandOf({ recipe, opened }: MarketToken, nowMs: number): Demand {
  const { standing, holders, bundle, opening } = recipe;
  const minutes = Math.min(5, Math.max(0, nowMs - (opened?.atMs ?? nowMs)) / 60_000);
  const early = opening.event === 'pool' ? Math.ceil(holders.length / 3) : holders.length;
  const buys = Math.round(early * 1.3 + bundle.length + standing.buyersPerMinute * minutes);
  const sells = Math.round((buys * standing.sellsPerTenBuys) / 10);
  const traders = Math.round(buys * 0.8 + sells * 0.3);
  return {
    buys,
    sells,
    traders,
    netBuyers: Math.max(0, Math.round((buys - sells) * 0.8)),
    buyUsd: buys * USD_PER_BUY,
    sellUsd: sells * USD_PER_SELL,
    holderCount: holders.length + bundle.length + Math.round(buys * 0.5) + 2,
  };
}
