import type { Address } from '#shared/domain/address.ts';

/**
 * The wallet's own accounts of a mint that a router may use; `tokenProgram` is the mint's owner, SPL
 * Token when left out.
 */
export type WalletAccounts = (
  wallet: Address,
  mint: Address,
  tokenProgram?: Address,
) => readonly Address[];
