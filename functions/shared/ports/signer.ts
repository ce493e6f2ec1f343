import type { Address } from '../domain/address.ts';

/** A wallet that signs and never shows its key. */
export type Signer = {
  readonly address: Address;
  /**
   * The Ed25519 signature of a transaction message, 64 bytes, already verified against `address`.
   * @throws {Fault} `signature.failed`
   */
  readonly sign: (message: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>;
};
