import { type Address, address } from '#shared/domain/address.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { ByteReader } from '../byte-reader.ts';
import { eventAfter } from './anchor-event.ts';
import type { OpeningCall, OpeningDetails, VenueDecoder } from './venue-decoder.ts';

const CREATE_EVENT = '1b72a94ddeeb6376';
/** What Pump.fun writes for "paired with SOL" where a quote mint is asked for. */
const NATIVE_SOL = address('11111111111111111111111111111111');
/** `create_v2` names a quote other than SOL, and the curve's account for it, behind its own accounts. */
const CREATE_V2_QUOTE = { mint: 16, vault: 17 };

type CreateEvent = {
  readonly creator: Address | undefined;
  readonly quoteMint: Address | undefined;
};

/** The fields stop after `user` in 2024, go on to `creator` in 2025 and to `quote_mint` in 2026. */
function createEvent({ instruction, transaction }: OpeningCall): CreateEvent | undefined {
  return eventAfter(instruction, transaction, CREATE_EVENT, (event) => {
    const mint = event.skipString().skipString().skipString().address();
    if (mint !== instruction.account(0)) return undefined;
    const user = event.skip(32).address();
    const creator = event.address() ?? user;
    // timestamp, three reserves, supply; then token_program, is_mayhem_mode, is_cashback_enabled.
    const quoteMint = event.skip(5 * 8 + 32 + 2).address();
    return { creator, quoteMint };
  });
}

/** The `creator` argument behind name, symbol and URI; old clients sent none. */
const creatorArgument = (data: Uint8Array): Address | undefined =>
  new ByteReader(data, 8).skipString().skipString().skipString().address();

const createDetails = (call: OpeningCall): OpeningDetails => ({
  creator: createEvent(call)?.creator ?? creatorArgument(call.data),
});

function createV2Details(call: OpeningCall): OpeningDetails {
  const event = createEvent(call);
  const creator = event?.creator ?? creatorArgument(call.data);
  const quoteMint = event?.quoteMint ?? call.instruction.account(CREATE_V2_QUOTE.mint);
  if (quoteMint === undefined || quoteMint === NATIVE_SOL || quoteMint === WRAPPED_SOL)
    return { creator };
  return { creator, quoteMint, quoteVault: CREATE_V2_QUOTE.vault };
}

/**
 * Pump.fun: tokens born on a bonding curve, and their migration to PumpSwap.
 * Source: IDL in npm @pump-fun/pump-sdk 2.0.0.
 */
export const pumpFun: VenueDecoder = {
  venue: 'pump-fun',
  forms: [
    {
      kind: 'opening',
      name: 'create',
      discriminator: '181ec828051c0777',
      leastDataBytes: 8 + 3 * 4,
      event: 'launch',
      accounts: {
        pool: 2,
        mintA: 0,
        mintB: null,
        vaultA: 3,
        vaultB: null,
        lpMint: null,
        creator: 7,
      },
      pair: 'first-is-base',
      details: createDetails,
    },
    {
      kind: 'opening',
      name: 'create_v2',
      discriminator: 'd6904cec5f8b31b4',
      leastDataBytes: 8 + 3 * 4,
      event: 'launch',
      accounts: {
        pool: 2,
        mintA: 0,
        mintB: null,
        vaultA: 3,
        vaultB: null,
        lpMint: null,
        creator: 5,
      },
      pair: 'first-is-base',
      details: createV2Details,
    },
    {
      kind: 'migration',
      name: 'migrate',
      discriminator: '9beae792ec9ea21e',
      to: 'pump-swap',
      accounts: { pool: 9, mint: 2 },
    },
    {
      kind: 'migration',
      name: 'migrate_v2',
      discriminator: 'bbcb121fceedfe29',
      to: 'pump-swap',
      accounts: { pool: 10, mint: 2 },
    },
  ],
};
