import { VENUE_PROGRAMS } from '#shared/domain/venue.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import type { Chain } from '../chain/chain.ts';
import { type Instruction, payer, ro, rw } from '../chain/instruction.ts';
import type { LandedTransaction } from '../chain/landed-transaction.ts';
import type { Random } from '../random.ts';
import { transferLamports } from '../tokens/system-instructions.ts';
import type { MarketToken } from './market-token.ts';

/** More than any trader has: a transaction that tries to move it fails. */
const UNPAYABLE = 4_000_000_000_000_000_000n;
/** Instructions that open nothing: Pump.fun `buy` and `sell`, PumpSwap `deposit`, Raydium v4 `swap_base_in`. */
const TRADES = [
  ['pump-fun', '66063d1201daebea'],
  ['pump-fun', '33e685a4017f83ad'],
  ['pump-swap', 'f223c68952e1f2b6'],
  ['raydium-amm-v4', '09'],
] as const;

/**
 * A transaction that a webhook on the venues' programs delivers as well and that opens no pool: a
 * trade, or one time in three an opening that failed.
 */
export function landNoise(chain: Chain, near: MarketToken, random: Random): LandedTransaction {
  const { recipe, place } = near;
  const trader = chain.treasury;
  if (random.chance(1 / 3)) {
    const failed: Instruction = {
      programId: VENUE_PROGRAMS['pump-fun'],
      accounts: [rw(recipe.mint), rw(place.pool), payer(trader)],
      data: new ByteWriter().hex('181ec828051c0777').string('x').string('x').string('x').done(),
    };
    const instructions = [failed, transferLamports(trader, place.pool, UNPAYABLE)];
    return chain.land({ feePayer: trader, instructions });
  }
  const [venue, head] = random.pick(TRADES);
  const amount = BigInt(random.int(1_000, 2_000_000_000));
  const trade: Instruction = {
    programId: VENUE_PROGRAMS[venue],
    accounts: [ro(place.pool), rw(place.baseVault), ro(recipe.mint), payer(trader)],
    data: new ByteWriter()
      .hex(head)
      .u64(amount)
      .u64(amount / 2n)
      .done(),
  };
  return chain.land({ feePayer: trader, instructions: [trade] });
}
