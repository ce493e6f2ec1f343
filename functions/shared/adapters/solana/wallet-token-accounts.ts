import { type Address, bytesOfAddress } from '../../domain/address.ts';
import { ASSOCIATED_TOKEN_PROGRAM, JUPITER_PROGRAM } from '../../domain/solana-programs.ts';
import { programAddress } from './program-address.ts';

/** The token account of a wallet for a mint. `tokenProgram` is the mint's owner. */
export const associatedTokenAccount = (
  wallet: Address,
  mint: Address,
  tokenProgram: Address,
): Address =>
  programAddress([wallet, tokenProgram, mint].map(bytesOfAddress), ASSOCIATED_TOKEN_PROGRAM);

const JUPITER_SEED = new TextEncoder().encode('token_account');

/**
 * The account that Jupiter's `create_token_account` makes for a wallet, mostly to hold wrapped SOL
 * for one transaction. The seeds are those of its recorded transactions.
 */
export const jupiterTokenAccount = (wallet: Address, mint: Address): Address =>
  programAddress([JUPITER_SEED, bytesOfAddress(wallet), bytesOfAddress(mint)], JUPITER_PROGRAM);
