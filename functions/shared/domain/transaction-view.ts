import type { Address } from './address.ts';

/** One instruction of a transaction, its account indexes resolved. */
export type InstructionView = {
  readonly program: Address;
  /** In the order that the program counts them. */
  readonly accounts: readonly Address[];
  readonly data: Uint8Array;
};

/** What a transaction will do when it is signed, in plain words: nothing hidden behind indexes. */
export type TransactionView = {
  readonly feePayer: Address;
  /** All who must sign, the fee payer first. */
  readonly signers: readonly Address[];
  readonly recentBlockhash: string;
  readonly instructions: readonly InstructionView[];
  /** The bytes that a signature is made of. */
  readonly message: Uint8Array;
};
