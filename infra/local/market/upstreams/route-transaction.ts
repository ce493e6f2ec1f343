import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import type { Chain } from '../chain/chain.ts';
import type { Instruction } from '../chain/instruction.ts';
import { marketAddress } from '../chain/market-address.ts';
import { type LookupTable, compileMessage, encodeMessage } from '../chain/message.ts';
import { TOKEN_PROGRAM } from '../chain/program-ids.ts';
import {
  setComputeUnitLimit,
  setComputeUnitPrice,
  transferLamports,
} from '../tokens/system-instructions.ts';
import { closeAccount, createAssociatedAccount, syncNative } from '../tokens/token-instructions.ts';
import { EVENT_AUTHORITY, legsOf, routeInstruction } from './route-instruction.ts';
import { COMPUTE_UNITS, MICRO_LAMPORTS, type Swap } from './swap-transaction.ts';

/** The router's lookup table. Programs that are called cannot be looked up. */
const tableOf = (chain: Chain): LookupTable => ({
  address: marketAddress(chain.treasury, 'router-table'),
  addresses: [WRAPPED_SOL, EVENT_AUTHORITY],
});

/**
 * The message of a swap through a pool that only the taker signs: SOL is wrapped, routed, and what is
 * left or earned of it unwrapped.
 */
export function routeMessage(
  chain: Chain,
  swap: Swap & { readonly slippageBps: number },
): Uint8Array {
  const { taker, side, amountIn } = swap;
  const { given, taken } = legsOf(swap);
  const lookupTable = tableOf(chain);
  if (chain.vm.account(lookupTable.address) === undefined) chain.addLookupTable(lookupTable);
  const open = ({ own, mint, tokenProgram }: typeof given): Instruction =>
    createAssociatedAccount({ tokenProgram, from: taker, account: own, owner: taker, mint });
  const wrapped = side === 'buy' ? given.own : taken.own;
  const sol = { tokenProgram: TOKEN_PROGRAM, account: wrapped };
  const wrap = [open(given), transferLamports(taker, wrapped, amountIn), syncNative(sol)];
  const message = compileMessage({
    feePayer: taker,
    instructions: [
      setComputeUnitLimit(COMPUTE_UNITS),
      setComputeUnitPrice(MICRO_LAMPORTS),
      ...(side === 'buy' ? wrap : []),
      open(taken),
      routeInstruction(swap),
      closeAccount({ ...sol, destination: taker, owner: taker }),
    ],
    recentBlockhash: chain.clock.blockhash(chain.clock.slot()),
    lookupTable,
    version: 0,
  });
  return encodeMessage(message);
}
