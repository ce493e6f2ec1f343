import type { Address } from '#shared/domain/address.ts';
import type { PoolEvent } from '#shared/domain/detection.ts';
import type { Venue } from '#shared/domain/venue.ts';
import type { ChainInstruction } from '../chain-instruction.ts';
import type { ChainTransaction } from '../chain-transaction.ts';

/** Where an instruction's accounts stand, from 0, by what they are to the pool. */
export type PoolAccounts = {
  readonly pool: number;
  /** The first mint of the instruction: token a, 0, x, base or coin in the venue's own words. */
  readonly mintA: number;
  /** The second mint; null where the instruction names none (Pump.fun pairs with SOL). */
  readonly mintB: number | null;
  /** Token account of mint a; null where the pool has none of its own. */
  readonly vaultA: number | null;
  readonly vaultB: number | null;
  readonly lpMint: number | null;
  /** Who made the pool; null where no account of the instruction tells. */
  readonly creator: number | null;
};

/** An instruction that matched a form, and what there is to read around it. */
export type OpeningCall = {
  readonly instruction: ChainInstruction;
  /** The instruction's data, discriminator included; at least `leastDataBytes` long. */
  readonly data: Uint8Array;
  readonly transaction: ChainTransaction;
  /** True when a launchpad's migration called it. */
  readonly migrating: boolean;
};

/** What an instruction says beyond its accounts. Left out: the accounts say all. */
export type OpeningDetails = {
  /** Overrides the creator that the accounts name; null when it is known to be nobody real. */
  readonly creator?: Address | null | undefined;
  /** Overrides the form's own event. */
  readonly event?: PoolEvent | undefined;
  /** Unix seconds; null when trading starts at once. */
  readonly openTime?: number | null | undefined;
  /** Where `mintB` and `vaultB` are not at fixed places. */
  readonly quoteMint?: string | undefined;
  readonly quoteVault?: number | undefined;
};

/** One instruction that makes a pool. */
export type OpeningForm = {
  readonly kind: 'opening';
  /** Its name in the program's own interface description (IDL), in snake case. */
  readonly name: string;
  /** The bytes that its data starts with, in hex: eight for Anchor programs. */
  readonly discriminator: string;
  /** Shortest data with all that is read here; programs may add arguments behind it. */
  readonly leastDataBytes: number;
  readonly event: PoolEvent;
  readonly accounts: PoolAccounts;
  /** `first-is-base`: the new token stands first, whatever it is paired with (launchpads). */
  readonly pair: 'by-quote-mint' | 'first-is-base';
  /** True where all pools hold their quote in one account, whose balance tells nothing of this pool. */
  readonly quoteVaultIsShared?: boolean;
  readonly details?: (call: OpeningCall) => OpeningDetails;
};

/**
 * One instruction that moves a token from a launchpad to a pool of another venue. The pool itself
 * is opened by the other venue's instruction, called from this one; here stands what it leads to.
 */
export type MigrationForm = {
  readonly kind: 'migration';
  readonly name: string;
  readonly discriminator: string;
  /** The venue at which the pool opens. */
  readonly to: Venue;
  readonly accounts: {
    /** The token that moves. */
    readonly mint: number;
    /** The new pool; the pool's own instruction is looked for by it being among all accounts. */
    readonly pool: number;
  };
};

export type InstructionForm = OpeningForm | MigrationForm;

/** What Volley knows of one venue's program: its instructions that open or migrate pools. */
export type VenueDecoder = {
  readonly venue: Venue;
  readonly forms: readonly InstructionForm[];
};
