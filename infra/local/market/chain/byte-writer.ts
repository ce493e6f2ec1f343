import type { Address } from '#shared/domain/address.ts';
import { addressBytes } from './address-bytes.ts';

/** Little-endian bytes, appended one after the other: wire messages, borsh and account layouts. */
export class ByteWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(capacity = 256) {
    this.#buffer = Buffer.alloc(capacity);
  }

  #grow(by: number): number {
    const at = this.#length;
    this.#length += by;
    if (this.#length > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(this.#length, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, at);
      this.#buffer = larger;
    }
    return at;
  }

  u8(value: number): this {
    const at = this.#grow(1);
    this.#buffer[at] = value;
    return this;
  }

  bool(value: boolean): this {
    return this.u8(value ? 1 : 0);
  }

  u16(value: number): this {
    const at = this.#grow(2);
    this.#buffer.writeUInt16LE(value, at);
    return this;
  }

  i16(value: number): this {
    const at = this.#grow(2);
    this.#buffer.writeInt16LE(value, at);
    return this;
  }

  u32(value: number): this {
    const at = this.#grow(4);
    this.#buffer.writeUInt32LE(value, at);
    return this;
  }

  i32(value: number): this {
    const at = this.#grow(4);
    this.#buffer.writeInt32LE(value, at);
    return this;
  }

  u64(value: bigint): this {
    const at = this.#grow(8);
    this.#buffer.writeBigUInt64LE(value, at);
    return this;
  }

  i64(value: bigint): this {
    const at = this.#grow(8);
    this.#buffer.writeBigInt64LE(value, at);
    return this;
  }

  u128(value: bigint): this {
    return this.u64(BigInt.asUintN(64, value)).u64(value >> 64n);
  }

  f64(value: number): this {
    const at = this.#grow(8);
    this.#buffer.writeDoubleLE(value, at);
    return this;
  }

  bytes(value: Uint8Array): this {
    const at = this.#grow(value.length);
    this.#buffer.set(value, at);
    return this;
  }

  hex(value: string): this {
    return this.bytes(Buffer.from(value, 'hex'));
  }

  zeros(count: number): this {
    this.#grow(count);
    return this;
  }

  address(value: Address): this {
    return this.bytes(addressBytes(value));
  }

  /** 32 zero bytes for null: how Token-2022's extensions say "nobody". */
  optionalAddress(value: Address | null): this {
    return value === null ? this.zeros(32) : this.address(value);
  }

  /** Borsh string: length in bytes as u32, then UTF-8. */
  string(value: string): this {
    const bytes = Buffer.from(value, 'utf8');
    return this.u32(bytes.length).bytes(bytes);
  }

  /** Length as Solana's compact u16: seven bits a byte. */
  compactLength(value: number): this {
    let rest = value;
    while (rest >= 0x80) {
      this.u8((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    return this.u8(rest);
  }

  get length(): number {
    return this.#length;
  }

  /** A copy of what was written. */
  done(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#length));
  }
}
