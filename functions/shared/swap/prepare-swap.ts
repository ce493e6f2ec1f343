import type { Address } from '#shared/domain/address.ts';
import { isFault, reasonOf } from '#shared/domain/fault.ts';
import type { SignedAttempt } from '#shared/domain/signed-attempt.ts';
import type { QuoteRecord } from '#shared/domain/trade.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import type { Quote, QuoteRequest } from '#shared/ports/quote-api.ts';
import type { Signer } from '#shared/ports/signer.ts';
import type { SwapChain } from '#shared/ports/swap-chain.ts';
import { MAX_ROUTER_FEE_BPS, type QuoteLimits } from './check-quote.ts';
import { type FreshQuoteDeps, freshQuote } from './fresh-quote.ts';
import { inspectTransaction } from './inspect-transaction.ts';
import { quoteRecord } from './quote-record.ts';
import type { WalletAccounts } from './wallet-accounts.ts';

export type PrepareDeps = FreshQuoteDeps & {
  readonly chain: SwapChain;
  readonly signer: () => Promise<Signer>;
  /** The wallet's own token accounts that a swap may use. */
  readonly accounts: WalletAccounts;
  readonly maxPriorityLamports: bigint;
};

export type SwapWish = {
  readonly side: SignedAttempt['side'];
  readonly mint: Address;
  /** Base units of what is given: lamports for a buy, tokens for a sell. */
  readonly amount: bigint;
  readonly limits: QuoteLimits;
  /** The program that the mint belongs to. */
  readonly tokenProgram: Address;
  /** 1 for the first signed attempt of this side. */
  readonly attempt: number;
  /** Unix milliseconds after which nothing may be signed any more. */
  readonly freshUntilMs: number;
};

export type PreparedSwap =
  | { readonly kind: 'signed'; readonly quote: QuoteRecord; readonly inFlight: SignedAttempt }
  | {
      readonly kind: 'refused';
      readonly cause: 'quote-refused' | 'quote-unavailable' | 'transaction-refused' | 'stale';
      readonly reason: string;
    };

/**
 * Quotes, inspects, simulates and signs a swap, in this order. Nothing is sent here: the caller
 * stores the signed bytes first.
 * @throws {Fault} `signature.failed`, `upstream.*`: nothing was signed, or nobody will see it.
 */
export async function prepareSwap(
  deps: PrepareDeps,
  wish: SwapWish,
  signal: AbortSignal,
): Promise<PreparedSwap> {
  const { chain, clock } = deps;
  const signer = await deps.signer();
  const request = requestOf(wish, signer.address);
  const fresh = await freshQuote(deps, request, wish.limits, wish.freshUntilMs, signal);
  if (fresh.kind === 'abandoned') {
    return { kind: 'refused', cause: fresh.cause, reason: fresh.reason };
  }
  const { quote, quotedAt } = fresh;
  const { transaction, lastValidBlockHeight } = quote;
  if (transaction === null || lastValidBlockHeight === null || quote.expireAt !== null) {
    // A market maker's offer needs his signature too: he could hold ours back.
    return { kind: 'refused', cause: 'quote-refused', reason: 'no transaction of ours alone' };
  }
  const { message, wrong } = await inspected(deps, wish, request, quote, transaction, signal);
  const failure = wrong ?? (await chain.simulate(transaction, signal));
  if (failure !== undefined || message === undefined) {
    const reason = wrong === undefined ? `it would fail: ${failure}` : wrong;
    return { kind: 'refused', cause: 'transaction-refused', reason };
  }
  if (clock.now() > wish.freshUntilMs) {
    return { kind: 'refused', cause: 'stale', reason: 'it was ready when the price was too old' };
  }
  const signed = chain.assemble(transaction, await signer.sign(message, signal));
  return {
    kind: 'signed',
    quote: quoteRecord(quote, quotedAt),
    inFlight: {
      ...signed,
      attempt: wish.attempt,
      side: wish.side,
      lastValidBlockHeight,
      requestId: quote.requestId,
      signedAt: clock.now(),
    },
  };
}

const requestOf = (
  { side, mint, amount, limits }: SwapWish,
  taker: Address,
): QuoteRequest & { readonly taker: Address } => ({
  inputMint: side === 'buy' ? WRAPPED_SOL : mint,
  outputMint: side === 'buy' ? mint : WRAPPED_SOL,
  amount,
  slippageBps: limits.slippageBps,
  taker,
});

/** The bytes to sign, or what is wrong with the transaction. */
async function inspected(
  { chain, accounts, maxPriorityLamports }: PrepareDeps,
  { mint, tokenProgram, side }: SwapWish,
  request: QuoteRequest & { readonly taker: Address },
  quote: Quote,
  transaction: string,
  signal: AbortSignal,
): Promise<{ readonly message?: Uint8Array; readonly wrong?: string }> {
  const ofToken = accounts(request.taker, mint, tokenProgram);
  const ofSol = accounts(request.taker, WRAPPED_SOL);
  try {
    const view = await chain.read(transaction, signal);
    const wrong = inspectTransaction(view, {
      wallet: request.taker,
      inputMint: request.inputMint,
      outputMint: request.outputMint,
      inAmount: request.amount,
      minOutAmount: quote.minOutAmount,
      maxFeeBps: MAX_ROUTER_FEE_BPS,
      maxPriorityLamports,
      inputAccounts: side === 'buy' ? ofSol : ofToken,
      outputAccounts: side === 'buy' ? ofToken : ofSol,
    });
    return wrong === undefined ? { message: view.message } : { wrong };
  } catch (error) {
    // What cannot be read is not signed. A node that does not answer is no verdict on it.
    if (isFault(error) && error.code === 'transaction.malformed') {
      return { wrong: reasonOf(error) };
    }
    throw error;
  }
}
