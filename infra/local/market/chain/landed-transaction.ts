import type { Address } from '#shared/domain/address.ts';
import type { CompiledInstruction, Message } from './message.ts';
import type { TransactionError } from './transaction-error.ts';

/** An instruction that a program called, as the chain recorded it. */
export type InnerInstruction = CompiledInstruction & {
  /** 2 for a call from the transaction's own instruction. */
  readonly stackHeight: number;
};

/** Calls made while the instruction at `index` of the transaction ran, in order. */
export type InnerInstructions = {
  readonly index: number;
  readonly instructions: readonly InnerInstruction[];
};

/** What a token account in the transaction held before or after it. */
export type TokenBalance = {
  readonly accountIndex: number;
  readonly mint: Address;
  readonly owner: Address;
  readonly programId: Address;
  /** Base units. */
  readonly amount: bigint;
  readonly decimals: number;
};

/** A transaction in a block. */
export type LandedTransaction = {
  readonly signature: string;
  readonly slot: number;
  /** Unix seconds. */
  readonly blockTime: number;
  readonly indexInBlock: number;
  readonly signatures: readonly string[];
  readonly wire: Uint8Array;
  readonly message: Message;
  /** Keys that the message's lookup table named. */
  readonly loaded: { readonly writable: readonly Address[]; readonly readonly: readonly Address[] };
  readonly err: TransactionError | null;
  /** Lamports. */
  readonly fee: bigint;
  readonly preBalances: readonly bigint[];
  readonly postBalances: readonly bigint[];
  readonly preTokenBalances: readonly TokenBalance[];
  readonly postTokenBalances: readonly TokenBalance[];
  readonly inner: readonly InnerInstructions[];
  readonly logs: readonly string[];
  readonly computeUnits: number;
};

/** All keys in the order in which instructions index them: static, loaded writable, loaded read-only. */
export const keysOf = ({ message, loaded }: Pick<LandedTransaction, 'message' | 'loaded'>) => [
  ...message.staticKeys,
  ...loaded.writable,
  ...loaded.readonly,
];

/** True for each key that the transaction may write to. */
export function writabilityOf({
  message: { header, staticKeys },
  loaded,
}: Pick<LandedTransaction, 'message' | 'loaded'>): (index: number) => boolean {
  const signed = header.numRequiredSignatures;
  const writableSigned = signed - header.numReadonlySignedAccounts;
  const writableUnsigned = staticKeys.length - header.numReadonlyUnsignedAccounts;
  return (index) =>
    index < writableSigned ||
    (index >= signed && index < writableUnsigned) ||
    (index >= staticKeys.length && index < staticKeys.length + loaded.writable.length);
}
