import { ByteReader } from '../byte-reader.ts';
import { unixSeconds } from './unix-seconds.ts';
import type { OpeningCall, OpeningDetails, VenueDecoder } from './venue-decoder.ts';

const CREATOR = 17;
/** Until March 2025 Pump.fun's tokens graduated to AMM v4, by transactions of this one account. */
const PUMP_FUN_MIGRATOR = '39azUYFWPz3VHgKCf3VChUwbpURdCHRxjWVowf5jUJjg';

function initialize2Details({ instruction, data }: OpeningCall): OpeningDetails {
  // tag and nonce, then open_time.
  const openTime = unixSeconds(new ByteReader(data, 2).u64());
  return instruction.account(CREATOR) === PUMP_FUN_MIGRATOR
    ? { openTime, creator: null, event: 'migration' }
    : { openTime };
}

/**
 * Raydium AMM v4: no Anchor program, its instructions are told by one byte. The new token is often
 * the "pc" side, so which is which is read off the mints.
 * Source: raydium-io/raydium-amm program/src/instruction.rs, `AmmInstruction::Initialize2`.
 */
export const raydiumAmmV4: VenueDecoder = {
  venue: 'raydium-amm-v4',
  forms: [
    {
      kind: 'opening',
      name: 'initialize2',
      discriminator: '01',
      leastDataBytes: 26,
      event: 'pool',
      accounts: {
        pool: 4,
        mintA: 8,
        mintB: 9,
        vaultA: 10,
        vaultB: 11,
        lpMint: 7,
        creator: CREATOR,
      },
      pair: 'by-quote-mint',
      details: initialize2Details,
    },
  ],
};
