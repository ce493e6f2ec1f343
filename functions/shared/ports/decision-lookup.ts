import type { Address } from '../domain/address.ts';

/** Names one look at one pool. */
export type LookName = { readonly mint: Address; readonly pool: Address; readonly look: number };

/** Which looks have their decision: many at once, nothing else of them. */
export type DecisionLookup = {
  /** Those without a decision, in their order. @throws {Fault} `upstream.unavailable` */
  readonly undecided: <Look extends LookName>(
    looks: readonly Look[],
    signal: AbortSignal,
  ) => Promise<Look[]>;
};
