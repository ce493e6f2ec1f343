import type { Address } from '#shared/domain/address.ts';
import type { VenueOpening } from '../venues/venue-opening.ts';
import type { ArchetypeName } from './archetype.ts';
import type { MintExtension } from './mint-extension.ts';
import type { TokenText } from './token-metadata.ts';

/** What the metadata host answers for a token. */
export type HostedMetadata =
  | {
      readonly kind: 'json';
      readonly value: Readonly<Record<string, unknown>>;
      readonly delayMs: number;
    }
  | { readonly kind: 'text'; readonly contentType: string; readonly body: string }
  /** A JSON document of this many bytes, made when asked for. */
  | { readonly kind: 'huge'; readonly bytes: number }
  /** A JSON document nested this deep. */
  | { readonly kind: 'deep'; readonly levels: number }
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'missing' };

/** A person's account on X. */
export type XAccount = {
  readonly handle: string;
  readonly followers: number;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly verified: boolean;
  readonly suspended: boolean;
};

/** How a token and its creator stand with Jupiter, RugCheck and DexScreener. */
export type Standing = {
  /** Jupiter's audit flags it. */
  readonly suspicious: boolean;
  /** RugCheck saw the liquidity pulled. */
  readonly rugged: boolean;
  readonly rugHistory: boolean;
  /** Tokens the creator has made, and those that graduated. */
  readonly devMints: number;
  readonly devMigrations: number;
  /** Has a paid profile on DexScreener. */
  readonly dexProfile: boolean;
  /** People who buy, each minute, and how many sells come on ten buys. */
  readonly buyersPerMinute: number;
  readonly sellsPerTenBuys: number;
};

/** Milliseconds after the opening at which each index knows the token. */
export type IndexDelays = {
  readonly largestAccounts: number;
  readonly jupiter: number;
  readonly rugcheck: number;
  readonly dexscreener: number;
};

/** A holder before the pool opens. */
export type Holder = {
  readonly owner: Address;
  readonly account: Address;
  readonly amount: bigint;
};

/** Everything about a token that chance decides, before any of it is on chain. Amounts in base units. */
export type TokenRecipe = {
  readonly archetype: ArchetypeName;
  readonly opening: VenueOpening;
  readonly mint: Address;
  readonly tokenProgram: Address;
  readonly decimals: number;
  readonly supply: bigint;
  readonly creator: Address;
  readonly creatorAccount: Address;
  readonly creatorAmount: bigint;
  /** Null: nobody can mint more, or freeze. */
  readonly mintAuthority: Address | null;
  readonly freezeAuthority: Address | null;
  readonly extensions: readonly MintExtension[];
  readonly text: TokenText;
  /** Where the texts lie on chain. */
  readonly onChainMetadata: 'mint' | 'metaplex' | 'none';
  readonly isMetadataMutable: boolean;
  readonly holders: readonly Holder[];
  /** Wallets that buy from the pool in its first slot. */
  readonly bundle: readonly Holder[];
  readonly poolAmount: bigint;
  readonly poolLamports: bigint;
  /** Share of the liquidity tokens that is burnt, 0 or 1; the creator keeps the rest. */
  readonly isLiquidityBurnt: boolean;
  readonly hosted: HostedMetadata;
  readonly xAccount: XAccount | null;
  readonly links: {
    readonly twitter?: string;
    readonly telegram?: string;
    readonly website?: string;
  };
  readonly standing: Standing;
  readonly indexDelays: IndexDelays;
};
