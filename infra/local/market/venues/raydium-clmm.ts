import { address } from '#shared/domain/address.ts';
import { VENUE_PROGRAMS } from '#shared/domain/venue.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import { type Instruction, payer, ro, rw } from '../chain/instruction.ts';
import { marketAddress } from '../chain/market-address.ts';
import { RENT_SYSVAR, SYSTEM_PROGRAM } from '../chain/program-ids.ts';
import { sortedSides, sqrtPriceX64 } from './sorted-pair.ts';
import { type OpeningInput, type VenueOpening, programData } from './venue-opening.ts';

const PROGRAM = VENUE_PROGRAMS['raydium-clmm'];
const CONFIG = address('E64NGkDLLCdQ2yFNPcavaKptrEgmiQaNykUuLC1Qgwyp');
const TICK_SPACING = 60;
const POOL_BYTES = 1_544;

/** PoolCreatedEvent, which this program only logs. */
function poolCreatedEvent(input: OpeningInput): Uint8Array {
  const sides = sortedSides(input);
  const [first, second] = sides;
  const event = new ByteWriter(192)
    .hex('195e4b2f7063353f')
    .address(first.mint)
    .address(second.mint);
  event.u16(TICK_SPACING).address(input.place.pool).u128(sqrtPriceX64(sides)).i32(0);
  return event.address(first.vault).address(second.vault).done();
}

const shared = {
  venue: 'raydium-clmm',
  event: 'pool',
  accepts: 'both',
  pricing: 'constant-product',
  labels: { jupiter: 'Raydium CLMM', dexscreener: 'raydium', rugcheck: 'raydium_clmm' },
  user: 'creator',
  place: ({ mint }) => {
    const pool = marketAddress(mint, 'clmm-pool');
    return {
      pool,
      authority: pool,
      baseVault: marketAddress(pool, 'base-vault'),
      quoteVault: marketAddress(pool, 'quote-vault'),
      lpMint: null,
    };
  },
  state: (input) => {
    const [first, second] = sortedSides(input);
    const data = new ByteWriter(POOL_BYTES).hex('f7ede3f5d7c3de46').u8(255).address(CONFIG);
    data.address(input.user).address(first.mint).address(second.mint);
    data.address(first.vault).address(second.vault);
    return [{ address: input.place.pool, data: data.zeros(POOL_BYTES - data.length).done() }];
  },
} as const satisfies Partial<VenueOpening>;

const opening = (name: string, log: string, discriminator: string): VenueOpening => ({
  ...shared,
  id: `raydium-clmm/${name}`,
  instruction: (input): Instruction => {
    const sides = sortedSides(input);
    const [first, second] = sides;
    const { pool } = input.place;
    return {
      programId: PROGRAM,
      accounts: [
        payer(input.user),
        ro(CONFIG),
        rw(pool),
        ro(first.mint),
        ro(second.mint),
        rw(first.vault),
        rw(second.vault),
        rw(marketAddress(pool, 'observation')),
        rw(marketAddress(pool, 'tick-array-bitmap')),
        ro(first.tokenProgram),
        ro(second.tokenProgram),
        ro(SYSTEM_PROGRAM),
        ro(RENT_SYSVAR),
      ],
      data: new ByteWriter(32).hex(discriminator).u128(sqrtPriceX64(sides)).u64(0n).done(),
    };
  },
  recorded: (input) => ({
    logs: [`Program log: Instruction: ${log}`, programData(poolCreatedEvent(input))],
    calls: [],
  }),
});

/** Raydium CLMM `create_pool`: the same eight bytes as PumpSwap's. */
export const raydiumClmmCreatePool = opening('create_pool', 'CreatePool', 'e992d18ecf6840bc');

/** Raydium CLMM `create_customizable_pool`. */
export const raydiumClmmCreateCustomizablePool = opening(
  'create_customizable_pool',
  'CreateCustomizablePool',
  '2b44d4a7592fa401',
);
