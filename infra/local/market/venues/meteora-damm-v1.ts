import { address } from '#shared/domain/address.ts';
import { VENUE_PROGRAMS } from '#shared/domain/venue.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import { type Instruction, payer, ro, rw } from '../chain/instruction.ts';
import { marketAddress } from '../chain/market-address.ts';
import { associatedTokenAddress } from '../chain/program-address.ts';
import {
  ASSOCIATED_TOKEN_PROGRAM,
  METADATA_PROGRAM,
  RENT_SYSVAR,
  SYSTEM_PROGRAM,
  TOKEN_PROGRAM,
} from '../chain/program-ids.ts';
import { metaplexAddress } from '../tokens/token-metadata.ts';
import { sidesOf } from './sorted-pair.ts';
import { type OpeningInput, type VenueOpening, programData } from './venue-opening.ts';

const PROGRAM = VENUE_PROGRAMS['meteora-damm-v1'];
/** Pools keep their tokens in vaults of this program. */
const VAULT_PROGRAM = address('24Uqj9JCLxUeoC3hGfh5W3s9FM9uCHDS2SG3LYwBpyTi');
const POOL_BYTES = 944;

/** Accounts from the vaults on: the same in every form of the instruction. */
function vaultAccounts({ token, place, user }: OpeningInput, lpAccount: ReturnType<typeof rw>) {
  const { pool } = place;
  const own = (name: string) => rw(marketAddress(pool, name));
  return [
    own('a-vault'),
    own('b-vault'),
    rw(place.baseVault),
    rw(place.quoteVault ?? SYSTEM_PROGRAM),
    own('a-vault-lp-mint'),
    own('b-vault-lp-mint'),
    own('a-vault-lp'),
    own('b-vault-lp'),
    rw(token.creatorAccount),
    own('payer-token-b'),
    lpAccount,
    own('protocol-token-a-fee'),
    own('protocol-token-b-fee'),
    payer(user),
  ];
}

const shared = {
  venue: 'meteora-damm-v1',
  event: 'pool',
  accepts: 'spl-token',
  pricing: 'constant-product',
  labels: { jupiter: 'Meteora', dexscreener: 'meteora', rugcheck: 'meteora' },
  user: 'creator',
  place: ({ mint }) => {
    const pool = marketAddress(mint, 'damm-v1-pool');
    return {
      pool,
      authority: VAULT_PROGRAM,
      baseVault: marketAddress(pool, 'base-vault'),
      quoteVault: marketAddress(pool, 'quote-vault'),
      lpMint: marketAddress(pool, 'lp-mint'),
    };
  },
  state: (input) => {
    const { base, quote } = sidesOf(input);
    const data = new ByteWriter(POOL_BYTES).hex('f19a6d0411b16dbc');
    data
      .address(input.place.lpMint ?? SYSTEM_PROGRAM)
      .address(base.mint)
      .address(quote.mint);
    return [{ address: input.place.pool, data: data.zeros(POOL_BYTES - data.length).done() }];
  },
} as const satisfies Partial<VenueOpening>;

/** PoolCreated, which this program only logs. */
const recorded = (log: string) => (input: OpeningInput) => {
  const { base, quote } = sidesOf(input);
  const event = new ByteWriter(137).hex('ca2c295868dc9d52');
  event
    .address(input.place.lpMint ?? SYSTEM_PROGRAM)
    .address(base.mint)
    .address(quote.mint);
  event.u8(0).address(input.place.pool);
  return { logs: [`Program log: Instruction: ${log}`, programData(event.done())], calls: [] };
};

type Form = {
  readonly name: string;
  readonly log: string;
  readonly discriminator: string;
  /** Has a configuration account between the pool and its liquidity mint. */
  readonly hasConfig: boolean;
  readonly args: (input: OpeningInput) => ByteWriter;
};

const opening = (form: Form): VenueOpening => ({
  ...shared,
  id: `meteora-damm-v1/${form.name}`,
  instruction: (input): Instruction => {
    const { base, quote } = sidesOf(input);
    const { pool, lpMint } = input.place;
    const lp = lpMint ?? SYSTEM_PROGRAM;
    const lpAccount = rw(associatedTokenAddress(input.user, lp, TOKEN_PROGRAM));
    return {
      programId: PROGRAM,
      accounts: [
        rw(pool),
        ...(form.hasConfig ? [ro(marketAddress(PROGRAM, 'config'))] : []),
        rw(lp),
        ro(base.mint),
        ro(quote.mint),
        ...vaultAccounts(input, lpAccount),
        ro(RENT_SYSVAR),
        rw(metaplexAddress(base.mint)),
        ro(METADATA_PROGRAM),
        ro(VAULT_PROGRAM),
        ro(TOKEN_PROGRAM),
        ro(ASSOCIATED_TOKEN_PROGRAM),
        ro(SYSTEM_PROGRAM),
      ],
      data: new ByteWriter(64).hex(form.discriminator).bytes(form.args(input).done()).done(),
    };
  },
  recorded: recorded(form.log),
});

const amounts = ({ baseAmount, quoteAmount }: OpeningInput) =>
  new ByteWriter(32).u64(baseAmount).u64(quoteAmount);

/** Meteora DAMM v1 `initialize_permissionless_constant_product_pool_with_config`. */
export const meteoraDammV1WithConfig = opening({
  name: 'initialize_permissionless_constant_product_pool_with_config',
  log: 'InitializePermissionlessConstantProductPoolWithConfig',
  discriminator: '07a68aabceabecf4',
  hasConfig: true,
  args: amounts,
});

/** The same with an optional moment from which the pool trades: none. */
export const meteoraDammV1WithConfig2 = opening({
  name: 'initialize_permissionless_constant_product_pool_with_config2',
  log: 'InitializePermissionlessConstantProductPoolWithConfig2',
  discriminator: '3095dc823d0b09b2',
  hasConfig: true,
  args: (input) => amounts(input).u8(0),
});

/** Meteora DAMM v1 `initialize_customizable_permissionless_constant_product_pool`. */
export const meteoraDammV1Customizable = opening({
  name: 'initialize_customizable_permissionless_constant_product_pool',
  log: 'InitializeCustomizablePermissionlessConstantProductPool',
  discriminator: '9118acc2db7d03be',
  hasConfig: false,
  // A fee of a quarter percent, trades at once, no vault that only bots enter.
  args: (input) => amounts(input).u32(25_000).u8(0).u8(0).u8(0).zeros(90),
});
