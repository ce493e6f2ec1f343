import type { Address } from '#shared/domain/address.ts';
import { VENUE_PROGRAMS, WRAPPED_SOL } from '#shared/domain/venue.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import type { Chain } from '../chain/chain.ts';
import { type Instruction, payer, ro, rw } from '../chain/instruction.ts';
import type { LandedTransaction } from '../chain/landed-transaction.ts';
import type { LookupTable } from '../chain/message.ts';
import { TOKEN_PROGRAM } from '../chain/program-ids.ts';
import type { Random } from '../random.ts';
import { finalMintAuthority, isPoolFilledByTransfer } from '../tokens/mint-token.ts';
import {
  setComputeUnitLimit,
  setComputeUnitPrice,
  transferLamports,
} from '../tokens/system-instructions.ts';
import { mintTo, syncNative, transferChecked } from '../tokens/token-instructions.ts';
import type { Holder } from '../tokens/token-recipe.ts';
import { decorate } from '../venues/decorate.ts';
import { CURVE, lamportsAt } from '../venues/pump-fun-accounts.ts';
import type { OpeningInput } from '../venues/venue-opening.ts';
import type { MarketToken } from './market-token.ts';

/** Head of `buy` at Pump.fun and PumpSwap, and the byte of Raydium's `swap_base_in`. */
const BUY = '66063d1201daebea';
const SWAP_BASE_IN = '09';

/** Opens a token's pool: first the opening, then what a bundle buys in the same slot. */
export function openPool(
  chain: Chain,
  token: MarketToken,
  random: Random,
  lookupTable: LookupTable,
): readonly LandedTransaction[] {
  const { recipe, place } = token;
  const { opening, mint, tokenProgram, decimals, supply, creator, creatorAccount, text } = recipe;
  const bought = recipe.bundle.reduce((sum, { amount }) => sum + amount, 0n);
  const slot = chain.clock.slot();
  const input: OpeningInput = {
    token: { mint, tokenProgram, decimals, supply, creator, creatorAccount, text },
    place,
    quoteMint: WRAPPED_SOL,
    user: opening.user === 'creator' ? creator : chain.treasury,
    baseAmount: recipe.poolAmount + bought,
    quoteAmount: lamportsBefore(token, bought),
    timestamp: chain.clock.blockTime(slot),
  };
  // The account holds what the bundle's purchases leave it with: no program is there to update it.
  const settled = { ...input, baseAmount: recipe.poolAmount, quoteAmount: recipe.poolLamports };
  for (const state of opening.state(settled)) {
    const lamports = chain.vm.rentOf(state.data.length);
    const owner = VENUE_PROGRAMS[isCurveOf(state.address, token) ? 'pump-fun' : opening.venue];
    chain.vm.setAccount(state.address, { lamports, owner, data: state.data });
  }
  const instruction = opening.instruction(input);
  const landed = chain.land({
    feePayer: input.user,
    instructions: [
      setComputeUnitLimit(random.int(150_000, 400_000)),
      setComputeUnitPrice(BigInt(random.int(1_000, 3_000_000))),
      instruction,
      ...movements(token, input),
    ],
    ...messageForm(random, lookupTable),
    decorate: (recorded, message, keys) =>
      decorate(recorded, { message, keys }, instruction, opening.recorded(input)),
  });
  token.opened = { atMs: chain.clock.nowMs(), slot: landed.slot, signature: landed.signature };
  return [landed, ...buyBundle(chain, token, input)];
}

/** Venue programs' own accounts; a graduate also leaves its curve behind. */
const isCurveOf = (account: Address, { place, recipe }: MarketToken): boolean =>
  recipe.opening.event === 'migration' && account !== place.pool;

/** Three forms that decoders must read: legacy, v0, and v0 with keys from a lookup table. */
function messageForm(random: Random, lookupTable: LookupTable) {
  const draw = random.next();
  if (draw < 0.4) return { lookupTable };
  return { version: draw < 0.7 ? (0 as const) : ('legacy' as const) };
}

/** Lamports in the pool before so many base units were bought from it. */
function lamportsBefore({ recipe }: MarketToken, bought: bigint): bigint {
  const { poolAmount, poolLamports, opening } = recipe;
  if (bought === 0n) return poolLamports;
  if (opening.pricing === 'pump-curve') return lamportsAt(CURVE.supply - poolAmount - bought);
  return (poolAmount * poolLamports) / (poolAmount + bought);
}

/** Tokens and SOL into the pool, and the end of the creator's right to mint. */
function movements({ recipe, place }: MarketToken, input: OpeningInput): Instruction[] {
  const { mint, tokenProgram, decimals, creator, creatorAccount } = recipe;
  const amount = input.baseAmount;
  const base = isPoolFilledByTransfer(recipe)
    ? [
        transferChecked({
          tokenProgram,
          source: creatorAccount,
          mint,
          destination: place.baseVault,
          authority: creator,
          amount,
          decimals,
        }),
      ]
    : [
        mintTo({ tokenProgram, mint, account: place.baseVault, authority: creator, amount }),
        finalMintAuthority(recipe),
      ];
  const quote =
    place.quoteVault === null
      ? [transferLamports(input.user, place.pool, input.quoteAmount)]
      : [
          transferLamports(input.user, place.quoteVault, input.quoteAmount),
          syncNative({ tokenProgram: TOKEN_PROGRAM, account: place.quoteVault }),
        ];
  return [...base, ...quote];
}

/** Each wallet buys alike, one after the other, in the slot of the opening. */
function buyBundle(chain: Chain, token: MarketToken, input: OpeningInput): LandedTransaction[] {
  const { recipe } = token;
  const total = recipe.bundle.reduce((sum, { amount }) => sum + amount, 0n);
  const cost = recipe.poolLamports - input.quoteAmount;
  return recipe.bundle.map((buyer) => {
    const lamports = (cost * buyer.amount) / total;
    return chain.land({ feePayer: buyer.owner, instructions: buy(token, buyer, lamports) });
  });
}

function buy({ recipe, place }: MarketToken, buyer: Holder, lamports: bigint): Instruction[] {
  const { mint, tokenProgram, decimals, opening } = recipe;
  const isRaydium = opening.venue === 'raydium-amm-v4';
  const data = new ByteWriter().hex(isRaydium ? SWAP_BASE_IN : BUY);
  const amounts = isRaydium ? [lamports, buyer.amount] : [buyer.amount, lamports];
  for (const amount of amounts) data.u64(amount);
  const quote = place.quoteVault ?? place.pool;
  return [
    {
      programId: VENUE_PROGRAMS[opening.venue],
      accounts: [
        rw(place.pool),
        ro(mint),
        rw(place.baseVault),
        rw(quote),
        rw(buyer.account),
        payer(buyer.owner),
        ro(tokenProgram),
      ],
      data: data.done(),
    },
    transferLamports(buyer.owner, quote, lamports),
    ...(place.quoteVault === null
      ? []
      : [syncNative({ tokenProgram: TOKEN_PROGRAM, account: place.quoteVault })]),
    transferChecked({
      tokenProgram,
      source: place.baseVault,
      mint,
      destination: buyer.account,
      authority: place.authority,
      amount: buyer.amount,
      decimals,
    }),
  ];
}
