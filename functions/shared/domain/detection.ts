import * as z from 'zod';

import { addressSchema } from './address.ts';
import { venueSchema } from './venue.ts';

/** Where a detection came from. `manual`: a person asked for this mint. */
export const DETECTION_SOURCES = ['webhook', 'sweep', 'stream', 'manual'] as const;
export type DetectionSource = (typeof DETECTION_SOURCES)[number];

/** How a pool opened: a token born on a bonding curve, one that graduated from it, or a plain pool. */
export const POOL_EVENTS = ['launch', 'migration', 'pool'] as const;
export type PoolEvent = (typeof POOL_EVENTS)[number];

/**
 * Looks at one pool, at most. Each queues the next one, and Lambda ends such loops after about 16
 * rounds (Lambda guide, "Recursive loop detection"): far enough below it, retries included.
 */
export const MAX_LOOKS = 6;
/** Number of a look at a pool, from 1. */
export const lookSchema = z.number().int().min(1).max(MAX_LOOKS);

/** A base58 transaction signature of 64 bytes. */
export const signatureSchema = z.string().regex(/^[1-9A-HJ-NP-Za-km-z]{64,88}$/);

/** A pool seen to open. What a decoder can read of one instruction and its transaction. */
export const poolOpeningSchema = z.object({
  /** The new token: the mint of the pair that is not a quote mint. */
  mint: addressSchema,
  /** The pool or bonding curve account. For a mint asked for by hand without a known pool: the mint. */
  pool: addressSchema,
  /** `unknown` only for a mint asked for by hand. */
  venue: venueSchema.or(z.literal('unknown')),
  event: z.enum(POOL_EVENTS),
  quoteMint: addressSchema,
  /** Who made the token or the pool; null where the chain does not tell. */
  creator: addressSchema.nullable(),
  /** The pool's token account for the new token; null where the venue has none of its own. */
  baseVault: addressSchema.nullable(),
  /** The pool's token account for the quote; null where the quote is held as lamports (Pump.fun). */
  quoteVault: addressSchema.nullable(),
  /** Mint of the pool's liquidity tokens; null for venues without one. */
  lpMint: addressSchema.nullable(),
  /** Unix seconds from which the pool can be traded; null when it is open at once. */
  openTime: z.number().int().nonnegative().nullable(),
});
export type PoolOpening = z.infer<typeof poolOpeningSchema>;

/** The queue message: one pool, one look. Version 1. Unknown fields are ignored, so it may grow. */
export const tokenDetectedSchema = poolOpeningSchema.extend({
  version: z.literal(1),
  signature: signatureSchema.nullable(),
  slot: z.number().int().nonnegative().nullable(),
  /** Unix seconds, as the chain says; null when the source did not carry it. */
  blockTime: z.number().int().nonnegative().nullable(),
  /** Unix milliseconds at which the detector saw it. */
  detectedAt: z.number().int().positive(),
  source: z.enum(DETECTION_SOURCES),
  /** 1 for the first look at this pool. */
  look: lookSchema,
  /** Unix milliseconds at which this look is due; `detectedAt` for the first. */
  dueAt: z.number().int().positive(),
});
export type TokenDetected = z.infer<typeof tokenDetectedSchema>;
