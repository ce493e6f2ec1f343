import { createHash } from 'node:crypto';

import { type Address, addressOfBytes } from '#shared/domain/address.ts';

/** Repeatable chance: the same seed gives the same numbers in the same order (sfc32). */
export class Random {
  readonly #seed: string;
  #a: number;
  #b: number;
  #c: number;
  #counter: number;
  #spareNormal: number | undefined;

  constructor(seed: string) {
    this.#seed = seed;
    const hash = createHash('sha256').update(seed).digest();
    this.#a = hash.readUInt32LE(0);
    this.#b = hash.readUInt32LE(4);
    this.#c = hash.readUInt32LE(8);
    this.#counter = hash.readUInt32LE(12);
  }

  /** Another source of chance, which does not disturb this one. */
  fork(name: string): Random {
    return new Random(`${this.#seed}/${name}`);
  }

  /** 32 random bits. */
  bits(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** 0 ≤ x < 1. */
  next(): number {
    return this.bits() / 2 ** 32;
  }

  /** True in `probability` of all cases. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** An integer from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** A number from `low` up to `high`. */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** Mean 0, deviation 1 (Marsaglia's polar method). */
  normal(): number {
    const spare = this.#spareNormal;
    if (spare !== undefined) {
      this.#spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const x = this.next() * 2 - 1;
      const y = this.next() * 2 - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        const scale = Math.sqrt((-2 * Math.log(square)) / square);
        this.#spareNormal = y * scale;
        return x * scale;
      }
    }
  }

  /** Half of all values lie below `median`. */
  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  /** Waiting time between events that come `rate` times a unit on average. */
  exponential(rate: number): number {
    return -Math.log(1 - this.next()) / rate;
  }

  /** One of the items. @throws {RangeError} when there is none. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.int(0, items.length - 1)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** One of the items, each as often as its weight says. @throws {RangeError} when there is none. */
  weighted<Item>(items: readonly (readonly [Item, number])[]): Item {
    const total = items.reduce((sum, [, weight]) => sum + weight, 0);
    let rest = this.next() * total;
    for (const [item, weight] of items) {
      rest -= weight;
      if (rest < 0) return item;
    }
    const last = items.at(-1);
    if (last === undefined) throw new RangeError('nothing to pick from');
    return last[0];
  }

  bytes(count: number): Uint8Array {
    const bytes = Buffer.alloc(Math.ceil(count / 4) * 4);
    for (let at = 0; at < count; at += 4) bytes.writeUInt32LE(this.bits(), at);
    return bytes.subarray(0, count);
  }

  address(): Address {
    return addressOfBytes(this.bytes(32));
  }
}
