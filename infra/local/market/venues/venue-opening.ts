import type { Address } from '#shared/domain/address.ts';
import type { PoolEvent } from '#shared/domain/detection.ts';
import type { Venue } from '#shared/domain/venue.ts';
import type { Instruction } from '../chain/instruction.ts';
import type { TokenText } from '../tokens/token-metadata.ts';

/** Where the accounts of a pool lie. */
export type PoolPlace = {
  readonly pool: Address;
  /** Owner of the vaults, who signs for the pool. */
  readonly authority: Address;
  readonly baseVault: Address;
  /** Null where the pool's SOL lies as lamports in the pool account itself. */
  readonly quoteVault: Address | null;
  /** Null for venues without liquidity tokens. */
  readonly lpMint: Address | null;
};

/** The token that a pool opens with. */
export type OpeningToken = {
  readonly mint: Address;
  readonly tokenProgram: Address;
  readonly decimals: number;
  /** Base units. */
  readonly supply: bigint;
  readonly creator: Address;
  /** The creator's account of the token. */
  readonly creatorAccount: Address;
  readonly text: TokenText;
};

/** All that an opening's bytes depend on. */
export type OpeningInput = {
  readonly token: OpeningToken;
  readonly place: PoolPlace;
  readonly quoteMint: Address;
  /** Who pays for and signs the opening. */
  readonly user: Address;
  /** Base units that go into the pool. */
  readonly baseAmount: bigint;
  /** Lamports that go into the pool. */
  readonly quoteAmount: bigint;
  /** Unix seconds. */
  readonly timestamp: number;
};

/** A call that the venue's program would have made: added to what the chain recorded. */
export type RecordedCall = Instruction & {
  /** 2: called by the opening instruction; 3: by one of those calls. */
  readonly stackHeight: number;
};

/** An account that the venue's program would have written. */
export type StateAccount = { readonly address: Address; readonly data: Uint8Array };

/** One instruction of a DEX program that opens pools. */
export type VenueOpening = {
  /** `<venue>/<instruction>`. */
  readonly id: string;
  readonly venue: Venue;
  readonly event: PoolEvent;
  /** Token programs whose mints it takes. */
  readonly accepts: 'spl-token' | 'token-2022' | 'both';
  /** A bonding curve of Pump.fun's shape keeps its SOL in the pool account. */
  readonly pricing: 'pump-curve' | 'constant-product';
  /** How Jupiter, DexScreener and RugCheck name it. */
  readonly labels: {
    readonly jupiter: string;
    readonly dexscreener: string;
    readonly rugcheck: string;
  };
  /** Who pays for it: the token's creator, or a stranger who keeps the venue going. */
  readonly user: 'creator' | 'keeper';
  /** Addresses of the pool's accounts, by the venue's own seeds. */
  readonly place: (token: Pick<OpeningToken, 'mint' | 'tokenProgram' | 'creator'>) => PoolPlace;
  readonly instruction: (input: OpeningInput) => Instruction;
  /** Logs between the program's `invoke` and `success`, and its calls, in order. */
  readonly recorded: (input: OpeningInput) => {
    readonly logs: readonly string[];
    readonly calls: readonly RecordedCall[];
  };
  /** Accounts as the opening leaves them, beyond vaults and mints. Owner: the venue's program. */
  readonly state: (input: OpeningInput) => readonly StateAccount[];
};

/** Head of the instruction by which Anchor programs call themselves to leave an event behind. */
export const EVENT_CALL = 'e445a52e51cb9a1d';

/** `Program data:` with the event's bytes: how Anchor logs an event. */
export const programData = (event: Uint8Array): string =>
  `Program data: ${Buffer.from(event).toString('base64')}`;
