import type { Address } from '#shared/domain/address.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { addressBytes } from '../chain/address-bytes.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import { type Instruction, payer, ro, rw } from '../chain/instruction.ts';
import {
  associatedTokenAddress,
  findProgramAddress,
  programAddress,
} from '../chain/program-address.ts';
import {
  ASSOCIATED_TOKEN_PROGRAM,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from '../chain/program-ids.ts';
import { PUMP } from './pump-fun-accounts.ts';
import {
  EVENT_CALL,
  type OpeningInput,
  type PoolPlace,
  type RecordedCall,
  type VenueOpening,
  programData,
} from './venue-opening.ts';

/** Liquidity tokens that nobody gets: they keep the pool from ever being empty. */
const MINIMUM_LIQUIDITY = 100n;
const POOL_BYTES = 243;

/** Where a PumpSwap pool of index 0 lies; a graduate's creator is Pump.fun's pool authority. */
export function pumpSwapPlace(creator: Address, mint: Address, tokenProgram: Address): PoolPlace {
  const pool = programAddress(
    ['pool', Uint8Array.of(0, 0), ...[creator, mint, WRAPPED_SOL].map(addressBytes)],
    PUMP.swapProgram,
  );
  return {
    pool,
    authority: pool,
    baseVault: associatedTokenAddress(pool, mint, tokenProgram),
    quoteVault: associatedTokenAddress(pool, WRAPPED_SOL, TOKEN_PROGRAM),
    lpMint: programAddress(['pool_lp_mint', addressBytes(pool)], PUMP.swapProgram),
  };
}

/** Accounts of the creator of a pool, from which it is filled. */
export type PoolCreator = {
  readonly address: Address;
  readonly baseAccount: Address;
  readonly quoteAccount: Address;
  readonly lpAccount: Address;
};

export const liquidityOf = ({ baseAmount, quoteAmount }: OpeningInput): bigint =>
  BigInt(Math.floor(Math.sqrt(Number(baseAmount) * Number(quoteAmount))));

/** PumpSwap `create_pool`. */
export const createPool = (input: OpeningInput, creator: PoolCreator): Instruction => ({
  programId: PUMP.swapProgram,
  accounts: [
    rw(input.place.pool),
    ro(PUMP.swapGlobalConfig),
    rw(creator.address),
    ro(input.token.mint),
    ro(input.quoteMint),
    rw(input.place.lpMint ?? SYSTEM_PROGRAM),
    rw(creator.baseAccount),
    rw(creator.quoteAccount),
    rw(creator.lpAccount),
    rw(input.place.baseVault),
    rw(input.place.quoteVault ?? SYSTEM_PROGRAM),
    ro(SYSTEM_PROGRAM),
    ro(TOKEN_2022_PROGRAM),
    ro(input.token.tokenProgram),
    ro(TOKEN_PROGRAM),
    ro(ASSOCIATED_TOKEN_PROGRAM),
    ro(PUMP.swapEventAuthority),
    ro(PUMP.swapProgram),
  ],
  data: new ByteWriter(58)
    .hex('e992d18ecf6840bc')
    .u16(0)
    .u64(input.baseAmount)
    .u64(input.quoteAmount)
    .address(input.token.creator)
    .done(),
});

/** CreatePoolEvent up to `is_mayhem_mode`. */
export function createPoolEvent(input: OpeningInput, creator: PoolCreator): Uint8Array {
  const { token, place, baseAmount, quoteAmount } = input;
  const liquidity = liquidityOf(input);
  const event = new ByteWriter(384).hex('b1310cd2a076a774').i64(BigInt(input.timestamp)).u16(0);
  event.address(creator.address).address(token.mint).address(input.quoteMint);
  event.u8(token.decimals).u8(9).u64(baseAmount).u64(quoteAmount).u64(baseAmount).u64(quoteAmount);
  event
    .u64(MINIMUM_LIQUIDITY)
    .u64(liquidity)
    .u64(liquidity - MINIMUM_LIQUIDITY)
    .u8(255);
  event.address(place.pool).address(place.lpMint ?? SYSTEM_PROGRAM);
  event.address(creator.baseAccount).address(creator.quoteAccount).address(token.creator);
  return event.bool(false).done();
}

/** The event as PumpSwap leaves it behind: a call to itself. */
export const poolEventCall = (event: Uint8Array, stackHeight: number): RecordedCall => ({
  programId: PUMP.swapProgram,
  accounts: [ro(PUMP.swapEventAuthority)],
  data: new ByteWriter().hex(EVENT_CALL).bytes(event).done(),
  stackHeight,
});

/** A PumpSwap pool account. */
export function poolAccount(input: OpeningInput, creator: Address): Uint8Array {
  const { place, token } = input;
  const data = new ByteWriter(POOL_BYTES).hex('f19a6d0411b16dbc').u8(255).u16(0);
  data.address(creator).address(token.mint).address(input.quoteMint);
  data.address(place.lpMint ?? SYSTEM_PROGRAM).address(place.baseVault);
  data.address(place.quoteVault ?? SYSTEM_PROGRAM);
  data.u64(liquidityOf(input) - MINIMUM_LIQUIDITY).address(token.creator);
  return data.zeros(POOL_BYTES - data.length).done();
}

export const PUMP_SWAP_LABELS = {
  jupiter: 'Pump.fun Amm',
  dexscreener: 'pumpswap',
  rugcheck: 'pump_fun_amm',
} as const;

const directCreator = ({ token, user, place }: OpeningInput): PoolCreator => ({
  address: user,
  baseAccount: token.creatorAccount,
  quoteAccount: associatedTokenAddress(user, WRAPPED_SOL, TOKEN_PROGRAM),
  lpAccount: associatedTokenAddress(user, place.lpMint ?? SYSTEM_PROGRAM, TOKEN_2022_PROGRAM),
});

/** PumpSwap `create_pool` by anybody: no graduate, whatever it looks like. */
export const pumpSwapCreatePool: VenueOpening = {
  id: 'pump-swap/create_pool',
  venue: 'pump-swap',
  event: 'pool',
  accepts: 'both',
  pricing: 'constant-product',
  labels: PUMP_SWAP_LABELS,
  user: 'creator',
  place: ({ mint, tokenProgram, creator }) => pumpSwapPlace(creator, mint, tokenProgram),
  instruction: (input) => {
    const { accounts, ...rest } = createPool(input, directCreator(input));
    const signed = accounts.map((meta, index) => (index === 2 ? payer(meta.address) : meta));
    return { ...rest, accounts: signed };
  },
  recorded: (input) => {
    const event = createPoolEvent(input, directCreator(input));
    const logs = ['Program log: Instruction: CreatePool', programData(event)];
    return { logs, calls: [poolEventCall(event, 2)] };
  },
  state: (input) => [{ address: input.place.pool, data: poolAccount(input, input.user) }],
};

export const poolAuthority = (mint: Address): Address =>
  findProgramAddress(['pool-authority', addressBytes(mint)], PUMP.program).address;
