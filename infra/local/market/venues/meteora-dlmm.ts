import { address } from '#shared/domain/address.ts';
import { VENUE_PROGRAMS } from '#shared/domain/venue.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import { type AccountMeta, type Instruction, payer, ro, rw } from '../chain/instruction.ts';
import { marketAddress } from '../chain/market-address.ts';
import { RENT_SYSVAR, SYSTEM_PROGRAM, TOKEN_PROGRAM } from '../chain/program-ids.ts';
import { sidesOf } from './sorted-pair.ts';
import { EVENT_CALL, type OpeningInput, type VenueOpening } from './venue-opening.ts';

const PROGRAM = VENUE_PROGRAMS['meteora-dlmm'];
const EVENT_AUTHORITY = address('D1ZN9Wj1fRSUQfCjhvnu1hqDMT7hzjzBBpi12nVniYD6');
const PRESET = address('83XWJx8TNDYtiKA15EbCBKSTvNZ3h2jGjHz87CXncRVH');
const BIN_STEP = 250;
const POOL_BYTES = 904;

type Form = {
  readonly name: string;
  readonly log: string;
  readonly discriminator: string;
  readonly accepts: VenueOpening['accepts'];
  /** Accounts after the oracle. */
  readonly rest: (input: OpeningInput) => readonly AccountMeta[];
  readonly args: () => ByteWriter;
};

const opening = (form: Form): VenueOpening => ({
  id: `meteora-dlmm/${form.name}`,
  venue: 'meteora-dlmm',
  event: 'pool',
  accepts: form.accepts,
  pricing: 'constant-product',
  labels: { jupiter: 'Meteora DLMM', dexscreener: 'meteora', rugcheck: 'meteora_dlmm' },
  user: 'creator',
  place: ({ mint }) => {
    const pool = marketAddress(mint, 'dlmm-pair');
    return {
      pool,
      authority: pool,
      baseVault: marketAddress(pool, 'reserve-x'),
      quoteVault: marketAddress(pool, 'reserve-y'),
      lpMint: null,
    };
  },
  instruction: (input): Instruction => {
    const { base, quote } = sidesOf(input);
    const { pool } = input.place;
    return {
      programId: PROGRAM,
      accounts: [
        rw(pool),
        // Anchor's word for "no such account": the program itself.
        ro(PROGRAM),
        ro(base.mint),
        ro(quote.mint),
        rw(base.vault),
        rw(quote.vault),
        rw(marketAddress(pool, 'oracle')),
        ...form.rest(input),
        ro(EVENT_AUTHORITY),
        ro(PROGRAM),
      ],
      data: new ByteWriter(96).hex(form.discriminator).bytes(form.args().done()).done(),
    };
  },
  recorded: (input) => {
    const { base, quote } = sidesOf(input);
    const event = new ByteWriter(112).hex('b94afc7d1bd7bc6f').address(input.place.pool);
    event.u16(BIN_STEP).address(base.mint).address(quote.mint);
    return {
      logs: [`Program log: Instruction: ${form.log}`],
      calls: [
        {
          programId: PROGRAM,
          accounts: [ro(EVENT_AUTHORITY)],
          data: new ByteWriter().hex(EVENT_CALL).bytes(event.done()).done(),
          stackHeight: 2,
        },
      ],
    };
  },
  state: (input) => {
    const { base, quote } = sidesOf(input);
    const data = new ByteWriter(POOL_BYTES).hex('210b3162b565b10d').zeros(80);
    data.address(base.mint).address(quote.mint).address(base.vault).address(quote.vault);
    return [{ address: input.place.pool, data: data.zeros(POOL_BYTES - data.length).done() }];
  },
});

/** CustomizableParams: bins, activation by time, no vault, trades at once, a base factor. */
const customParameters = () =>
  new ByteWriter(80).i32(-1_157).u16(100).u16(10_000).u8(1).bool(false).u8(0).u8(0).zeros(63);

/** Meteora DLMM `initialize_lb_pair`. */
export const meteoraDlmmInitialize = opening({
  name: 'initialize_lb_pair',
  log: 'InitializeLbPair',
  discriminator: '2d9aedd2dd0fa65c',
  accepts: 'spl-token',
  rest: ({ user }) => [
    ro(PRESET),
    payer(user),
    ro(TOKEN_PROGRAM),
    ro(SYSTEM_PROGRAM),
    ro(RENT_SYSVAR),
  ],
  args: () => new ByteWriter(6).i32(91).u16(BIN_STEP),
});

/** Meteora DLMM `initialize_lb_pair2`. */
export const meteoraDlmmInitialize2 = opening({
  name: 'initialize_lb_pair2',
  log: 'InitializeLbPair2',
  discriminator: '493b2478ed536cc6',
  accepts: 'both',
  rest: ({ user, token }) => [
    ro(PRESET),
    payer(user),
    ro(PROGRAM),
    ro(PROGRAM),
    ro(token.tokenProgram),
    ro(TOKEN_PROGRAM),
    ro(SYSTEM_PROGRAM),
  ],
  args: () => new ByteWriter(100).i32(91).zeros(96),
});

/** Meteora DLMM `initialize_customizable_permissionless_lb_pair`. */
export const meteoraDlmmCustomizable = opening({
  name: 'initialize_customizable_permissionless_lb_pair',
  log: 'InitializeCustomizablePermissionlessLbPair',
  discriminator: '2e2729876fb7c840',
  accepts: 'spl-token',
  rest: ({ user, token }) => [
    ro(token.creatorAccount),
    payer(user),
    ro(TOKEN_PROGRAM),
    ro(SYSTEM_PROGRAM),
    ro(RENT_SYSVAR),
  ],
  args: customParameters,
});

/** Meteora DLMM `initialize_customizable_permissionless_lb_pair2`. */
export const meteoraDlmmCustomizable2 = opening({
  name: 'initialize_customizable_permissionless_lb_pair2',
  log: 'InitializeCustomizablePermissionlessLbPair2',
  discriminator: 'f349817e3313f16b',
  accepts: 'both',
  rest: (input) => [
    ro(input.token.creatorAccount),
    payer(input.user),
    ro(PROGRAM),
    ro(PROGRAM),
    ro(input.token.tokenProgram),
    ro(TOKEN_PROGRAM),
    ro(SYSTEM_PROGRAM),
    ro(sidesOf(input).quote.userAccount),
  ],
  // One byte more than the first form had.
  args: () => customParameters().u8(0),
});
