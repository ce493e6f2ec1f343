import { address } from '#shared/domain/address.ts';
import { VENUE_PROGRAMS } from '#shared/domain/venue.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import { type Instruction, payer, ro, rw, signer } from '../chain/instruction.ts';
import { marketAddress } from '../chain/market-address.ts';
import { programAddress } from '../chain/program-address.ts';
import { METADATA_PROGRAM, SYSTEM_PROGRAM, TOKEN_PROGRAM } from '../chain/program-ids.ts';
import { metaplexAddress } from '../tokens/token-metadata.ts';
import { EVENT_CALL, type OpeningInput, type VenueOpening } from './venue-opening.ts';

const PROGRAM = VENUE_PROGRAMS['meteora-dbc'];
const AUTHORITY = address('FhVo3mqL8PW5pH5U2CN4XE33DokiyZnUwuGpH2hmHLuM');
const EVENT_AUTHORITY = programAddress(['__event_authority'], PROGRAM);
const POOL_BYTES = 424;

/** Each launchpad has its configuration. */
const CONFIG = marketAddress(PROGRAM, 'config');

const args = ({ token }: OpeningInput, discriminator: string): Uint8Array => {
  const { name, symbol, uri } = token.text;
  return new ByteWriter().hex(discriminator).string(name).string(symbol).string(uri).done();
};

const recorded = (log: string, poolType: number) => (input: OpeningInput) => {
  const event = new ByteWriter(160).hex('e432f655cb428625').address(input.place.pool);
  event.address(CONFIG).address(input.token.creator).address(input.token.mint).u8(poolType);
  event.u64(BigInt(input.timestamp));
  return {
    logs: [`Program log: Instruction: ${log}`],
    calls: [
      {
        programId: PROGRAM,
        accounts: [ro(EVENT_AUTHORITY)],
        data: new ByteWriter().hex(EVENT_CALL).bytes(event.done()).done(),
        stackHeight: 2,
      },
    ],
  };
};

const shared = {
  venue: 'meteora-dbc',
  event: 'launch',
  pricing: 'constant-product',
  labels: { jupiter: 'Dynamic Bonding Curve', dexscreener: 'meteoradbc', rugcheck: 'meteora_dbc' },
  user: 'creator',
  place: ({ mint }) => {
    const pool = marketAddress(mint, 'dbc-pool');
    return {
      pool,
      authority: AUTHORITY,
      baseVault: marketAddress(pool, 'base-vault'),
      quoteVault: marketAddress(pool, 'quote-vault'),
      lpMint: null,
    };
  },
  state: (input) => {
    const data = new ByteWriter(POOL_BYTES).hex('d5e005d162455c77').zeros(64).address(CONFIG);
    data.address(input.token.creator).address(input.token.mint).address(input.place.baseVault);
    data.address(input.place.quoteVault ?? SYSTEM_PROGRAM).u64(input.baseAmount);
    data.u64(input.quoteAmount);
    return [{ address: input.place.pool, data: data.zeros(POOL_BYTES - data.length).done() }];
  },
} as const satisfies Partial<VenueOpening>;

const head = ({ token, place, quoteMint }: OpeningInput) => [
  ro(CONFIG),
  ro(AUTHORITY),
  signer(token.creator),
  payer(token.mint),
  ro(quoteMint),
  rw(place.pool),
  rw(place.baseVault),
  rw(place.quoteVault ?? SYSTEM_PROGRAM),
];
const tail = [ro(SYSTEM_PROGRAM), ro(EVENT_AUTHORITY), ro(PROGRAM)];

/** Meteora DBC `initialize_virtual_pool_with_spl_token`. */
export const meteoraDbcSpl: VenueOpening = {
  ...shared,
  id: 'meteora-dbc/initialize_virtual_pool_with_spl_token',
  accepts: 'spl-token',
  instruction: (input): Instruction => ({
    programId: PROGRAM,
    accounts: [
      ...head(input),
      rw(metaplexAddress(input.token.mint)),
      ro(METADATA_PROGRAM),
      payer(input.user),
      ro(TOKEN_PROGRAM),
      ro(TOKEN_PROGRAM),
      ...tail,
    ],
    data: args(input, '8c55d7b06636684f'),
  }),
  recorded: recorded('InitializeVirtualPoolWithSplToken', 0),
};

/** Meteora DBC `initialize_virtual_pool_with_token2022`. */
export const meteoraDbcToken2022: VenueOpening = {
  ...shared,
  id: 'meteora-dbc/initialize_virtual_pool_with_token2022',
  accepts: 'token-2022',
  instruction: (input): Instruction => ({
    programId: PROGRAM,
    accounts: [
      ...head(input),
      payer(input.user),
      ro(TOKEN_PROGRAM),
      ro(input.token.tokenProgram),
      ...tail,
    ],
    data: args(input, 'a976334e916edc9b'),
  }),
  recorded: recorded('InitializeVirtualPoolWithToken2022', 1),
};
