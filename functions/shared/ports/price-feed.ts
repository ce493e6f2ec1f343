import type { Address } from '../domain/address.ts';

/** What a token trades at now. */
export type TokenPrice = {
  /** Lamports for one base unit of the token. */
  readonly lamportsPerUnit: number;
  /** Dollars in its pools; undefined when the feed does not say. */
  readonly liquidityUsd: number | undefined;
};

/** Prices of many tokens at once. */
export type PriceFeed = {
  /**
   * Prices by mint. A mint that the feed does not know, or cannot price now, is left out: unknown is
   * no price. Never throws for what the upstream answers: then nothing is known.
   */
  readonly prices: (
    mints: readonly Address[],
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<Address, TokenPrice>>;
};
