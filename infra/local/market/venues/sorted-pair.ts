import type { Address } from '#shared/domain/address.ts';
import { addressBytes } from '../chain/address-bytes.ts';
import { SYSTEM_PROGRAM, TOKEN_PROGRAM } from '../chain/program-ids.ts';
import { associatedTokenAddress } from '../chain/program-address.ts';
import type { OpeningInput } from './venue-opening.ts';

/** One side of a pool, with the account from which its user fills it. */
export type Side = {
  readonly mint: Address;
  readonly tokenProgram: Address;
  readonly decimals: number;
  readonly vault: Address;
  readonly userAccount: Address;
  readonly amount: bigint;
};

/** The pool's two sides: the new token, and SOL. */
export function sidesOf(input: OpeningInput): { readonly base: Side; readonly quote: Side } {
  const { token, place, quoteMint, user } = input;
  return {
    base: {
      mint: token.mint,
      tokenProgram: token.tokenProgram,
      decimals: token.decimals,
      vault: place.baseVault,
      userAccount: token.creatorAccount,
      amount: input.baseAmount,
    },
    quote: {
      mint: quoteMint,
      tokenProgram: TOKEN_PROGRAM,
      decimals: 9,
      vault: place.quoteVault ?? SYSTEM_PROGRAM,
      userAccount: associatedTokenAddress(user, quoteMint, TOKEN_PROGRAM),
      amount: input.quoteAmount,
    },
  };
}

/** The sides in the order of their mints' bytes, as Raydium's newer programs and Orca demand. */
export function sortedSides(input: OpeningInput): readonly [Side, Side] {
  const { base, quote } = sidesOf(input);
  const order = Buffer.compare(addressBytes(base.mint), addressBytes(quote.mint));
  return order < 0 ? [base, quote] : [quote, base];
}

/** Square root of the price as a fixed-point number of 64 fractional bits. */
export const sqrtPriceX64 = ([first, second]: readonly [Side, Side]): bigint =>
  BigInt(Math.floor(Math.sqrt(Number(second.amount) / Number(first.amount)) * 2 ** 52)) << 12n;
