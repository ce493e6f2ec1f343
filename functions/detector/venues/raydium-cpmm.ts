import { ByteReader } from '../byte-reader.ts';
import { unixSeconds } from './unix-seconds.ts';
import type { OpeningCall, OpeningDetails, VenueDecoder } from './venue-decoder.ts';

/** init_amount_0, init_amount_1, then open_time. The program moves a time in the past to "now". */
const openTime = ({ data }: OpeningCall): OpeningDetails => ({
  openTime: unixSeconds(new ByteReader(data, 8 + 2 * 8).u64()),
});

const LEAST_DATA_BYTES = 8 + 3 * 8;

/**
 * Raydium CPMM: mints stand in the order of their bytes. Launchpads open their pools by
 * `initialize_with_permission`, which names the creator beside the payer. No event is emitted.
 * Source: raydium-io/raydium-cp-swap, instructions/initialize*.rs.
 */
export const raydiumCpmm: VenueDecoder = {
  venue: 'raydium-cpmm',
  forms: [
    {
      kind: 'opening',
      name: 'initialize',
      discriminator: 'afaf6d1f0d989bed',
      leastDataBytes: LEAST_DATA_BYTES,
      event: 'pool',
      accounts: { pool: 3, mintA: 4, mintB: 5, vaultA: 10, vaultB: 11, lpMint: 6, creator: 0 },
      pair: 'by-quote-mint',
      details: openTime,
    },
    {
      kind: 'opening',
      name: 'initialize_with_permission',
      discriminator: '3f37fe4131b25979',
      leastDataBytes: LEAST_DATA_BYTES,
      event: 'pool',
      accounts: { pool: 4, mintA: 5, mintB: 6, vaultA: 11, vaultB: 12, lpMint: 7, creator: 1 },
      pair: 'by-quote-mint',
      details: openTime,
    },
  ],
};
