import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Headers of a request, names in lower case. */
type Headers = Readonly<Record<string, string>>;

/** True when the `Authorization` header is the secret: Helius echoes the string it was given. */
export const isAuthorized = ({ authorization = '' }: Headers, secret: string): boolean =>
  equals(authorization, secret);

/** True when the request carries a QuickNode Streams signature, good or bad. */
export const isSigned = (headers: Headers): boolean => headers['x-qn-signature'] !== undefined;

/**
 * True when the signature of QuickNode Streams fits: the hex HMAC-SHA256 of nonce, timestamp and the
 * body before compression (QuickNode guide "Validate incoming Streams webhook messages").
 *
 * The timestamp's age is not judged: a replayed body only tells of pools that have their decision.
 */
export function hasGoodSignature(headers: Headers, body: Buffer, secret: string): boolean {
  const signed = createHmac('sha256', secret)
    .update(`${headers['x-qn-nonce'] ?? ''}${headers['x-qn-timestamp'] ?? ''}`)
    .update(body)
    .digest('hex');
  return equals(headers['x-qn-signature'] ?? '', signed);
}

/** Hashed first: the comparison then takes the same time whatever was sent, and however long it is. */
const equals = (given: string, expected: string): boolean =>
  timingSafeEqual(sha256(given), sha256(expected));

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
