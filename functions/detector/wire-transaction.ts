import bs58 from 'bs58';

/** An instruction as it lies in a serialised transaction. */
type WireInstruction = {
  readonly programIdIndex: number;
  readonly accounts: readonly number[];
  readonly data: Uint8Array;
};

/** What of a serialised transaction the detector reads. */
export type WireTransaction = {
  readonly signature: string;
  /** Keys written in the message; the ones from lookup tables stand in the meta. */
  readonly keys: readonly string[];
  readonly instructions: readonly WireInstruction[];
};

/** A transaction of version 1 starts with this byte; older ones with a count of signatures <= 127. */
const VERSION_1 = 0x81;
const VERSIONED_MESSAGE = 0x80;
/** A version 1 transaction is the largest: 4,096 bytes (SIMD-0296). */
const MAX_TRANSACTION_BYTES = 4_096;

class Cursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get next(): number | undefined {
    return this.#bytes[this.#at];
  }

  take(length: number): Uint8Array {
    const at = this.#at;
    if (at + length > this.#bytes.length) throw new RangeError(`ends within byte ${at}`);
    this.#at = at + length;
    return this.#bytes.subarray(at, at + length);
  }

  byte(): number {
    return this.take(1)[0] ?? 0;
  }

  /** Solana's compact-u16: seven bits a byte, at most three bytes. */
  length(): number {
    let value = 0;
    for (let shift = 0; shift <= 14; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('has a length of more than three bytes');
  }
}

/**
 * Decodes a serialised legacy or version 0 transaction; a string says why it could not.
 *
 * Source: https://solana.com/docs/core/transactions (compact arrays of signatures, keys,
 * instructions). Version 1 (SIMD-0385) is laid out otherwise: ask the node for `json`.
 */
export function decodeWireTransaction(bytes: Uint8Array): WireTransaction | string {
  if (bytes[0] === VERSION_1)
    return 'a serialised transaction of version 1 is not decoded here: ask for encoding "json" or "jsonParsed"';
  if (bytes.length > MAX_TRANSACTION_BYTES)
    return `${bytes.length} bytes are more than a transaction can have`;
  try {
    return readTransaction(new Cursor(bytes));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return `the serialised transaction ${error.message}`;
  }
}

function readTransaction(cursor: Cursor): WireTransaction | string {
  const signatures = times(cursor.length(), () => cursor.take(64));
  const [first] = signatures;
  if (first === undefined) return 'the serialised transaction has no signature';

  const head = cursor.next ?? 0;
  if (head >= VERSIONED_MESSAGE) {
    if (head !== VERSIONED_MESSAGE)
      return `a serialised message of version ${head - VERSIONED_MESSAGE} is not known`;
    cursor.byte();
  }
  cursor.take(3); // header: how many keys sign, and how many are read-only
  const keys = times(cursor.length(), () => bs58.encode(cursor.take(32)));
  cursor.take(32); // recent blockhash
  const instructions = times(cursor.length(), () => ({
    programIdIndex: cursor.byte(),
    accounts: Array.from(cursor.take(cursor.length())),
    data: cursor.take(cursor.length()),
  }));
  return { signature: bs58.encode(first), keys, instructions };
}

function times<Item>(count: number, read: () => Item): Item[] {
  const items: Item[] = [];
  // Not `Array.from({ length })`: a count that lies must fail at the end of the bytes, not allocate.
  for (let index = 0; index < count; index += 1) items.push(read());
  return items;
}
