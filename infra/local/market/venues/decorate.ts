import type { Address } from '#shared/domain/address.ts';
import type { Recorded } from '../chain/chain.ts';
import type { InnerInstruction, InnerInstructions } from '../chain/landed-transaction.ts';
import type { Message } from '../chain/message.ts';
import type { Instruction } from '../chain/instruction.ts';
import type { RecordedCall } from './venue-opening.ts';

/**
 * Adds to a recorded transaction what the venue's own program would have left in it: its logs, and
 * its calls as inner instructions of `opening`. The program on the local chain does nothing.
 */
export function decorate(
  { logs, inner }: Recorded,
  { message, keys }: { readonly message: Message; readonly keys: readonly Address[] },
  opening: Instruction,
  added: { readonly logs: readonly string[]; readonly calls: readonly RecordedCall[] },
): Recorded {
  const index = message.instructions.findIndex(
    ({ programIdIndex, data }) =>
      keys[programIdIndex] === opening.programId && Buffer.from(data).equals(opening.data),
  );
  const invoked = logs.indexOf(`Program ${opening.programId} invoke [1]`);
  const instructions = added.calls.map((call) => compileCall(call, keys));
  const others = inner.filter((list) => list.index !== index);
  const calls: InnerInstructions[] = instructions.length === 0 ? [] : [{ index, instructions }];
  return {
    logs: [...logs.slice(0, invoked + 1), ...added.logs, ...logs.slice(invoked + 1)],
    inner: [...others, ...calls].sort((a, b) => a.index - b.index),
  };
}

/** @throws {RangeError} when the call names an account that the transaction does not. */
function compileCall(call: RecordedCall, keys: readonly Address[]): InnerInstruction {
  const at = (address: Address) => {
    const index = keys.indexOf(address);
    if (index < 0) throw new RangeError(`${address} is not in the transaction`);
    return index;
  };
  return {
    programIdIndex: at(call.programId),
    accounts: call.accounts.map(({ address }) => at(address)),
    data: call.data,
    stackHeight: call.stackHeight,
  };
}
