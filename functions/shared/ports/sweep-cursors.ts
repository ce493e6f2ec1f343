import type { Address } from '../domain/address.ts';

/** How far an account has been read. */
export type SweepCursor = {
  /** The last transaction read; null when the account had none when the sweep began. */
  readonly signature: string | null;
  /** Its slot; 0 without a signature. */
  readonly slot: number;
};

/** Where the sweep stands with each account. @throws {Fault} `upstream.unavailable` */
export type SweepCursors = {
  /** Undefined for an account that was never swept. */
  readonly read: (account: Address, signal: AbortSignal) => Promise<SweepCursor | undefined>;
  /** Moves the cursor on; one that another run has moved further stays where it is. */
  readonly move: (account: Address, to: SweepCursor, signal: AbortSignal) => Promise<void>;
};
