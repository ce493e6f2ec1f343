import { known } from '#shared/domain/evidence.ts';
import { poolReserves } from '#shared/domain/pool-reserves.ts';
import type { Check } from './check.ts';

/** What stands in the pool, and what our own stake would do to its price. */
export const liquidity: Check<'liquidity'> = {
  async run(ask) {
    const accounts = await ask.accounts();
    if (accounts.status !== 'known') return accounts;
    const reserves = poolReserves(ask.opening, accounts.facts, ask.stakeLamports);
    return reserves.status === 'known' ? known(reserves.facts) : reserves;
  },
};
