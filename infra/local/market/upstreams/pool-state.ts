import type { Address } from '#shared/domain/address.ts';
import type { Chain } from '../chain/chain.ts';
import { tokenAmount } from '../chain/token-layout.ts';
import type { MarketToken } from '../openings/market-token.ts';
import { CURVE } from '../venues/pump-fun-accounts.ts';

/** What a SOL costs in this market, in dollars. */
export const SOL_USD = 108.3;
const LAMPORTS_PER_SOL = 1e9;
/** Tokens that a Pump.fun curve counts with beyond those it has. */
const VIRTUAL_SURPLUS = CURVE.virtualTokens - CURVE.supply;

/** A pool's reserves: what is really there, and what its price is made of (more, on a curve). */
export type PoolState = {
  /** Base units of the token, and lamports. */
  readonly base: bigint;
  readonly lamports: bigint;
  readonly priceBase: bigint;
  readonly priceLamports: bigint;
  /** SOL for one whole token. */
  readonly priceSol: number;
};

/** Reads the pool's vaults as they stand on chain now. */
export function poolState(chain: Chain, { recipe, place }: MarketToken): PoolState {
  const base = amountIn(chain, place.baseVault);
  const lamports =
    place.quoteVault === null
      ? spareLamports(chain, place.pool)
      : amountIn(chain, place.quoteVault);
  const isCurve = recipe.opening.pricing === 'pump-curve';
  const priceBase = isCurve ? base + VIRTUAL_SURPLUS : base;
  const priceLamports = isCurve ? lamports + CURVE.virtualLamports : lamports;
  const whole = Number(priceBase) / 10 ** recipe.decimals;
  const priceSol = whole === 0 ? 0 : Number(priceLamports) / LAMPORTS_PER_SOL / whole;
  return { base, lamports, priceBase, priceLamports, priceSol };
}

function amountIn(chain: Chain, account: Address): bigint {
  const data = chain.vm.account(account)?.data;
  return data === undefined ? 0n : tokenAmount(data);
}

/** Lamports beyond what the account needs to exist. */
function spareLamports(chain: Chain, key: Address): bigint {
  const account = chain.vm.account(key);
  return account === undefined ? 0n : account.lamports - chain.vm.rentOf(account.data.length);
}

export const solOf = (lamports: bigint): number => Number(lamports) / LAMPORTS_PER_SOL;

/** Dollars in the pool, both sides. */
export const liquidityUsd = (state: PoolState, decimals: number): number =>
  (solOf(state.lamports) + (Number(state.base) / 10 ** decimals) * state.priceSol) * SOL_USD;
