import { ByteReader } from '../byte-reader.ts';
import { unixSeconds } from './unix-seconds.ts';
import type { OpeningCall, OpeningDetails, OpeningForm, VenueDecoder } from './venue-decoder.ts';

/** `ActivationType::Timestamp`; 0 counts slots. */
const BY_TIME = 1;

/** Two amounts and trade_fee_numerator u32, activation_point, has_alpha_vault, activation_type. */
function customizableDetails({ data }: OpeningCall): OpeningDetails {
  const reader = new ByteReader(data, 8 + 2 * 8 + 4);
  const point = reader.u8() === 1 ? reader.u64() : undefined;
  return reader.skip(1).u8() === BY_TIME ? { openTime: unixSeconds(point) } : {};
}

/** All pools of this venue put their SOL into one "dynamic vault", and each token into another. */
const pool = (
  name: string,
  discriminator: string,
  lpMint: number,
  creator: number,
  leastDataBytes: number,
): OpeningForm => ({
  kind: 'opening',
  name,
  discriminator,
  leastDataBytes,
  event: 'pool',
  accounts: {
    pool: 0,
    mintA: lpMint + 1,
    mintB: lpMint + 2,
    vaultA: lpMint + 5,
    vaultB: lpMint + 6,
    lpMint,
    creator,
  },
  pair: 'by-quote-mint',
  quoteVaultIsShared: true,
});

const TWO_AMOUNTS = 8 + 2 * 8;

/**
 * Meteora DAMM v1 ("dynamic AMM").
 * Source: IDL 0.5.3 in npm @meteora-ag/dynamic-amm-sdk 1.4.1.
 */
export const meteoraDammV1: VenueDecoder = {
  venue: 'meteora-damm-v1',
  forms: [
    pool(
      'initialize_permissionless_constant_product_pool_with_config',
      '07a68aabceabecf4',
      2,
      18,
      TWO_AMOUNTS,
    ),
    pool(
      'initialize_permissionless_constant_product_pool_with_config2',
      '3095dc823d0b09b2',
      2,
      18,
      TWO_AMOUNTS,
    ),
    {
      ...pool(
        'initialize_customizable_permissionless_constant_product_pool',
        '9118acc2db7d03be',
        1,
        17,
        TWO_AMOUNTS + 4 + 1,
      ),
      details: customizableDetails,
    },
    // The curve's type stands before the amounts, and has a variable length.
    pool('initialize_permissionless_pool', '76ad299dad486167', 1, 17, 8 + 1),
    pool('initialize_permissionless_pool_with_fee_tier', '06874493e552a971', 1, 17, 8 + 1),
  ],
};
