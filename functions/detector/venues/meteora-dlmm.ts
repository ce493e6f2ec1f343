import { ByteReader } from '../byte-reader.ts';
import { unixSeconds } from './unix-seconds.ts';
import type { OpeningCall, OpeningDetails, OpeningForm, VenueDecoder } from './venue-decoder.ts';

/** `ActivationType::Timestamp`; 0 counts slots. */
const BY_TIME = 1;

const ACCOUNTS = { pool: 0, mintA: 2, mintB: 3, vaultA: 4, vaultB: 5, lpMint: null, creator: 8 };

const pair = (name: string, discriminator: string): OpeningForm => ({
  kind: 'opening',
  name,
  discriminator,
  // active_id i32 and bin_step u16, or an active_id and 96 bytes of padding.
  leastDataBytes: 8 + 4 + 2,
  event: 'pool',
  accounts: ACCOUNTS,
  pair: 'by-quote-mint',
});

/** active_id i32, bin_step u16, base_factor u16; activation_type, has_alpha_vault, activation_point. */
function customizableDetails({ data }: OpeningCall): OpeningDetails {
  const reader = new ByteReader(data, 8 + 4 + 2 + 2);
  const byTime = reader.u8() === BY_TIME;
  const point = reader.skip(1).u8() === 1 ? reader.u64() : undefined;
  return byTime ? { openTime: unixSeconds(point) } : {};
}

/**
 * Meteora DLMM: liquidity in price bins, held as positions, so there is no LP mint.
 * Source: IDL 0.12.0 in npm @meteora-ag/dlmm 1.9.14.
 */
export const meteoraDlmm: VenueDecoder = {
  venue: 'meteora-dlmm',
  forms: [
    pair('initialize_lb_pair', '2d9aedd2dd0fa65c'),
    pair('initialize_lb_pair2', '493b2478ed536cc6'),
    {
      ...pair('initialize_customizable_permissionless_lb_pair', '2e2729876fb7c840'),
      details: customizableDetails,
    },
    {
      ...pair('initialize_customizable_permissionless_lb_pair2', 'f349817e3313f16b'),
      details: customizableDetails,
    },
    {
      ...pair('initialize_permission_lb_pair', '6c66d555fb033515'),
      accounts: { pool: 1, mintA: 3, mintB: 4, vaultA: 5, vaultB: 6, lpMint: null, creator: 8 },
    },
  ],
};
