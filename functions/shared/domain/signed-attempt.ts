import * as z from 'zod';

import { signatureSchema } from './detection.ts';
import { amountSchema } from './units.ts';

/** Signed and stored before it is sent; the same bytes are sent until the chain has answered. */
export const signedAttemptSchema = z.object({
  /** 1 for the first attempt of its side. */
  attempt: z.number().int().min(1),
  side: z.enum(['buy', 'sell']),
  /** Known before anything is sent: the fee payer's signature is the transaction's id. */
  signature: signatureSchema,
  /** The whole signed transaction, base64. */
  transaction: z.base64().max(6_000),
  lastValidBlockHeight: z.number().int().positive(),
  /** What `/execute` knows the order by. */
  requestId: z.string().max(80),
  signedAt: z.number().int(),
});
export type SignedAttempt = z.infer<typeof signedAttemptSchema>;

/** What the chain made of an attempt. `expired` is proven, never guessed. */
export const attemptEndSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('confirmed'), slot: z.number().int().nonnegative() }),
  z.object({ kind: z.literal('failed'), reason: z.string().max(200), feeLamports: amountSchema }),
  z.object({ kind: z.literal('expired'), provenAtBlockHeight: z.number().int().positive() }),
]);

/** An attempt with its end. The bytes are no longer needed. */
export const attemptSchema = signedAttemptSchema
  .omit({ transaction: true })
  .extend({ end: attemptEndSchema });
export type Attempt = z.infer<typeof attemptSchema>;
