import type { Address } from '#shared/domain/address.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';

/**
 * Which token accounts a mint and an owner have, as a node's secondary index would know.
 *
 * LiteSVM could only scan all accounts of the token program. Accounts are never removed: a closed
 * one is found empty by whoever reads it.
 */
export class TokenAccountIndex {
  readonly #byMint = new Map<Address, Set<Address>>();
  readonly #byOwner = new Map<Address, Set<Address>>();

  add(account: Address, of: { readonly mint: Address; readonly owner: Address }): void {
    // Every pool has an account of wrapped SOL, and nobody asks who holds most of it.
    if (of.mint !== WRAPPED_SOL) addTo(this.#byMint, of.mint, account);
    addTo(this.#byOwner, of.owner, account);
  }

  ofMint(mint: Address): Iterable<Address> {
    return this.#byMint.get(mint) ?? [];
  }

  ofOwner(owner: Address): Iterable<Address> {
    return this.#byOwner.get(owner) ?? [];
  }
}

function addTo(index: Map<Address, Set<Address>>, key: Address, account: Address): void {
  const accounts = index.get(key);
  if (accounts === undefined) index.set(key, new Set([account]));
  else accounts.add(account);
}
