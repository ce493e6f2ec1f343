import type { OpeningForm, VenueDecoder } from './venue-decoder.ts';

/** The accounts behind `payer` move down by one or two; the order stays. */
const pool = (
  name: string,
  discriminator: string,
  poolIndex: number,
  leastDataBytes: number,
): OpeningForm => ({
  kind: 'opening',
  name,
  discriminator,
  leastDataBytes,
  event: 'pool',
  accounts: {
    pool: poolIndex,
    mintA: poolIndex + 2,
    mintB: poolIndex + 3,
    vaultA: poolIndex + 4,
    vaultB: poolIndex + 5,
    lpMint: null,
    creator: 0,
  },
  pair: 'by-quote-mint',
});

/**
 * Meteora DAMM v2 ("cp-amm"): positions are NFTs, so there is no LP mint.
 *
 * An activation point is not read as an opening time: whether it is a slot or a time stands in the
 * pool's config account, or behind fees of variable length.
 * Source: IDL 0.2.5 in npm @meteora-ag/cp-amm-sdk 1.5.0.
 */
export const meteoraDammV2: VenueDecoder = {
  venue: 'meteora-damm-v2',
  forms: [
    // liquidity, sqrt_price and the option of an activation point.
    pool('initialize_pool', '5fb40aac54aee828', 6, 8 + 16 + 16 + 1),
    pool('initialize_customizable_pool', '14a1f118bdddb402', 5, 8),
    pool('initialize_pool_with_dynamic_config', '955248c5fdfc440f', 7, 8),
  ],
};
