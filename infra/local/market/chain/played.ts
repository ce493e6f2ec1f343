import type { Address } from '#shared/domain/address.ts';
import type { InnerInstructions } from './landed-transaction.ts';
import {
  type CompiledInstruction,
  type Message,
  type WireTransaction,
  encodeMessage,
} from './message.ts';
import type { TransactionError } from './transaction-error.ts';

/** How an instruction of a program that is not here is played: as calls that are made in its place. */
export type Played = {
  /** Which instruction of the message. */
  readonly index: number;
  readonly calls: readonly CompiledInstruction[];
  /** The program's own error, when the calls are made to fail. */
  readonly customError: number | undefined;
  /** Takes back what was prepared: for a run without effect, and for one that failed. */
  readonly undo: () => void;
  /** Told when the run took effect. */
  readonly landed: () => void;
};
export type Player = (message: Message, keys: readonly Address[]) => Played | undefined;

/** The transaction with the calls in the place of the instruction that they play. */
export const withCalls = (
  { signatures }: WireTransaction,
  message: Message,
  { index, calls }: Played,
): WireTransaction => ({
  signatures,
  messageBytes: encodeMessage({
    ...message,
    instructions: message.instructions.flatMap((each, at) => (at === index ? calls : [each])),
  }),
});

/** Index of an instruction in the message as it was signed. */
const signedIndex = (at: number, { index, calls }: Played): number => {
  if (at < index) return at;
  return at < index + calls.length ? index : at - calls.length + 1;
};

/** The error as the program itself would have told it. */
export function playedError(error: TransactionError, played: Played | undefined): TransactionError {
  if (played === undefined || typeof error === 'string') return error;
  const detail: unknown = error['InstructionError'];
  if (!Array.isArray(detail) || typeof detail[0] !== 'number') return error;
  const at = signedIndex(detail[0], played);
  const own = at === played.index && played.customError !== undefined;
  return { InstructionError: [at, own ? { Custom: played.customError } : detail[1]] };
}

/** Calls recorded below the instruction that made them. */
export function playedInner(
  inner: readonly InnerInstructions[],
  played: Played | undefined,
): readonly InnerInstructions[] {
  if (played === undefined) return inner;
  const own = played.calls.flatMap((call, at) => [
    { ...call, stackHeight: 2 },
    ...inner
      .filter(({ index }) => index === played.index + at)
      .flatMap(({ instructions }) => instructions)
      .map((each) => Object.assign({}, each, { stackHeight: each.stackHeight + 1 })),
  ]);
  const others = inner
    .filter(({ index }) => signedIndex(index, played) !== played.index)
    .map(({ index, instructions }) => ({ index: signedIndex(index, played), instructions }));
  return [...others, { index: played.index, instructions: own }].sort((a, b) => a.index - b.index);
}
