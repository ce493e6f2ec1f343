import type { Address } from '#shared/domain/address.ts';
import { address } from '#shared/domain/address.ts';
import { JUPITER_PROGRAM } from '#shared/domain/solana-programs.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import { type Instruction, payer, ro, rw } from '../chain/instruction.ts';
import { associatedTokenAddress } from '../chain/program-address.ts';
import { TOKEN_PROGRAM } from '../chain/program-ids.ts';
import { PLATFORM_FEE_BPS } from './swap-math.ts';
import { type Swap, quoteAccount } from './swap-transaction.ts';

/** Anchor's discriminator of `route_v2`, and where it has what is needed to play it. */
export const ROUTE_V2 = 'bb64facc31c4af14';
export const EVENT_AUTHORITY = address('D8cy77BBepLMngZx6ZukaTff5hCt1HrWyKk3Hnd9oitf');

/** What a swap moves on each side: from whom, to whom. */
export function legsOf({ token, taker, side }: Pick<Swap, 'token' | 'taker' | 'side'>) {
  const { mint, tokenProgram, decimals } = token.recipe;
  const base = {
    mint,
    tokenProgram,
    decimals,
    own: associatedTokenAddress(taker, mint, tokenProgram),
    vault: token.place.baseVault,
  };
  const quote = {
    mint: WRAPPED_SOL,
    tokenProgram: TOKEN_PROGRAM,
    decimals: 9,
    own: associatedTokenAddress(taker, WRAPPED_SOL, TOKEN_PROGRAM),
    vault: quoteAccount(token),
  };
  return side === 'buy' ? { given: quote, taken: base } : { given: base, taken: quote };
}

/** Jupiter's `route_v2` through one pool. Source: IDL of the aggregator, version 6. */
export function routeInstruction(swap: Swap & { readonly slippageBps: number }): Instruction {
  const { given, taken } = legsOf(swap);
  const accounts: readonly Address[] = [
    given.mint,
    taken.mint,
    given.tokenProgram,
    taken.tokenProgram,
  ];
  const data = new ByteWriter(34).hex(ROUTE_V2).u64(swap.amountIn).u64(swap.amountOut);
  data.u16(swap.slippageBps).u16(PLATFORM_FEE_BPS).u16(0).u32(0);
  return {
    programId: JUPITER_PROGRAM,
    accounts: [
      payer(swap.taker),
      rw(given.own),
      rw(taken.own),
      ...accounts.map(ro),
      // No other account gets the output: Jupiter's own address says "none".
      ro(JUPITER_PROGRAM),
      ro(EVENT_AUTHORITY),
      ro(JUPITER_PROGRAM),
      rw(given.vault),
      rw(taken.vault),
    ],
    data: data.done(),
  };
}
