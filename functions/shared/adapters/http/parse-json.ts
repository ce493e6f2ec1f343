/** A run of 16 digits or more may be an integer that a double cannot hold. */
const LONG_DIGITS = /\d{16}/;
/**
 * Each account in an RPC answer carries it (u64::MAX: exempt from rent) and nobody reads it; alone it
 * would send every answer the slow way. No text can hold it: there its quotes are escaped.
 */
const RENT_FREE = '"rentEpoch":18446744073709551615';
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
 * `JSON.parse` that keeps 64-bit integers: one beyond 2^53 becomes a bigint, as RugCheck's amounts
 * need it. The `rentEpoch` of a rent-free account becomes null.
 * @throws {SyntaxError} when the text is not JSON.
 */
export function parseJson(text: string): unknown {
  const lean = text.replaceAll(RENT_FREE, '"rentEpoch":null');
  return LONG_DIGITS.test(lean) ? JSON.parse(lean, keepInteger) : JSON.parse(lean);
}
