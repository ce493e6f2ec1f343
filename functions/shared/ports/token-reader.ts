import type { Address } from '../domain/address.ts';
import type { PoolOpening } from '../domain/detection.ts';
import type { Finding } from '../domain/evidence.ts';
import type { Holding } from '../domain/holder-facts.ts';
import type { MetaplexMetadata } from '../domain/metaplex-metadata.ts';
import type { PoolAccounts } from '../domain/pool-reserves.ts';
import type { TokenMint } from '../domain/token-mint.ts';

/** A token and its pool at one moment of the chain. */
export type TokenSnapshot = PoolAccounts & {
  readonly mint: TokenMint;
  readonly metaplex: MetaplexMetadata | undefined;
};

/** Reads of the chain's present state. */
export type TokenReader = {
  /**
   * Mint, metadata and pool in one reading. `absent`: the node does not have the mint yet; `failed`:
   * the account is no mint of a token program.
   * @throws {Fault} when the node cannot be asked.
   */
  readonly snapshot: (opening: PoolOpening, signal: AbortSignal) => Promise<Finding<TokenSnapshot>>;
  /**
   * At most 20 of the largest token accounts with their owners, largest first. `absent`: the node
   * does not list the mint yet; `failed`: the node refuses the method.
   * @throws {Fault} when the node cannot be asked.
   */
  readonly holdings: (mint: Address, signal: AbortSignal) => Promise<Finding<readonly Holding[]>>;
  /**
   * Owners who got tokens in the slot in which the pool opened, pools and custody not left out.
   * `absent`: the node does not have the slot's transactions yet; `failed`: too much has happened since.
   * @throws {Fault} when the node cannot be asked.
   */
  readonly firstBuyers: (
    mint: Address,
    slot: number,
    signal: AbortSignal,
  ) => Promise<Finding<readonly string[]>>;
};
