import type { Address } from '../domain/address.ts';
import type { SignedAttempt } from '../domain/signed-attempt.ts';
import type { TransactionView } from '../domain/transaction-view.ts';

/** What a wallet holds of a token. */
export type Holding = {
  /** The program that the mint belongs to. */
  readonly tokenProgram: Address;
  /** The wallet's associated token account of that program. */
  readonly account: Address;
  /** Base units in it; 0 when there is no such account. */
  readonly tokens: bigint;
};

/** What the chain says became of a signed transaction. */
export type ChainAnswer =
  /** No answer yet, or not from enough nodes. */
  | { readonly kind: 'pending' }
  /** It is in a confirmed block and did what it should. Changes are the wallet's own, signed. */
  | {
      readonly kind: 'landed';
      readonly slot: number;
      readonly lamportsChange: bigint;
      readonly tokensChange: bigint;
    }
  /** It is in a confirmed block and failed: the fee is gone, nothing else. */
  | {
      readonly kind: 'failed';
      readonly slot: number;
      readonly reason: string;
      readonly feeLamports: bigint;
    }
  /** Two nodes have finalised blocks past its last one, and neither knows it. */
  | { readonly kind: 'expired'; readonly provenAtBlockHeight: number };

/** The chain as far as a swap needs it. Transactions are base64. */
export type SwapChain = {
  /**
   * What a transaction will do. Entries of lookup tables count only when two nodes agree on them.
   * @throws {Fault} `transaction.malformed`, `upstream.*`
   */
  readonly read: (transaction: string, signal: AbortSignal) => Promise<TransactionView>;
  /** Why it would fail if it ran now, in words; undefined when it would not. @throws {Fault} `upstream.*` */
  readonly simulate: (transaction: string, signal: AbortSignal) => Promise<string | undefined>;
  /** Puts the only signature in, and says the transaction's id. @throws {Fault} `transaction.malformed` */
  readonly assemble: (
    transaction: string,
    signature: Uint8Array,
  ) => { readonly transaction: string; readonly signature: string };
  /** Sends to every node. A lost answer and a refusal look the same: only `answer` tells. */
  readonly send: (transaction: string, signal: AbortSignal) => Promise<void>;
  /** Never throws for what a node says or does not say: that is `pending`. */
  readonly answer: (
    attempt: Pick<SignedAttempt, 'signature' | 'lastValidBlockHeight'>,
    of: { readonly wallet: Address; readonly mint: Address },
    signal: AbortSignal,
  ) => Promise<ChainAnswer>;
  /** @throws {Fault} `upstream.*`; `transaction.malformed` when the mint is none. */
  readonly holding: (wallet: Address, mint: Address, signal: AbortSignal) => Promise<Holding>;
};
