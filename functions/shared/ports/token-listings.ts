import type { Address } from '../domain/address.ts';
import type { FactsOf, Finding } from '../domain/evidence.ts';

/** Public links of a token as found, not yet judged; null where there is none. */
export type TokenLinks = {
  readonly twitter: string | null;
  readonly telegram: string | null;
  readonly website: string | null;
};

/** A token as an aggregator lists it. */
export type TokenListing = { readonly trading: FactsOf<'organic'>; readonly links: TokenLinks };

export type TokenListings = {
  /** `absent`: not listed yet. @throws {Fault} */
  readonly find: (mint: Address, signal: AbortSignal) => Promise<Finding<TokenListing>>;
};
