import type { Address } from '#shared/domain/address.ts';
import { ARCHETYPES } from '../tokens/archetype.ts';
import type { TokenRecipe } from '../tokens/token-recipe.ts';
import type { PoolPlace } from '../venues/venue-opening.ts';

/** When and by which transaction a pool opened. */
export type Opened = {
  /** Unix milliseconds. */
  readonly atMs: number;
  readonly slot: number;
  readonly signature: string;
};

/** A token of the market: what it is, where its pool lies, and whether that is open. */
export type MarketToken = {
  readonly recipe: TokenRecipe;
  readonly place: PoolPlace;
  opened: Opened | undefined;
};

/** Truth about an opened token, for whoever judges the judge. */
export const truthOf = ({ recipe, place, opened }: MarketToken) => ({
  mint: recipe.mint,
  pool: place.pool,
  venue: recipe.opening.venue,
  opening: recipe.opening.id,
  archetype: recipe.archetype,
  trap: ARCHETYPES[recipe.archetype].trap,
  expectation: ARCHETYPES[recipe.archetype].expectation,
  why: ARCHETYPES[recipe.archetype].why,
  name: recipe.text.name,
  symbol: recipe.text.symbol,
  creator: recipe.creator,
  openedAt: opened?.atMs ?? null,
  slot: opened?.slot ?? null,
  signature: opened?.signature ?? null,
});
export type Truth = ReturnType<typeof truthOf>;

/** All tokens of the market, found by what their readers know of them. */
export class TokenBook {
  readonly #byMint = new Map<Address, MarketToken>();
  readonly #byDocument = new Map<string, MarketToken>();
  readonly #byHandle = new Map<string, MarketToken>();

  add(token: MarketToken): void {
    const { mint, text, xAccount } = token.recipe;
    this.#byMint.set(mint, token);
    const document = /^(?:ipfs|ar):\/\/([\w-]+)$/.exec(text.uri)?.[1];
    if (document !== undefined) this.#byDocument.set(document, token);
    if (xAccount !== null) this.#byHandle.set(xAccount.handle.toLowerCase(), token);
  }

  get(mint: Address): MarketToken | undefined {
    return this.#byMint.get(mint);
  }

  /** By the last part of its metadata URI. */
  ofDocument(id: string): MarketToken | undefined {
    return this.#byDocument.get(id);
  }

  ofHandle(handle: string): MarketToken | undefined {
    return this.#byHandle.get(handle.toLowerCase());
  }

  /** In the order of their preparation. */
  all(): Iterable<MarketToken> {
    return this.#byMint.values();
  }
}
