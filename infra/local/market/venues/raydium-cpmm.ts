import { address } from '#shared/domain/address.ts';
import { VENUE_PROGRAMS } from '#shared/domain/venue.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import { type Instruction, payer, ro, rw } from '../chain/instruction.ts';
import { marketAddress } from '../chain/market-address.ts';
import { associatedTokenAddress } from '../chain/program-address.ts';
import {
  ASSOCIATED_TOKEN_PROGRAM,
  RENT_SYSVAR,
  SYSTEM_PROGRAM,
  TOKEN_PROGRAM,
} from '../chain/program-ids.ts';
import { sortedSides } from './sorted-pair.ts';
import type { OpeningInput, VenueOpening } from './venue-opening.ts';

export const CPMM = {
  program: VENUE_PROGRAMS['raydium-cpmm'],
  authority: address('GpMZbSM2GgvTKHJirzeGfMFoaZ8UR2X7F4v8vHTvxFbL'),
  createFeeAccount: address('DNXgeM9EiiaAbaWvwjHj9fQQLAX5ZsfHyvmYUNRAdNC8'),
} as const;
const CONFIG = address('D4FPEruKEHrG5TenZ2mpDGEfu1iUvTiqBxvpU8HLBvC2');
const POOL_BYTES = 637;

const place: VenueOpening['place'] = ({ mint }) => {
  const pool = marketAddress(mint, 'cpmm-pool');
  return {
    pool,
    authority: CPMM.authority,
    baseVault: marketAddress(pool, 'base-vault'),
    quoteVault: marketAddress(pool, 'quote-vault'),
    lpMint: marketAddress(pool, 'lp-mint'),
  };
};

const args = (input: OpeningInput, discriminator: string): ByteWriter => {
  const [first, second] = sortedSides(input);
  return new ByteWriter(33).hex(discriminator).u64(first.amount).u64(second.amount).u64(0n);
};

/** PoolState: addresses at the places of Raydium's own layout, what changes left at zero. */
const state: VenueOpening['state'] = (input) => {
  const [first, second] = sortedSides(input);
  const lpMint = input.place.lpMint ?? SYSTEM_PROGRAM;
  const data = new ByteWriter(POOL_BYTES).hex('f7ede3f5d7c3de46').address(CONFIG);
  data.address(input.user).address(first.vault).address(second.vault).address(lpMint);
  data.address(first.mint).address(second.mint);
  data.address(first.tokenProgram).address(second.tokenProgram);
  data.address(marketAddress(input.place.pool, 'observation')).u8(253).u8(0).u8(9);
  data.u8(first.decimals).u8(second.decimals);
  return [{ address: input.place.pool, data: data.zeros(POOL_BYTES - data.length).done() }];
};

const shared = {
  venue: 'raydium-cpmm',
  accepts: 'both',
  pricing: 'constant-product',
  labels: { jupiter: 'Raydium CP', dexscreener: 'raydium', rugcheck: 'raydium_cpmm' },
  place,
  state,
} as const satisfies Partial<VenueOpening>;

/** Raydium CPMM `initialize`: it leaves no event. */
export const raydiumCpmmInitialize: VenueOpening = {
  ...shared,
  id: 'raydium-cpmm/initialize',
  event: 'pool',
  user: 'creator',
  instruction: (input): Instruction => {
    const [first, second] = sortedSides(input);
    const lpMint = input.place.lpMint ?? SYSTEM_PROGRAM;
    return {
      programId: CPMM.program,
      accounts: [
        payer(input.user),
        ro(CONFIG),
        ro(CPMM.authority),
        rw(input.place.pool),
        ro(first.mint),
        ro(second.mint),
        rw(lpMint),
        rw(first.userAccount),
        rw(second.userAccount),
        rw(associatedTokenAddress(input.user, lpMint, TOKEN_PROGRAM)),
        rw(first.vault),
        rw(second.vault),
        rw(CPMM.createFeeAccount),
        rw(marketAddress(input.place.pool, 'observation')),
        ro(TOKEN_PROGRAM),
        ro(first.tokenProgram),
        ro(second.tokenProgram),
        ro(ASSOCIATED_TOKEN_PROGRAM),
        ro(SYSTEM_PROGRAM),
        ro(RENT_SYSVAR),
      ],
      data: args(input, 'afaf6d1f0d989bed').done(),
    };
  },
  recorded: () => ({ logs: ['Program log: Instruction: Initialize'], calls: [] }),
};

/** Raydium CPMM `initialize_with_permission`: how launchpads open the pools of their graduates. */
export const raydiumCpmmInitializeWithPermission: VenueOpening = {
  ...shared,
  id: 'raydium-cpmm/initialize_with_permission',
  event: 'pool',
  user: 'keeper',
  instruction: (input): Instruction => {
    const [first, second] = sortedSides(input);
    const lpMint = input.place.lpMint ?? SYSTEM_PROGRAM;
    return {
      programId: CPMM.program,
      accounts: [
        payer(input.user),
        ro(input.token.creator),
        ro(CONFIG),
        ro(CPMM.authority),
        rw(input.place.pool),
        ro(first.mint),
        ro(second.mint),
        rw(lpMint),
        rw(first.userAccount),
        rw(second.userAccount),
        rw(associatedTokenAddress(input.user, lpMint, TOKEN_PROGRAM)),
        rw(first.vault),
        rw(second.vault),
        rw(CPMM.createFeeAccount),
        rw(marketAddress(input.place.pool, 'observation')),
        ro(marketAddress(CPMM.program, 'permission')),
        ro(TOKEN_PROGRAM),
        ro(first.tokenProgram),
        ro(second.tokenProgram),
        ro(ASSOCIATED_TOKEN_PROGRAM),
        ro(SYSTEM_PROGRAM),
      ],
      // The creator's fee is taken in both tokens.
      data: args(input, '3f37fe4131b25979').u8(0).done(),
    };
  },
  recorded: () => ({ logs: ['Program log: Instruction: InitializeWithPermission'], calls: [] }),
};
