/** A run of 16 digits or more may be an integer that a double cannot hold. */
const LONG_DIGITS = /\d{16}/;
const INTEGER = /^-?\d+$/;

// The reviver's third argument carries the source text (ES2026, in Node 22 and later).
const keepInteger = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' &&
  !Number.isSafeInteger(value) &&
  context?.source !== undefined &&
  INTEGER.test(context.source)
    ? BigInt(context.source)
    : value;

/**
 * `JSON.parse` that keeps 64-bit integers: one beyond 2^53 becomes a bigint. RugCheck's amounts and
 * the RPC's `rentEpoch` need it.
 * @throws {SyntaxError} when the text is not JSON.
 */
export const parseJson = (text: string): unknown =>
  LONG_DIGITS.test(text) ? JSON.parse(text, keepInteger) : JSON.parse(text);
