import type { Address } from '../domain/address.ts';
import type { BasisPoints } from '../domain/units.ts';

/** A swap that a quote is asked for. */
export type QuoteRequest = {
  readonly inputMint: Address;
  readonly outputMint: Address;
  /** Base units of the input mint, spent exactly. */
  readonly amount: bigint;
  readonly slippageBps: BasisPoints;
  /** Who will sign; left out in paper mode, and then there is no transaction. */
  readonly taker?: Address;
};

/** What a router offers, in its own words and our units. Nothing in it has been judged yet. */
export type Quote = {
  readonly inputMint: Address;
  readonly outputMint: Address;
  readonly inAmount: bigint;
  readonly outAmount: bigint;
  /** The least that the swap gives or fails. */
  readonly minOutAmount: bigint;
  readonly slippageBps: BasisPoints;
  /** How far our swap moves the price, in either direction; null when the router does not say. */
  readonly priceImpactBps: number | null;
  readonly feeBps: BasisPoints;
  /** Signature, priority and rent lamports that come on top of the input. */
  readonly networkLamports: bigint;
  readonly router: string;
  readonly requestId: string;
  /** Base64, to be inspected and signed; null without a taker. */
  readonly transaction: string | null;
  readonly lastValidBlockHeight: number | null;
  /** Unix seconds until which a market maker stands by its offer; null for pools. */
  readonly expireAt: number | null;
};

/**
 * `refused`: the router will not trade this now, and asking again is of no use.
 * `unavailable`: no answer; it may pass.
 */
export type QuoteAnswer =
  | { readonly kind: 'quoted'; readonly quote: Quote }
  | { readonly kind: 'refused'; readonly reason: string }
  | {
      readonly kind: 'unavailable';
      readonly reason: string;
      /** What the upstream asks to wait; undefined when it does not say. */
      readonly retryAfterMs: number | undefined;
    };

/** A swap router. Never throws for what the market or the upstream answers. */
export type QuoteApi = {
  readonly quote: (request: QuoteRequest, signal: AbortSignal) => Promise<QuoteAnswer>;
};
