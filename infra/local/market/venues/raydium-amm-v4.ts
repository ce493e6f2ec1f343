import { type Address, address } from '#shared/domain/address.ts';
import { VENUE_PROGRAMS, WRAPPED_SOL } from '#shared/domain/venue.ts';
import { addressBytes } from '../chain/address-bytes.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import { payer, ro, rw } from '../chain/instruction.ts';
import { marketAddress } from '../chain/market-address.ts';
import { associatedTokenAddress } from '../chain/program-address.ts';
import {
  ASSOCIATED_TOKEN_PROGRAM,
  RENT_SYSVAR,
  SYSTEM_PROGRAM,
  TOKEN_PROGRAM,
} from '../chain/program-ids.ts';
import type { OpeningInput, VenueOpening } from './venue-opening.ts';

const PROGRAM = VENUE_PROGRAMS['raydium-amm-v4'];
const AUTHORITY = address('5Q544fKrFoe6tsEbD7S8EmxGTJYAKtTVhAW5Q5pge4j1');
const CONFIG = address('9DCxsMizn3H1hprZ7xWe6LDzeUeZBksYFpBWBtSf1PQX');
const CREATE_FEE_ACCOUNT = address('7YttLkHDoNj9wyDur5pM1ejNaAvT9X4eqaYcHQqtj2G5');
const MARKET_PROGRAM = address('srmqPvymJeFKQ4zGQed1GFppgkRHL9kaELCbyksJtPX');
const NONCE = 254;
const POOL_BYTES = 752;

/** Pump.fun's former migrations have SOL as `coin`, people's own pools have it as `pc`. */
const isTokenCoin = ({ token }: OpeningInput): boolean =>
  (addressBytes(token.mint)[0] ?? 0) % 4 !== 0;

const sides = (input: OpeningInput) => {
  const base = { mint: input.token.mint, vault: input.place.baseVault, amount: input.baseAmount };
  const quoteVault = input.place.quoteVault ?? SYSTEM_PROGRAM;
  const quote = { mint: input.quoteMint, vault: quoteVault, amount: input.quoteAmount };
  return isTokenCoin(input) ? { coin: base, pc: quote } : { coin: quote, pc: base };
};

/** Raydium AMM v4 `initialize2`: one byte 0x01 and 25 bytes of arguments, no Anchor. */
export const raydiumAmmV4Initialize: VenueOpening = {
  id: 'raydium-amm-v4/initialize2',
  venue: 'raydium-amm-v4',
  event: 'pool',
  accepts: 'spl-token',
  pricing: 'constant-product',
  labels: { jupiter: 'Raydium', dexscreener: 'raydium', rugcheck: 'raydium' },
  user: 'creator',
  place: ({ mint }) => {
    const pool = marketAddress(mint, 'amm');
    return {
      pool,
      authority: AUTHORITY,
      baseVault: marketAddress(pool, 'base-vault'),
      quoteVault: marketAddress(pool, 'quote-vault'),
      lpMint: marketAddress(pool, 'lp-mint'),
    };
  },
  instruction: (input) => {
    const { token, place, user } = input;
    const { coin, pc } = sides(input);
    const quoteAccount = associatedTokenAddress(user, WRAPPED_SOL, TOKEN_PROGRAM);
    const lpMint = place.lpMint ?? SYSTEM_PROGRAM;
    const [coinAccount, pcAccount] = isTokenCoin(input)
      ? [token.creatorAccount, quoteAccount]
      : [quoteAccount, token.creatorAccount];
    return {
      programId: PROGRAM,
      accounts: [
        ro(TOKEN_PROGRAM),
        ro(ASSOCIATED_TOKEN_PROGRAM),
        ro(SYSTEM_PROGRAM),
        ro(RENT_SYSVAR),
        rw(place.pool),
        ro(AUTHORITY),
        rw(marketAddress(place.pool, 'open-orders')),
        rw(lpMint),
        ro(coin.mint),
        ro(pc.mint),
        rw(coin.vault),
        rw(pc.vault),
        rw(marketAddress(place.pool, 'target-orders')),
        ro(CONFIG),
        rw(CREATE_FEE_ACCOUNT),
        ro(MARKET_PROGRAM),
        ro(marketAddress(place.pool, 'market')),
        payer(user),
        rw(coinAccount),
        rw(pcAccount),
        rw(associatedTokenAddress(user, lpMint, TOKEN_PROGRAM)),
      ],
      data: new ByteWriter(26).u8(1).u8(NONCE).u64(0n).u64(pc.amount).u64(coin.amount).done(),
    };
  },
  recorded: (input) => {
    const { coin, pc } = sides(input);
    const decimals = (mint: Address) => (mint === input.token.mint ? input.token.decimals : 9);
    const log = new ByteWriter(75).u8(0).u64(BigInt(input.timestamp));
    log.u8(decimals(pc.mint)).u8(decimals(coin.mint)).u64(1_000_000n).u64(1_000_000n);
    log.u64(pc.amount).u64(coin.amount).address(marketAddress(input.place.pool, 'market'));
    const values = `nonce: ${NONCE}, open_time: 0, init_pc_amount: ${pc.amount}, init_coin_amount: ${coin.amount}`;
    return {
      logs: [
        `Program log: initialize2: InitializeInstruction2 { ${values} }`,
        `Program log: ray_log: ${log.done().toString('base64')}`,
      ],
      calls: [],
    };
  },
  // Status 6 (swap only), nonce and the rest of the 752 bytes that nobody reads off the chain.
  state: ({ place }) => [
    {
      address: place.pool,
      data: new ByteWriter(POOL_BYTES)
        .u64(6n)
        .u64(254n)
        .zeros(POOL_BYTES - 16)
        .done(),
    },
  ],
};
