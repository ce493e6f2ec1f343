import { priceImpactBps } from './constant-product.ts';
import type { PoolOpening } from './detection.ts';
import { absent, type FactsOf, failed, type Finding, known } from './evidence.ts';
import type { PumpCurve } from './pump-curve.ts';
import type { TokenAccount } from './token-account.ts';
import { type BasisPoints, WHOLE_BPS } from './units.ts';
import { VENUE_PRICING, WRAPPED_SOL } from './venue.ts';

/** The pool's accounts as read from the chain; undefined where there is none. */
export type PoolAccounts = {
  readonly curve: PumpCurve | undefined;
  readonly baseVault: TokenAccount | undefined;
  readonly quoteVault: TokenAccount | undefined;
  /** Supply of the liquidity token in base units; null for venues without one. */
  readonly lpSupply: bigint | null;
};

/**
 * Reserves of a pool and the price impact of a stake in SOL.
 * A vault whose mint is another than the pool's is no evidence of anything: `failed`.
 */
export function poolReserves(
  opening: Pick<PoolOpening, 'venue' | 'mint' | 'quoteMint' | 'baseVault' | 'quoteVault'>,
  accounts: PoolAccounts,
  stakeLamports: bigint,
): Finding<FactsOf<'liquidity'>> {
  if (opening.venue === 'unknown') return absent('the pool of this mint is not known');
  if (opening.venue === 'pump-fun') {
    if (accounts.curve === undefined) return absent('the curve is not there yet');
    if (accounts.curve.complete) return failed('the curve is sold out: it trades no more');
    return known(ofCurve(opening, accounts.curve, stakeLamports));
  }
  // Meteora DAMM v1: its pools share one vault for each quote, whose balance says nothing of a pool.
  if (opening.baseVault === null || opening.quoteVault === null)
    return failed(`a pool of ${opening.venue} has no vaults of its own to read`);
  const { baseVault, quoteVault } = accounts;
  if (baseVault === undefined || quoteVault === undefined)
    return absent('the vaults are not there yet');
  if (baseVault.mint !== opening.mint || quoteVault.mint !== opening.quoteMint) {
    return failed('the vaults hold other mints than the pool');
  }
  const pricing = VENUE_PRICING[opening.venue];
  const computable = pricing === 'constant-product' && opening.quoteMint === WRAPPED_SOL;
  return known({
    pricing,
    quoteReserve: quoteVault.amount,
    baseReserve: baseVault.amount,
    stakeImpactBps: computable ? priceImpactBps(stakeLamports, quoteVault.amount) : null,
    lockedLiquidityBps: lockedLiquidity(accounts.lpSupply),
  });
}

/** A curve prices by its virtual reserves and pays out of its real ones. */
function ofCurve(
  { quoteMint }: Pick<PoolOpening, 'quoteMint'>,
  curve: PumpCurve,
  stakeLamports: bigint,
): FactsOf<'liquidity'> {
  return {
    pricing: 'curve',
    quoteReserve: curve.realSolReserves,
    baseReserve: curve.realTokenReserves,
    // A curve may be quoted in dollars as well, and then a stake in SOL says nothing.
    stakeImpactBps:
      quoteMint === WRAPPED_SOL ? priceImpactBps(stakeLamports, curve.virtualSolReserves) : null,
    // A curve has no liquidity tokens that somebody could pull.
    lockedLiquidityBps: null,
  };
}

/** All of it when no liquidity token is left: burnt. What is left may be locked; that is not read. */
const lockedLiquidity = (lpSupply: bigint | null): BasisPoints | null =>
  lpSupply === 0n ? WHOLE_BPS : null;
