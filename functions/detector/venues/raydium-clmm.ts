import { ByteReader } from '../byte-reader.ts';
import { unixSeconds } from './unix-seconds.ts';
import type { OpeningCall, OpeningDetails, VenueDecoder } from './venue-decoder.ts';

/** sqrt_price_x64, then open_time. */
const createPoolDetails = ({ data }: OpeningCall): OpeningDetails => ({
  openTime: unixSeconds(new ByteReader(data, 8 + 16).u64()),
});

const ACCOUNTS = { pool: 2, mintA: 3, mintB: 4, vaultA: 5, vaultB: 6, lpMint: null, creator: 0 };

/**
 * Raydium CLMM: concentrated liquidity held as positions, so there is no LP mint. Mints stand in
 * the order of their bytes.
 * Source: raydium-io/raydium-clmm instructions/create_pool.rs; npm @raydium-io/raydium-sdk-v2
 * 0.2.73-alpha src/raydium/clmm/instrument.ts for the other two.
 */
export const raydiumClmm: VenueDecoder = {
  venue: 'raydium-clmm',
  forms: [
    {
      kind: 'opening',
      name: 'create_pool',
      discriminator: 'e992d18ecf6840bc',
      leastDataBytes: 8 + 16 + 8,
      event: 'pool',
      accounts: ACCOUNTS,
      pair: 'by-quote-mint',
      details: createPoolDetails,
    },
    {
      kind: 'opening',
      name: 'create_customizable_pool',
      discriminator: '2b44d4a7592fa401',
      leastDataBytes: 8 + 16,
      event: 'pool',
      accounts: ACCOUNTS,
      pair: 'by-quote-mint',
    },
    {
      kind: 'opening',
      name: 'create_permissioned_pool',
      discriminator: '24f3b3232aef35e5',
      leastDataBytes: 8 + 16,
      event: 'pool',
      accounts: { pool: 4, mintA: 5, mintB: 6, vaultA: 7, vaultB: 8, lpMint: null, creator: 1 },
      pair: 'by-quote-mint',
    },
  ],
};
