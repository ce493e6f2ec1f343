import { address } from '#shared/domain/address.ts';
import { VENUE_PROGRAMS } from '#shared/domain/venue.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import { type Instruction, payer, ro, rw } from '../chain/instruction.ts';
import { marketAddress } from '../chain/market-address.ts';
import {
  METADATA_PROGRAM,
  RENT_SYSVAR,
  SYSTEM_PROGRAM,
  TOKEN_PROGRAM,
} from '../chain/program-ids.ts';
import { metaplexAddress } from '../tokens/token-metadata.ts';
import { EVENT_CALL, type OpeningInput, type VenueOpening } from './venue-opening.ts';

const PROGRAM = VENUE_PROGRAMS['raydium-launchlab'];
const AUTHORITY = address('WLHv2UAZm6z4KyaaELi5pjdbJh6RESMva1Rnn8pJVVh');
const EVENT_AUTHORITY = address('2DPAtwB8L12vrMRExbLuyGnC7n2J5LNoZQSejeQGpwkr');
const GLOBAL_CONFIG = address('6s1xP3hpbAfFoNtUNF8mfHsjr2Bd97JxFJRWLbL6aHuX');
/** LetsBonk's configuration: most of this program's launches are theirs. */
const PLATFORM_CONFIG = address('FfYek5vEz23cMkWsdJwG2oa6EphsvXSHrGpdALN4g6W1');
const POOL_BYTES = 429;
const DECIMALS = 6;
const FUND_RAISING_LAMPORTS = 85_000_000_000n;

/** MintParams, CurveParams (constant product) and VestingParams: the arguments, and most of the event. */
function parameters({ token }: OpeningInput): Uint8Array {
  const { name, symbol, uri } = token.text;
  const data = new ByteWriter().u8(DECIMALS).string(name).string(symbol).string(uri);
  data
    .u8(0)
    .u64(token.supply)
    .u64((token.supply * 7_931n) / 10_000n)
    .u64(FUND_RAISING_LAMPORTS);
  return data.u8(1).u64(0n).u64(0n).u64(0n).done();
}

/** PoolCreateEvent: it does not name the mint. */
const poolCreateEvent = (input: OpeningInput): Uint8Array =>
  new ByteWriter()
    .hex('97d7e20976a173ae')
    .address(input.place.pool)
    .address(input.token.creator)
    .address(GLOBAL_CONFIG)
    .bytes(parameters(input))
    .u8(0)
    .done();

const shared = {
  venue: 'raydium-launchlab',
  event: 'launch',
  pricing: 'constant-product',
  labels: { jupiter: 'Raydium Launchlab', dexscreener: 'launchlab', rugcheck: 'raydium_launchpad' },
  user: 'creator',
  place: ({ mint }) => {
    const pool = marketAddress(mint, 'launchlab-pool');
    return {
      pool,
      authority: AUTHORITY,
      baseVault: marketAddress(pool, 'base-vault'),
      quoteVault: marketAddress(pool, 'quote-vault'),
      lpMint: null,
    };
  },
  state: ({ place }) => {
    const data = new ByteWriter(POOL_BYTES)
      .hex('f7ede3f5d7c3de46')
      .zeros(POOL_BYTES - 8)
      .done();
    return [{ address: place.pool, data }];
  },
} as const satisfies Partial<VenueOpening>;

const recorded = (log: string) => (input: OpeningInput) => ({
  logs: [`Program log: Instruction: ${log}`],
  calls: [
    {
      programId: PROGRAM,
      accounts: [ro(EVENT_AUTHORITY)],
      data: new ByteWriter().hex(EVENT_CALL).bytes(poolCreateEvent(input)).done(),
      stackHeight: 2,
    },
  ],
});

/** Accounts that all forms begin with. */
const head = ({ user, token, place, quoteMint }: OpeningInput) => [
  payer(user),
  ro(token.creator),
  ro(GLOBAL_CONFIG),
  ro(PLATFORM_CONFIG),
  ro(AUTHORITY),
  rw(place.pool),
  payer(token.mint),
  ro(quoteMint),
  rw(place.baseVault),
  rw(place.quoteVault ?? SYSTEM_PROGRAM),
];
const tail = [ro(EVENT_AUTHORITY), ro(PROGRAM)];

const splOpening = (name: string, log: string, discriminator: string): VenueOpening => ({
  ...shared,
  id: `raydium-launchlab/${name}`,
  accepts: 'spl-token',
  instruction: (input): Instruction => ({
    programId: PROGRAM,
    accounts: [
      ...head(input),
      rw(metaplexAddress(input.token.mint)),
      ro(TOKEN_PROGRAM),
      ro(TOKEN_PROGRAM),
      ro(METADATA_PROGRAM),
      ro(SYSTEM_PROGRAM),
      ro(RENT_SYSVAR),
      ...tail,
    ],
    data: new ByteWriter()
      .hex(discriminator)
      .bytes(parameters(input))
      // initialize_v2 says how the creator's fee is taken after the migration.
      .bytes(name === 'initialize_v2' ? Uint8Array.of(0) : new Uint8Array(0))
      .done(),
  }),
  recorded: recorded(log),
});

/** Raydium LaunchLab `initialize`. */
export const raydiumLaunchlabInitialize = splOpening(
  'initialize',
  'Initialize',
  'afaf6d1f0d989bed',
);

/** Raydium LaunchLab `initialize_v2`. */
export const raydiumLaunchlabInitializeV2 = splOpening(
  'initialize_v2',
  'InitializeV2',
  '4399af27da102620',
);

/** Raydium LaunchLab `initialize_with_token_2022`: no Metaplex account. */
export const raydiumLaunchlabInitializeToken2022: VenueOpening = {
  ...shared,
  id: 'raydium-launchlab/initialize_with_token_2022',
  accepts: 'token-2022',
  instruction: (input): Instruction => ({
    programId: PROGRAM,
    accounts: [
      ...head(input),
      ro(input.token.tokenProgram),
      ro(TOKEN_PROGRAM),
      ro(SYSTEM_PROGRAM),
      ...tail,
    ],
    // No fee on transfers of its own.
    data: new ByteWriter().hex('25be7ede2c9aab11').bytes(parameters(input)).u8(0).u8(0).done(),
  }),
  recorded: recorded('InitializeWithToken2022'),
};
