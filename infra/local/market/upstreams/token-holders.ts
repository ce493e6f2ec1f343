import type { Address } from '#shared/domain/address.ts';
import type { Chain } from '../chain/chain.ts';
import { readTokenAccount } from '../chain/token-layout.ts';
import type { MarketToken } from '../openings/market-token.ts';

export type TokenHolder = {
  readonly account: Address;
  readonly owner: Address;
  readonly amount: bigint;
};

/** All who hold the token now, largest first, the pool's vault included. */
export function tokenHolders(chain: Chain, { recipe }: MarketToken): TokenHolder[] {
  const holders: TokenHolder[] = [];
  for (const account of chain.tokenAccounts.ofMint(recipe.mint)) {
    const data = chain.vm.account(account)?.data;
    if (data === undefined || data.length === 0) continue;
    const { owner, amount } = readTokenAccount(data);
    if (amount > 0n) holders.push({ account, owner, amount });
  }
  return holders.sort((a, b) => (a.amount < b.amount ? 1 : a.amount > b.amount ? -1 : 0));
}

/** A part of the supply in percent. */
export const percentOf = (amount: bigint, supply: bigint): number =>
  Number((amount * 10n ** 12n) / supply) / 1e10;
