import { poolReserves } from '#shared/domain/pool-reserves.ts';
import type { Check } from './check.ts';

/** What stands in the pool, and what our own stake would do to its price. */
export const liquidity: Check<'liquidity'> = {
  async run(ask) {
    const accounts = await ask.accounts();
    if (accounts.status !== 'known') return accounts;
    return poolReserves(ask.opening, accounts.facts, ask.stakeLamports);
  },
};
