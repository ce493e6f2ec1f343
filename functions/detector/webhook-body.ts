import * as z from 'zod';

/** What a webhook's body holds, to be read as transactions. */
export type Delivered =
  | {
      readonly kind: 'delivered';
      readonly transactions: unknown;
      /** A stream that delivers in order stops for good when an empty batch is refused. */
      readonly mayBeEmpty: boolean;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** QuickNode Streams: one entry for each block of the batch, or lists of what its filter let pass. */
const streamSchema = z.object({ data: z.array(z.unknown()), metadata: z.unknown() });

/** Parses a webhook's body: Helius's array, QuickNode's envelope, or a single transaction. */
export function deliveredIn(body: Buffer): Delivered {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    return { kind: 'refused', reason: 'The body is not JSON.' };
  }
  const stream = streamSchema.safeParse(json);
  return stream.success
    ? { kind: 'delivered', transactions: stream.data.data.flat(), mayBeEmpty: true }
    : { kind: 'delivered', transactions: json, mayBeEmpty: false };
}
