import { type Address, bytesOfAddress } from '#shared/domain/address.ts';
import { JUPITER_PROGRAM } from '#shared/domain/solana-programs.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import type { Chain } from '../chain/chain.ts';
import type { CompiledInstruction, Message } from '../chain/message.ts';
import type { Played } from '../chain/played.ts';
import type { TokenBook } from '../openings/market-token.ts';
import { transferChecked } from '../tokens/token-instructions.ts';
import { poolState } from './pool-state.ts';
import { ROUTE_V2, legsOf } from './route-instruction.ts';
import { PLATFORM_FEE_BPS, lessBps, swapOut } from './swap-math.ts';
import { prepareTrading, settleTrading } from './swap-transaction.ts';

/** Offsets in a token account. Source: SPL Token, `Account`. */
const DELEGATE_AT = 72;
const DELEGATED_AMOUNT_AT = 121;
/** Jupiter's error "slippage tolerance exceeded". */
const SLIPPAGE_EXCEEDED = 6_001;

/**
 * Plays Jupiter's program, whose binary is not to be had: a route becomes the two transfers that it
 * would make, at the pool's price of the moment. The pool's account lends itself to the taker for the
 * one payment, so that nobody else has to sign.
 */
export const routePlayer =
  (chain: Chain, book: TokenBook) =>
  (message: Message, keys: readonly Address[]): Played | undefined => {
    const index = message.instructions.findIndex((each) => isRoute(each, keys));
    const route = message.instructions[index];
    if (route === undefined) return undefined;
    const [taker, , , givenMint, takenMint] = route.accounts.map((at) => keys[at]);
    const side = givenMint === WRAPPED_SOL ? 'buy' : 'sell';
    const mint = side === 'buy' ? takenMint : givenMint;
    const token = mint === undefined ? undefined : book.get(mint);
    if (token === undefined || taker === undefined) return undefined;

    prepareTrading(chain, token);
    const data = Buffer.from(route.data);
    const amountIn = data.readBigUInt64LE(8);
    const leastOut = lessBps(data.readBigUInt64LE(16), data.readUInt16LE(24));
    const { priceBase, priceLamports } = poolState(chain, token);
    const routed =
      side === 'buy'
        ? swapOut(amountIn, priceLamports, priceBase)
        : swapOut(amountIn, priceBase, priceLamports);
    const amountOut = lessBps(routed, PLATFORM_FEE_BPS);
    const slipped = amountOut < leastOut;

    const { given, taken } = legsOf({ token, taker, side });
    const at = (key: Address) => keys.indexOf(key);
    const compiled = ({
      programId,
      accounts,
      data: bytes,
    }: ReturnType<typeof transferChecked>) => ({
      programIdIndex: at(programId),
      accounts: accounts.map(({ address }) => at(address)),
      data: bytes,
    });
    const calls: CompiledInstruction[] = [
      compiled(
        transferChecked({
          ...given,
          source: given.own,
          destination: given.vault,
          authority: taker,
          // More than anybody has: the transaction then fails, as the program would let it.
          amount: slipped ? 2n ** 64n - 1n : amountIn,
        }),
      ),
      compiled(
        transferChecked({
          ...taken,
          source: taken.vault,
          destination: taken.own,
          authority: taker,
          amount: amountOut,
        }),
      ),
    ];
    const restore = lend(chain, taken.vault, taker, amountOut);
    return {
      index,
      calls,
      customError: slipped ? SLIPPAGE_EXCEEDED : undefined,
      undo: restore,
      landed: () => settleTrading(chain, token),
    };
  };

const isRoute = ({ programIdIndex, data }: CompiledInstruction, keys: readonly Address[]) =>
  keys[programIdIndex] === JUPITER_PROGRAM &&
  data.length >= 34 &&
  Buffer.from(data.subarray(0, 8)).toString('hex') === ROUTE_V2;

/** Lets `taker` take `amount` out of the pool's account; gives back how to undo it. */
function lend(chain: Chain, vault: Address, taker: Address, amount: bigint): () => void {
  const account = chain.vm.account(vault);
  if (account === undefined) return () => undefined;
  const data = Buffer.from(account.data);
  data.writeUInt32LE(1, DELEGATE_AT);
  data.set(bytesOfAddress(taker), DELEGATE_AT + 4);
  data.writeBigUInt64LE(amount, DELEGATED_AMOUNT_AT);
  chain.vm.setAccount(vault, { ...account, data });
  return () => chain.vm.setAccount(vault, account);
}
