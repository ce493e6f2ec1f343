import { address } from '#shared/domain/address.ts';
import { VENUE_PROGRAMS } from '#shared/domain/venue.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import { type AccountMeta, type Instruction, payer, ro, rw } from '../chain/instruction.ts';
import { marketAddress } from '../chain/market-address.ts';
import { programAddress } from '../chain/program-address.ts';
import { SYSTEM_PROGRAM, TOKEN_2022_PROGRAM } from '../chain/program-ids.ts';
import { type Side, sidesOf, sqrtPriceX64 } from './sorted-pair.ts';
import { EVENT_CALL, type OpeningInput, type VenueOpening } from './venue-opening.ts';

const PROGRAM = VENUE_PROGRAMS['meteora-damm-v2'];
const AUTHORITY = address('HLnpSz9h2S4hiLQ43rnSD9XkcUThA7B8hQMKmDaiTLcC');
const EVENT_AUTHORITY = programAddress(['__event_authority'], PROGRAM);
const POOL_BYTES = 1_112;

const pair = (input: OpeningInput): readonly [Side, Side] => {
  const { base, quote } = sidesOf(input);
  return [base, quote];
};

const liquidity = ({ baseAmount, quoteAmount }: OpeningInput): bigint =>
  BigInt(Math.floor(Math.sqrt(Number(baseAmount) * Number(quoteAmount))));

/** EvtInitializePool: its head; what follows depends on the pool's fees. */
function recorded(log: string, input: OpeningInput) {
  const [a, b] = pair(input);
  const event = new ByteWriter(256).hex('e432f655cb428625').address(input.place.pool);
  event.address(a.mint).address(b.mint).address(input.token.creator).address(input.user);
  event.optionalAddress(null).zeros(32);
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
}

type Form = {
  readonly name: string;
  readonly log: string;
  readonly discriminator: string;
  /** Accounts between payer and authority: who may create with this configuration, and the configuration. */
  readonly configAccounts: readonly AccountMeta[];
  readonly args: (input: OpeningInput) => ByteWriter;
};

const opening = (form: Form): VenueOpening => ({
  venue: 'meteora-damm-v2',
  event: 'pool',
  accepts: 'both',
  pricing: 'constant-product',
  labels: { jupiter: 'Meteora DAMM v2', dexscreener: 'meteora', rugcheck: 'meteora_damm_v2' },
  user: 'creator',
  id: `meteora-damm-v2/${form.name}`,
  place: ({ mint }) => {
    const pool = marketAddress(mint, 'damm-v2-pool');
    return {
      pool,
      authority: AUTHORITY,
      baseVault: marketAddress(pool, 'base-vault'),
      quoteVault: marketAddress(pool, 'quote-vault'),
      lpMint: null,
    };
  },
  instruction: (input): Instruction => {
    const [a, b] = pair(input);
    const { pool } = input.place;
    return {
      programId: PROGRAM,
      accounts: [
        ro(input.token.creator),
        payer(marketAddress(pool, 'position-nft')),
        rw(marketAddress(pool, 'position-nft-account')),
        payer(input.user),
        ...form.configAccounts,
        ro(AUTHORITY),
        rw(pool),
        rw(marketAddress(pool, 'position')),
        ro(a.mint),
        ro(b.mint),
        rw(a.vault),
        rw(b.vault),
        rw(a.userAccount),
        rw(b.userAccount),
        ro(a.tokenProgram),
        ro(b.tokenProgram),
        ro(TOKEN_2022_PROGRAM),
        ro(SYSTEM_PROGRAM),
        ro(EVENT_AUTHORITY),
        ro(PROGRAM),
      ],
      data: new ByteWriter(64).hex(form.discriminator).bytes(form.args(input).done()).done(),
    };
  },
  recorded: (input) => recorded(form.log, input),
  state: (input) => {
    const [a, b] = pair(input);
    const data = new ByteWriter(POOL_BYTES).hex('f19a6d0411b16dbc').zeros(160);
    data.address(a.mint).address(b.mint).address(a.vault).address(b.vault);
    return [{ address: input.place.pool, data: data.zeros(POOL_BYTES - data.length).done() }];
  },
});

const price = (input: OpeningInput) =>
  new ByteWriter(48).u128(liquidity(input)).u128(sqrtPriceX64(pair(input)));

/** Meteora DAMM v2 `initialize_pool`: the same eight bytes as Orca's. */
export const meteoraDammV2Initialize = opening({
  name: 'initialize_pool',
  log: 'InitializePool',
  discriminator: '5fb40aac54aee828',
  configAccounts: [ro(marketAddress(PROGRAM, 'config'))],
  // Trades at once.
  args: (input) => price(input).u8(0),
});

/** Meteora DAMM v2 `initialize_customizable_pool`. */
export const meteoraDammV2Customizable = opening({
  name: 'initialize_customizable_pool',
  log: 'InitializeCustomizablePool',
  discriminator: '14a1f118bdddb402',
  configAccounts: [],
  // Fees of 30 + bytes, whole price range, no vault, fees in both tokens, by time, at once.
  args: (input) =>
    new ByteWriter(112)
      .zeros(31)
      .u128(4_295_048_016n)
      .u128(79_226_673_521_066_979_257_578_248_091n)
      .bool(false)
      .bytes(price(input).done())
      .u8(1)
      .u8(0)
      .u8(0),
});

/** Meteora DAMM v2 `initialize_pool_with_dynamic_config`. */
export const meteoraDammV2DynamicConfig = opening({
  name: 'initialize_pool_with_dynamic_config',
  log: 'InitializePoolWithDynamicConfig',
  discriminator: '955248c5fdfc440f',
  configAccounts: [
    ro(marketAddress(PROGRAM, 'pool-creator-authority')),
    ro(marketAddress(PROGRAM, 'dynamic-config')),
  ],
  args: (input) => price(input).u8(0),
});
