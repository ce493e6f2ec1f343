import { type Address, addressOfBytes } from './address.ts';

/** 32 zero bytes: "none" in the token program's optional keys. */
const NO_KEY = '11111111111111111111111111111111';

/** Reads little-endian fields in order. Every read past the end throws RangeError. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset: number;

  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#offset = offset;
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  skip(length: number): this {
    this.#advance(length);
    return this;
  }

  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true);
  }

  address(): Address {
    return addressOfBytes(this.bytes(32));
  }

  /** An address of which 32 zero bytes mean "none". */
  optionalAddress(): Address | null {
    const key = this.address();
    return key === NO_KEY ? null : key;
  }

  /** Borsh string: u32 length, then UTF-8. Longer than `maxBytes` throws RangeError. */
  string(maxBytes: number): string {
    const length = this.u32();
    if (length > maxBytes) throw new RangeError(`string of ${length} bytes, at most ${maxBytes}`);
    return new TextDecoder().decode(this.bytes(length));
  }

  #advance(length: number): number {
    const start = this.#offset;
    if (length < 0 || start + length > this.#bytes.length) {
      throw new RangeError(`${length} bytes at ${start} of ${this.#bytes.length}`);
    }
    this.#offset = start + length;
    return start;
  }
}
