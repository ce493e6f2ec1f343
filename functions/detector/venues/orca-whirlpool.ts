import { ByteReader } from '../byte-reader.ts';
import { unixSeconds } from './unix-seconds.ts';
import type { OpeningCall, OpeningDetails, VenueDecoder } from './venue-decoder.ts';

/** initial_sqrt_price, then the option of a trade_enable_timestamp. */
function adaptiveFeeDetails({ data }: OpeningCall): OpeningDetails {
  const reader = new ByteReader(data, 8 + 16);
  return { openTime: reader.u8() === 1 ? unixSeconds(reader.u64()) : null };
}

/**
 * Orca Whirlpools: positions are NFTs, so there is no LP mint. Mints stand in the order of their
 * bytes; who made the pool is who paid for it.
 * Source: IDL in npm @orca-so/whirlpools-sdk 0.22.0.
 */
export const orcaWhirlpool: VenueDecoder = {
  venue: 'orca-whirlpool',
  forms: [
    {
      kind: 'opening',
      name: 'initialize_pool',
      discriminator: '5fb40aac54aee828',
      leastDataBytes: 8 + 1 + 2 + 16,
      event: 'pool',
      accounts: { pool: 4, mintA: 1, mintB: 2, vaultA: 5, vaultB: 6, lpMint: null, creator: 3 },
      pair: 'by-quote-mint',
    },
    {
      kind: 'opening',
      name: 'initialize_pool_v2',
      discriminator: 'cf2d57f21b3fcc43',
      leastDataBytes: 8 + 2 + 16,
      event: 'pool',
      accounts: { pool: 6, mintA: 1, mintB: 2, vaultA: 7, vaultB: 8, lpMint: null, creator: 5 },
      pair: 'by-quote-mint',
    },
    {
      kind: 'opening',
      name: 'initialize_pool_with_adaptive_fee',
      discriminator: '8f5e604cac7c77c7',
      leastDataBytes: 8 + 16 + 1,
      event: 'pool',
      accounts: { pool: 7, mintA: 1, mintB: 2, vaultA: 9, vaultB: 10, lpMint: null, creator: 5 },
      pair: 'by-quote-mint',
      details: adaptiveFeeDetails,
    },
  ],
};
