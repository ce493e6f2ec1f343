import { type Address, addressOfBytes } from '#shared/domain/address.ts';

const ADDRESS_BYTES = 32;

/**
 * Reads Borsh fields from the front: little-endian integers, addresses, strings.
 *
 * Past the end every read answers undefined, and so does each one after it: programs add fields at
 * the end of instructions and events without notice, and old recordings lack them.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at: number;

  constructor(bytes: Uint8Array, start = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
  }

  /** Where the next field stands, or undefined when fewer than `length` bytes are left. */
  #take(length: number): number | undefined {
    const at = this.#at;
    if (at + length > this.#bytes.length) {
      this.#at = Number.POSITIVE_INFINITY;
      return undefined;
    }
    this.#at = at + length;
    return at;
  }

  skip(length: number): this {
    this.#take(length);
    return this;
  }

  u8(): number | undefined {
    const at = this.#take(1);
    return at === undefined ? undefined : this.#view.getUint8(at);
  }

  u64(): bigint | undefined {
    const at = this.#take(8);
    return at === undefined ? undefined : this.#view.getBigUint64(at, true);
  }

  address(): Address | undefined {
    const at = this.#take(ADDRESS_BYTES);
    return at === undefined
      ? undefined
      : addressOfBytes(this.#bytes.subarray(at, at + ADDRESS_BYTES));
  }

  /** A string: its length in bytes as u32, then UTF-8. */
  skipString(): this {
    const at = this.#take(4);
    return at === undefined ? this : this.skip(this.#view.getUint32(at, true));
  }
}
