import type { Address } from '#shared/domain/address.ts';
import type { BasisPoints } from '#shared/domain/units.ts';

/** The swap that we mean to sign, in the words of the chain. What differs is not signed. */
export type SwapIntent = {
  readonly wallet: Address;
  readonly inputMint: Address;
  readonly outputMint: Address;
  /** Base units of the input, to the unit. */
  readonly inAmount: bigint;
  /** The least that has to come back. */
  readonly minOutAmount: bigint;
  readonly maxFeeBps: BasisPoints;
  /** Priority fee, in lamports, that is still worth it. */
  readonly maxPriorityLamports: bigint;
  /** Our own token accounts that the input may be taken from. */
  readonly inputAccounts: readonly Address[];
  /** Our own token accounts that the output may be paid into. */
  readonly outputAccounts: readonly Address[];
};
