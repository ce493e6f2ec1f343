import { createHmac, timingSafeEqual } from 'node:crypto';
import { addressBytes } from './address-bytes.ts';

import type { Address } from '#shared/domain/address.ts';

/**
 * Signs for the accounts that a DEX program owns.
 *
 * A pool's authority is a program address: no key pair exists for it, its program signs by being
 * called. The venues' programs are not here, so the market signs for them with a keyed hash of the
 * message, which only the market can make and the local chain checks in place of an Ed25519 signature.
 */
export class Custody {
  readonly #key: Uint8Array;
  readonly #authorities = new Set<Address>();

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** From now on the chain takes the market's signature for this address. */
  take(authority: Address): void {
    this.#authorities.add(authority);
  }

  has(authority: Address): boolean {
    return this.#authorities.has(authority);
  }

  /** 64 bytes. */
  sign(authority: Address, messageBytes: Uint8Array): Uint8Array {
    const hmac = createHmac('sha512', this.#key).update(addressBytes(authority));
    return hmac.update(messageBytes).digest();
  }

  isSigned(authority: Address, messageBytes: Uint8Array, signature: Uint8Array): boolean {
    return timingSafeEqual(this.sign(authority, messageBytes), signature);
  }
}
