import type { Address } from '../domain/address.ts';
import type { Finding } from '../domain/evidence.ts';
import type { TokenLinks } from './token-listings.ts';

/** What a chart site shows of a token. */
export type DexProfile = {
  /** A paid or claimed profile exists. Its absence says nothing of a fresh token. */
  readonly hasProfile: boolean;
  readonly boosts: number;
  readonly links: TokenLinks;
};

export type DexProfiles = {
  /** `absent`: the token is not indexed yet. @throws {Fault} */
  readonly find: (mint: Address, signal: AbortSignal) => Promise<Finding<DexProfile>>;
};
