import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import { type Instruction, payer, ro, rw } from '../chain/instruction.ts';
import { associatedTokenAddress } from '../chain/program-address.ts';
import {
  ASSOCIATED_TOKEN_PROGRAM,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from '../chain/program-ids.ts';
import { CURVE, PUMP, curveAccount, curveAddress, lamportsAt } from './pump-fun-accounts.ts';
import {
  PUMP_SWAP_LABELS,
  type PoolCreator,
  createPool,
  createPoolEvent,
  poolAccount,
  poolAuthority,
  poolEventCall,
  pumpSwapPlace,
} from './pump-swap.ts';
import { EVENT_CALL, type OpeningInput, type VenueOpening } from './venue-opening.ts';

/** Lamports that Pump.fun keeps of a graduate's SOL. */
const MIGRATION_FEE = 15_000_001n;

/** Pump.fun's authority over the pool of one mint, which creates it in the mint's name. */
function authorityAccounts({ token, place }: OpeningInput): PoolCreator {
  const authority = poolAuthority(token.mint);
  return {
    address: authority,
    baseAccount: associatedTokenAddress(authority, token.mint, token.tokenProgram),
    quoteAccount: associatedTokenAddress(authority, WRAPPED_SOL, TOKEN_PROGRAM),
    lpAccount: associatedTokenAddress(
      authority,
      place.lpMint ?? SYSTEM_PROGRAM,
      TOKEN_2022_PROGRAM,
    ),
  };
}

/** CompletePumpAmmMigrationEvent with the quote mint that 2026 added. */
function migrationEvent(input: OpeningInput, curve: ReturnType<typeof curveAddress>): Uint8Array {
  const event = new ByteWriter(256).hex('bde95db95c94ea94').address(input.user);
  event.address(input.token.mint).u64(input.baseAmount).u64(input.quoteAmount).u64(MIGRATION_FEE);
  event.address(curve).i64(BigInt(input.timestamp)).address(input.place.pool);
  return event.address(SYSTEM_PROGRAM).done();
}

/** Pump.fun `migrate`: a sold-out curve becomes a PumpSwap pool, created by an inner instruction. */
export const pumpFunMigrate: VenueOpening = {
  id: 'pump-fun/migrate',
  venue: 'pump-swap',
  event: 'migration',
  accepts: 'both',
  pricing: 'constant-product',
  labels: PUMP_SWAP_LABELS,
  user: 'keeper',
  place: ({ mint, tokenProgram }) => pumpSwapPlace(poolAuthority(mint), mint, tokenProgram),
  instruction: (input): Instruction => {
    const { token, place } = input;
    const creator = authorityAccounts(input);
    const curve = curveAddress(token.mint);
    return {
      programId: PUMP.program,
      accounts: [
        ro(PUMP.global),
        rw(PUMP.withdrawAuthority),
        ro(token.mint),
        rw(curve),
        rw(associatedTokenAddress(curve, token.mint, token.tokenProgram)),
        payer(input.user),
        ro(SYSTEM_PROGRAM),
        ro(token.tokenProgram),
        ro(PUMP.swapProgram),
        rw(place.pool),
        rw(creator.address),
        rw(creator.baseAccount),
        rw(creator.quoteAccount),
        ro(PUMP.swapGlobalConfig),
        ro(WRAPPED_SOL),
        rw(place.lpMint ?? SYSTEM_PROGRAM),
        rw(creator.lpAccount),
        rw(place.baseVault),
        rw(place.quoteVault ?? SYSTEM_PROGRAM),
        ro(TOKEN_2022_PROGRAM),
        ro(ASSOCIATED_TOKEN_PROGRAM),
        ro(PUMP.swapEventAuthority),
        ro(PUMP.eventAuthority),
        ro(PUMP.program),
      ],
      data: new ByteWriter(8).hex('9beae792ec9ea21e').done(),
    };
  },
  recorded: (input) => {
    const creator = authorityAccounts(input);
    const event = migrationEvent(input, curveAddress(input.token.mint));
    const done = {
      programId: PUMP.program,
      accounts: [ro(PUMP.eventAuthority)],
      data: new ByteWriter().hex(EVENT_CALL).bytes(event).done(),
      stackHeight: 2,
    };
    return {
      // Real migrations log more than a node keeps: the pool's own event is never in the log.
      logs: ['Program log: Instruction: Migrate', 'Log truncated'],
      calls: [
        { ...createPool(input, creator), stackHeight: 2 },
        poolEventCall(createPoolEvent(input, creator), 3),
        done,
      ],
    };
  },
  state: (input) => {
    const { creator, mint } = input.token;
    const lamports = lamportsAt(CURVE.realTokens);
    const sold = { sold: CURVE.realTokens, lamports, complete: true, creator };
    return [
      { address: input.place.pool, data: poolAccount(input, poolAuthority(mint)) },
      { address: curveAddress(mint), data: curveAccount(sold) },
    ];
  },
};
