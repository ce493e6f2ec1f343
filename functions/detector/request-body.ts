import { gunzipSync } from 'node:zlib';

/** A body as its sender wrote it, or why it cannot be had. */
export type PlainBody =
  | { readonly kind: 'plain'; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly status: 400 | 413 | 415; readonly reason: string };

/**
 * Undoes the compression of a request's body. No more than `maxBytes` are ever inflated, so that a
 * small body cannot become a large one.
 */
export function plainBody(bytes: Buffer, contentEncoding: string, maxBytes: number): PlainBody {
  if (bytes.length > maxBytes) return tooLarge(maxBytes);
  const encoding = contentEncoding.trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return { kind: 'plain', bytes };
  if (encoding !== 'gzip') {
    return { kind: 'refused', status: 415, reason: 'Send the body plain or gzip-compressed.' };
  }
  try {
    return { kind: 'plain', bytes: gunzipSync(bytes, { maxOutputLength: maxBytes }) };
  } catch (error) {
    const burst = error instanceof RangeError;
    return burst
      ? tooLarge(maxBytes)
      : { kind: 'refused', status: 400, reason: 'The body says it is gzip, and is not.' };
  }
}

const tooLarge = (maxBytes: number): PlainBody => ({
  kind: 'refused',
  status: 413,
  reason: `The body is larger than ${maxBytes} bytes: send fewer transactions at once.`,
});
