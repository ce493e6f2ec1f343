import { type Address, address } from '#shared/domain/address.ts';
import { ByteReader } from '../byte-reader.ts';
import { eventAfter } from './anchor-event.ts';
import type { OpeningCall, OpeningDetails, VenueDecoder } from './venue-decoder.ts';

const CREATE_POOL_EVENT = 'b1310cd2a076a774';
/** `Pubkey::default()`: the pool has no coin creator. */
const NOBODY = address('11111111111111111111111111111111');

/** The event's `coin_creator`, which the program settled; the argument is only what was asked for. */
function coinCreator({ instruction, data, transaction }: OpeningCall): Address | undefined {
  const settled = eventAfter(instruction, transaction, CREATE_POOL_EVENT, (event) => {
    // timestamp, index, creator, two mints, two decimals, seven amounts, pool_bump; then pool.
    const pool = event.skip(8 + 2 + 3 * 32 + 2 + 7 * 8 + 1).address();
    if (pool !== instruction.account(0)) return undefined;
    // lp_mint and two token accounts of the user.
    return event.skip(3 * 32).address();
  });
  // index, base_amount_in, quote_amount_in; then coin_creator, since May 2025.
  return settled ?? new ByteReader(data, 8 + 2 + 2 * 8).address();
}

/** Under a migration the creator account is a program's own address, which is nobody. */
function createPoolDetails(call: OpeningCall): OpeningDetails {
  const creator = coinCreator(call);
  if (creator !== undefined && creator !== NOBODY) return { creator };
  return call.migrating ? { creator: null } : {};
}

/**
 * PumpSwap: the pools that Pump.fun's tokens migrate to, and those anyone opens.
 * Source: IDL in npm @pump-fun/pump-sdk 2.0.0.
 */
export const pumpSwap: VenueDecoder = {
  venue: 'pump-swap',
  forms: [
    {
      kind: 'opening',
      name: 'create_pool',
      discriminator: 'e992d18ecf6840bc',
      leastDataBytes: 8 + 2 + 2 * 8,
      event: 'pool',
      accounts: { pool: 0, mintA: 3, mintB: 4, vaultA: 9, vaultB: 10, lpMint: 5, creator: 2 },
      pair: 'by-quote-mint',
      details: createPoolDetails,
    },
  ],
};
