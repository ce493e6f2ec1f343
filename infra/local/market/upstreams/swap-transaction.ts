import type { Address } from '#shared/domain/address.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { addressBytes } from '../chain/address-bytes.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import type { Chain } from '../chain/chain.ts';
import type { Instruction } from '../chain/instruction.ts';
import { compileMessage, encodeMessage } from '../chain/message.ts';
import { associatedTokenAddress } from '../chain/program-address.ts';
import { TOKEN_PROGRAM } from '../chain/program-ids.ts';
import { TOKEN_ACCOUNT_BYTES, tokenAmount } from '../chain/token-layout.ts';
import type { MarketToken } from '../openings/market-token.ts';
import {
  setComputeUnitLimit,
  setComputeUnitPrice,
  transferLamports,
} from '../tokens/system-instructions.ts';
import {
  closeAccount,
  createAssociatedAccount,
  syncNative,
  transferChecked,
} from '../tokens/token-instructions.ts';
import { CURVE, curveAccount } from '../venues/pump-fun-accounts.ts';

/** Compute budget of every swap, and its price for each unit. */
export const COMPUTE_UNITS = 200_000;
export const MICRO_LAMPORTS = 50_000n;
/** SOL that a curve's trading account always has, to pay sellers before the curve pays it back. */
const WORKING_LAMPORTS = 2_000_000_000_000n;

/** A trade with one pool at fixed amounts, in base units. */
export type Swap = {
  readonly token: MarketToken;
  readonly side: 'buy' | 'sell';
  readonly taker: Address;
  readonly amountIn: bigint;
  readonly amountOut: bigint;
};

/** Lamports that the compute budget of such a transaction costs. */
export const PRIORITY_LAMPORTS = (BigInt(COMPUTE_UNITS) * MICRO_LAMPORTS) / 1_000_000n;

/** The message of a v0 transaction that swaps; the taker and the pool's authority must sign it. */
export function swapMessage(chain: Chain, swap: Swap): Uint8Array {
  const instructions = [
    setComputeUnitLimit(COMPUTE_UNITS),
    setComputeUnitPrice(MICRO_LAMPORTS),
    ...(swap.side === 'buy' ? buyInstructions(swap) : sellInstructions(swap)),
  ];
  const recentBlockhash = chain.clock.blockhash(chain.clock.slot());
  const message = compileMessage({
    feePayer: swap.taker,
    instructions,
    recentBlockhash,
    version: 0,
  });
  return encodeMessage(message);
}

/** The pool's account of wrapped SOL; a curve has one only for trading. */
export const quoteAccount = ({ place }: MarketToken): Address =>
  place.quoteVault ?? associatedTokenAddress(place.authority, WRAPPED_SOL, TOKEN_PROGRAM);

const accountsOf = ({ token, taker }: Swap) => {
  const { mint, tokenProgram } = token.recipe;
  return {
    base: associatedTokenAddress(taker, mint, tokenProgram),
    wrapped: associatedTokenAddress(taker, WRAPPED_SOL, TOKEN_PROGRAM),
  };
};

/** Wraps SOL, pays the pool, takes the tokens, unwraps what is left. */
function buyInstructions(swap: Swap): Instruction[] {
  const { token, taker, amountIn, amountOut } = swap;
  const { mint, tokenProgram, decimals } = token.recipe;
  const { base, wrapped } = accountsOf(swap);
  const sol = { tokenProgram: TOKEN_PROGRAM, mint: WRAPPED_SOL, decimals: 9 };
  return [
    createAssociatedAccount({ ...sol, from: taker, account: wrapped, owner: taker }),
    transferLamports(taker, wrapped, amountIn),
    syncNative({ tokenProgram: TOKEN_PROGRAM, account: wrapped }),
    createAssociatedAccount({ tokenProgram, from: taker, account: base, owner: taker, mint }),
    transferChecked({
      ...sol,
      source: wrapped,
      destination: quoteAccount(token),
      authority: taker,
      amount: amountIn,
    }),
    transferChecked({
      tokenProgram,
      mint,
      decimals,
      source: token.place.baseVault,
      destination: base,
      authority: token.place.authority,
      amount: amountOut,
    }),
    closeAccount({ ...sol, account: wrapped, destination: taker, owner: taker }),
  ];
}

/** Pays the pool in tokens, takes wrapped SOL and unwraps it. */
function sellInstructions(swap: Swap): Instruction[] {
  const { token, taker, amountIn, amountOut } = swap;
  const { mint, tokenProgram, decimals } = token.recipe;
  const { base, wrapped } = accountsOf(swap);
  const sol = { tokenProgram: TOKEN_PROGRAM, mint: WRAPPED_SOL, decimals: 9 };
  return [
    createAssociatedAccount({ ...sol, from: taker, account: wrapped, owner: taker }),
    transferChecked({
      tokenProgram,
      mint,
      decimals,
      source: base,
      destination: token.place.baseVault,
      authority: taker,
      amount: amountIn,
    }),
    transferChecked({
      ...sol,
      source: quoteAccount(token),
      destination: wrapped,
      authority: token.place.authority,
      amount: amountOut,
    }),
    closeAccount({ ...sol, account: wrapped, destination: taker, owner: taker }),
  ];
}

/** Gives a curve the trading account through which wrapped SOL comes and goes. */
export function prepareTrading(chain: Chain, token: MarketToken): void {
  if (token.place.quoteVault !== null) return;
  if (chain.vm.account(quoteAccount(token)) === undefined) fillTradingAccount(chain, token);
}

function fillTradingAccount(chain: Chain, token: MarketToken): void {
  const rent = chain.vm.rentOf(TOKEN_ACCOUNT_BYTES);
  const data = new ByteWriter(TOKEN_ACCOUNT_BYTES).address(WRAPPED_SOL);
  data.bytes(addressBytes(token.place.authority)).u64(WORKING_LAMPORTS).zeros(36).u8(1);
  data
    .u32(1)
    .u64(rent)
    .zeros(TOKEN_ACCOUNT_BYTES - data.length);
  const lamports = rent + WORKING_LAMPORTS;
  const account = { lamports, owner: TOKEN_PROGRAM, data: data.done() };
  chain.vm.setAccount(quoteAccount(token), account);
}

/** After a trade with a curve: its SOL moves into the curve's own account, whose numbers follow. */
export function settleTrading(chain: Chain, token: MarketToken): void {
  const { place, recipe } = token;
  if (place.quoteVault !== null) return;
  const trading = chain.vm.account(quoteAccount(token));
  const curve = chain.vm.account(place.pool);
  const vault = chain.vm.account(place.baseVault);
  if (trading === undefined || curve === undefined || vault === undefined) return;
  const earned = tokenAmount(trading.data) - WORKING_LAMPORTS;
  fillTradingAccount(chain, token);
  const inCurve = curve.lamports - chain.vm.rentOf(curve.data.length) + earned;
  const sold = CURVE.supply - tokenAmount(vault.data);
  const state = { sold, lamports: inCurve, complete: false, creator: recipe.creator };
  chain.vm.setAccount(place.pool, {
    lamports: curve.lamports + earned,
    owner: curve.owner,
    data: curveAccount(state),
  });
}
