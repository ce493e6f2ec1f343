import type { Address } from '../domain/address.ts';

/** A transaction of an account, as the chain lists it. */
export type ListedTransaction = {
  readonly signature: string;
  readonly slot: number;
  /** Unix seconds; null when the node does not know it. */
  readonly blockTime: number | null;
  /** True when the transaction failed on chain: it opened nothing. */
  readonly failed: boolean;
};

/** Where a listing starts and ends. */
export type ListingRange = {
  /** Only what is older than this signature. */
  readonly before?: string;
  /** Only what is newer than this signature. */
  readonly until?: string;
  /** 1..=1_000. */
  readonly limit: number;
};

/** The chain's past, as far as it is confirmed. */
export type ChainHistory = {
  /** Transactions that name the account, newest first. @throws {Fault} `upstream.*` */
  readonly list: (
    account: Address,
    range: ListingRange,
    signal: AbortSignal,
  ) => Promise<ListedTransaction[]>;
  /**
   * One transaction as the RPC method `getTransaction` answers it; null while the node does not have
   * it yet. @throws {Fault} `upstream.*`
   */
  readonly transaction: (signature: string, signal: AbortSignal) => Promise<unknown>;
};
