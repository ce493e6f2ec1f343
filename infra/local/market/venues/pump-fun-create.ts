import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { addressBytes } from '../chain/address-bytes.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import { type Instruction, payer, ro, rw } from '../chain/instruction.ts';
import { associatedTokenAddress, programAddress } from '../chain/program-address.ts';
import {
  ASSOCIATED_TOKEN_PROGRAM,
  METADATA_PROGRAM,
  RENT_SYSVAR,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from '../chain/program-ids.ts';
import { metaplexAddress } from '../tokens/token-metadata.ts';
import { CURVE, PUMP, curveAccount, curveAddress } from './pump-fun-accounts.ts';
import { EVENT_CALL, type OpeningInput, type VenueOpening, programData } from './venue-opening.ts';

const args = ({ token }: OpeningInput, discriminator: string): ByteWriter => {
  const { name, symbol, uri } = token.text;
  const data = new ByteWriter().hex(discriminator).string(name).string(symbol).string(uri);
  return data.address(token.creator);
};

/** CreateEvent as of September 2026: it has grown at its end ever since 2024. */
export function createEvent({ token, place, user, timestamp }: OpeningInput): Uint8Array {
  const { name, symbol, uri } = token.text;
  const event = new ByteWriter(384).hex('1b72a94ddeeb6376').string(name).string(symbol).string(uri);
  event.address(token.mint).address(place.pool).address(user).address(token.creator);
  event.i64(BigInt(timestamp)).u64(CURVE.virtualTokens).u64(CURVE.virtualLamports);
  event.u64(CURVE.realTokens).u64(CURVE.supply).address(token.tokenProgram);
  // Neither mayhem nor cashback; paired with SOL, which the event calls the system program.
  event.bool(false).bool(false).address(SYSTEM_PROGRAM).u64(CURVE.virtualLamports);
  return event.u64(0n).done();
}

const recorded = (name: string) => (input: OpeningInput) => {
  const event = createEvent(input);
  const accounts = [ro(PUMP.eventAuthority)];
  const data = new ByteWriter().hex(EVENT_CALL).bytes(event).done();
  return {
    logs: [`Program log: Instruction: ${name}`, programData(event)],
    calls: [{ programId: PUMP.program, accounts, data, stackHeight: 2 }],
  };
};

const shared = {
  venue: 'pump-fun',
  event: 'launch',
  pricing: 'pump-curve',
  labels: { jupiter: 'Pump.fun', dexscreener: 'pumpfun', rugcheck: 'pump_fun' },
  user: 'creator',
  place: ({ mint, tokenProgram }) => {
    const pool = curveAddress(mint);
    const baseVault = associatedTokenAddress(pool, mint, tokenProgram);
    return { pool, authority: pool, baseVault, quoteVault: null, lpMint: null };
  },
  state: ({ place, token, baseAmount, quoteAmount }) => [
    {
      address: place.pool,
      data: curveAccount({
        sold: CURVE.supply - baseAmount,
        lamports: quoteAmount,
        complete: false,
        creator: token.creator,
      }),
    },
  ],
} as const satisfies Partial<VenueOpening>;

/** Pump.fun `create`: an SPL mint with Metaplex metadata on a new curve. */
export const pumpFunCreate: VenueOpening = {
  ...shared,
  id: 'pump-fun/create',
  accepts: 'spl-token',
  instruction: (input): Instruction => ({
    programId: PUMP.program,
    accounts: [
      payer(input.token.mint),
      ro(PUMP.mintAuthority),
      rw(input.place.pool),
      rw(input.place.baseVault),
      ro(PUMP.global),
      ro(METADATA_PROGRAM),
      rw(metaplexAddress(input.token.mint)),
      payer(input.user),
      ro(SYSTEM_PROGRAM),
      ro(TOKEN_PROGRAM),
      ro(ASSOCIATED_TOKEN_PROGRAM),
      ro(RENT_SYSVAR),
      ro(PUMP.eventAuthority),
      ro(PUMP.program),
    ],
    data: args(input, '181ec828051c0777').done(),
  }),
  recorded: recorded('Create'),
};

/** Pump.fun `create_v2`: a Token-2022 mint that carries its own metadata. */
export const pumpFunCreateV2: VenueOpening = {
  ...shared,
  id: 'pump-fun/create_v2',
  accepts: 'token-2022',
  instruction: (input): Instruction => {
    const { mint } = input.token;
    const curveQuote = associatedTokenAddress(input.place.pool, WRAPPED_SOL, TOKEN_PROGRAM);
    return {
      programId: PUMP.program,
      accounts: [
        payer(mint),
        ro(PUMP.mintAuthority),
        rw(input.place.pool),
        rw(input.place.baseVault),
        ro(PUMP.global),
        payer(input.user),
        ro(SYSTEM_PROGRAM),
        ro(TOKEN_2022_PROGRAM),
        ro(ASSOCIATED_TOKEN_PROGRAM),
        rw(PUMP.mayhemProgram),
        ro(PUMP.mayhemParameters),
        rw(PUMP.mayhemSolVault),
        rw(programAddress(['mayhem-state', addressBytes(mint)], PUMP.mayhemProgram)),
        rw(associatedTokenAddress(PUMP.mayhemSolVault, mint, TOKEN_2022_PROGRAM)),
        ro(PUMP.eventAuthority),
        ro(PUMP.program),
        ro(WRAPPED_SOL),
        rw(curveQuote),
        ro(TOKEN_PROGRAM),
      ],
      // Not mayhem; cashback off is "some false".
      data: args(input, 'd6904cec5f8b31b4').bool(false).u8(1).done(),
    };
  },
  recorded: recorded('CreateV2'),
};
