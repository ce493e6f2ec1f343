import * as z from 'zod';

import { addressSchema } from '../../domain/address.ts';
import { reasonOf } from '../../domain/fault.ts';
import { amountSchema, bpsSchema } from '../../domain/units.ts';
import type { Quote, QuoteAnswer, QuoteApi } from '../../ports/quote-api.ts';
import type { JsonAnswer, JsonClient } from './json-client.ts';

const lamports = z.number().int().nonnegative().nullish();
const text = z.string().max(400).nullish();

/** The part of an order that we use (Swap v2, `GET /order`; amounts are strings of digits). */
const orderSchema = z.object({
  inputMint: addressSchema,
  outputMint: addressSchema,
  inAmount: amountSchema,
  outAmount: amountSchema,
  otherAmountThreshold: amountSchema,
  slippageBps: bpsSchema,
  /** Percentage points, negative is bad. */
  priceImpact: z.number().nullish(),
  /** The older form of it: a ratio, as a string. */
  priceImpactPct: z.string().max(40).nullish(),
  feeBps: bpsSchema,
  signatureFeeLamports: lamports,
  prioritizationFeeLamports: lamports,
  rentFeeLamports: lamports,
  router: z.string().max(32),
  requestId: z.string().max(80),
  transaction: z.string().max(6_000).nullish(),
  lastValidBlockHeight: z.union([z.string().regex(/^\d{1,15}$/), z.number().int()]).nullish(),
  expireAt: z.union([z.string().regex(/^\d{1,12}$/), z.number().int()]).nullish(),
});

/** What an order says when it cannot be carried out; with HTTP 200 as well. */
const troubleSchema = z.object({
  errorCode: z.union([z.number(), z.string().max(60)]).nullish(),
  errorMessage: text,
  error: text,
  message: text,
});

/** Jupiter's Swap v2 router. Without a taker it quotes and builds no transaction. */
export function jupiterQuoteApi(client: JsonClient): QuoteApi {
  return {
    async quote(request, signal) {
      try {
        const answer = await client.request({
          path: '/swap/v2/order',
          query: {
            inputMint: request.inputMint,
            outputMint: request.outputMint,
            amount: request.amount.toString(),
            slippageBps: String(request.slippageBps),
            // JupiterZ's market makers sign after us, and could hold our transaction back.
            ...(request.taker === undefined
              ? {}
              : { taker: request.taker, excludeRouters: 'jupiterz' }),
          },
          idempotent: true,
          signal,
        });
        return answerOf(answer);
      } catch (error) {
        return { kind: 'unavailable', reason: reasonOf(error), retryAfterMs: undefined };
      }
    },
  };
}

function answerOf({ status, body, retryAfterSeconds }: JsonAnswer): QuoteAnswer {
  if (status === 408 || status === 429 || status >= 500) {
    return {
      kind: 'unavailable',
      reason: `HTTP ${status}`,
      retryAfterMs: retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1_000,
    };
  }
  const trouble = troubleOf(body);
  if (status !== 200) {
    return { kind: 'refused', reason: `HTTP ${status}: ${trouble ?? 'no reason given'}` };
  }
  // An order without a transaction for its taker comes with status 200 and says why in errorCode.
  if (trouble !== undefined) return { kind: 'refused', reason: trouble };
  const parsed = orderSchema.safeParse(body);
  if (parsed.success) return { kind: 'quoted', quote: quoteOf(parsed.data) };
  const issue = parsed.error.issues[0];
  const reason = `not an order: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`;
  return { kind: 'unavailable', reason: reason.slice(0, 160), retryAfterMs: undefined };
}

function troubleOf(body: unknown): string | undefined {
  const parsed = troubleSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { errorCode, errorMessage, error, message } = parsed.data;
  const words = errorMessage ?? error ?? message;
  if (typeof words !== 'string' && typeof errorCode !== 'number') return undefined;
  return `${words ?? 'no reason given'}${typeof errorCode === 'number' ? ` (${errorCode})` : ''}`;
}

function quoteOf(order: z.infer<typeof orderSchema>): Quote {
  return {
    inputMint: order.inputMint,
    outputMint: order.outputMint,
    inAmount: order.inAmount,
    outAmount: order.outAmount,
    minOutAmount: order.otherAmountThreshold,
    slippageBps: order.slippageBps,
    priceImpactBps: impactBps(order.priceImpact, order.priceImpactPct),
    feeBps: order.feeBps,
    networkLamports: BigInt(
      (order.signatureFeeLamports ?? 0) +
        (order.prioritizationFeeLamports ?? 0) +
        (order.rentFeeLamports ?? 0),
    ),
    router: order.router,
    requestId: order.requestId,
    transaction: order.transaction || null,
    lastValidBlockHeight: wholeNumber(order.lastValidBlockHeight),
    expireAt: wholeNumber(order.expireAt),
  };
}

/**
 * Size of the impact, rounded up. Its sign is dropped: Jupiter's v1 counted a loss as positive, v2
 * as negative, and a price far from the market is no good sign in either direction.
 */
function impactBps(percent: number | null | undefined, ratio: string | null | undefined) {
  if (typeof percent === 'number') return Math.ceil(Math.abs(percent) * 100);
  const parsed = ratio ? Math.abs(Number(ratio)) : Number.NaN;
  return Number.isFinite(parsed) ? Math.ceil(parsed * 10_000) : null;
}

const wholeNumber = (value: string | number | null | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);
