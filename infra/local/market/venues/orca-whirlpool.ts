import { address } from '#shared/domain/address.ts';
import { VENUE_PROGRAMS } from '#shared/domain/venue.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import { type AccountMeta, type Instruction, payer, ro, rw } from '../chain/instruction.ts';
import { marketAddress } from '../chain/market-address.ts';
import { RENT_SYSVAR, SYSTEM_PROGRAM, TOKEN_PROGRAM } from '../chain/program-ids.ts';
import { type Side, sortedSides, sqrtPriceX64 } from './sorted-pair.ts';
import { type OpeningInput, type VenueOpening, programData } from './venue-opening.ts';

const PROGRAM = VENUE_PROGRAMS['orca-whirlpool'];
const CONFIG = address('2LecshUwdy9xi7meFgHtFJQNSKk4KdTrcpvaB56dP2NQ');
const FEE_TIER = address('zVmMsL5qGh7txhTHFgGZcFQpSsxSx6DBLJ3u113PBer');
const TICK_SPACING = 32_896;
const POOL_BYTES = 653;

type Form = {
  readonly name: string;
  readonly log: string;
  readonly discriminator: string;
  readonly accepts: VenueOpening['accepts'];
  readonly accounts: (input: OpeningInput, sides: readonly [Side, Side]) => readonly AccountMeta[];
  readonly args: (sqrtPrice: bigint) => ByteWriter;
};

/** PoolInitialized, which this program only logs. */
function poolInitialized(input: OpeningInput): Uint8Array {
  const sides = sortedSides(input);
  const [a, b] = sides;
  const event = new ByteWriter(224).hex('6476ad570cc6fee5').address(input.place.pool);
  event.address(CONFIG).address(a.mint).address(b.mint).u16(TICK_SPACING);
  event.address(a.tokenProgram).address(b.tokenProgram).u8(a.decimals).u8(b.decimals);
  return event.u128(sqrtPriceX64(sides)).done();
}

const opening = (form: Form): VenueOpening => ({
  id: `orca-whirlpool/${form.name}`,
  venue: 'orca-whirlpool',
  event: 'pool',
  accepts: form.accepts,
  pricing: 'constant-product',
  labels: { jupiter: 'Whirlpool', dexscreener: 'orca', rugcheck: 'orca_whirlpool' },
  user: 'creator',
  place: ({ mint }) => {
    const pool = marketAddress(mint, 'whirlpool');
    return {
      pool,
      authority: pool,
      baseVault: marketAddress(pool, 'base-vault'),
      quoteVault: marketAddress(pool, 'quote-vault'),
      lpMint: null,
    };
  },
  instruction: (input): Instruction => {
    const sides = sortedSides(input);
    const data = new ByteWriter(64).hex(form.discriminator);
    return {
      programId: PROGRAM,
      accounts: form.accounts(input, sides),
      data: data.bytes(form.args(sqrtPriceX64(sides)).done()).done(),
    };
  },
  recorded: (input) => ({
    logs: [`Program log: Instruction: ${form.log}`, programData(poolInitialized(input))],
    calls: [],
  }),
  state: (input) => {
    const [a, b] = sortedSides(input);
    const data = new ByteWriter(POOL_BYTES).hex('3f95d10ce1806309').address(CONFIG).zeros(61);
    data.address(a.mint).address(a.vault).zeros(16).address(b.mint).address(b.vault);
    return [{ address: input.place.pool, data: data.zeros(POOL_BYTES - data.length).done() }];
  },
});

/** Orca `initialize_pool`: the vaults sign for themselves. */
export const orcaInitializePool = opening({
  name: 'initialize_pool',
  log: 'InitializePool',
  discriminator: '5fb40aac54aee828',
  accepts: 'spl-token',
  accounts: (input, [a, b]) => [
    ro(CONFIG),
    ro(a.mint),
    ro(b.mint),
    payer(input.user),
    rw(input.place.pool),
    payer(a.vault),
    payer(b.vault),
    ro(FEE_TIER),
    ro(TOKEN_PROGRAM),
    ro(SYSTEM_PROGRAM),
    ro(RENT_SYSVAR),
  ],
  args: (sqrtPrice) => new ByteWriter(19).u8(255).u16(TICK_SPACING).u128(sqrtPrice),
});

/** Orca `initialize_pool_v2`: Token-2022 mints too, with a badge where their extensions need one. */
export const orcaInitializePoolV2 = opening({
  name: 'initialize_pool_v2',
  log: 'InitializePoolV2',
  discriminator: 'cf2d57f21b3fcc43',
  accepts: 'both',
  accounts: (input, [a, b]) => [
    ro(CONFIG),
    ro(a.mint),
    ro(b.mint),
    ro(marketAddress(a.mint, 'badge')),
    ro(marketAddress(b.mint, 'badge')),
    payer(input.user),
    rw(input.place.pool),
    payer(a.vault),
    payer(b.vault),
    ro(FEE_TIER),
    ro(a.tokenProgram),
    ro(b.tokenProgram),
    ro(SYSTEM_PROGRAM),
    ro(RENT_SYSVAR),
  ],
  args: (sqrtPrice) => new ByteWriter(18).u16(TICK_SPACING).u128(sqrtPrice),
});

/** Orca `initialize_pool_with_adaptive_fee`. */
export const orcaInitializePoolAdaptive = opening({
  name: 'initialize_pool_with_adaptive_fee',
  log: 'InitializePoolWithAdaptiveFee',
  discriminator: '8f5e604cac7c77c7',
  accepts: 'both',
  accounts: (input, [a, b]) => [
    ro(CONFIG),
    ro(a.mint),
    ro(b.mint),
    ro(marketAddress(a.mint, 'badge')),
    ro(marketAddress(b.mint, 'badge')),
    payer(input.user),
    // Who may open pools of this fee tier: anybody.
    ro(input.user),
    rw(input.place.pool),
    rw(marketAddress(input.place.pool, 'oracle')),
    payer(a.vault),
    payer(b.vault),
    ro(FEE_TIER),
    ro(a.tokenProgram),
    ro(b.tokenProgram),
    ro(SYSTEM_PROGRAM),
    ro(RENT_SYSVAR),
  ],
  args: (sqrtPrice) => new ByteWriter(17).u128(sqrtPrice).u8(0),
});
