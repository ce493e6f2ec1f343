import { createPublicKey, verify } from 'node:crypto';
import { addressBytes } from './address-bytes.ts';

import type { Address } from '#shared/domain/address.ts';

/** DER head of an Ed25519 public key; the 32 bytes of the key follow. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** True when `signature` is the Ed25519 signature of the message by `signer`. */
export function isSignedBy(
  signer: Address,
  messageBytes: Uint8Array,
  signature: Uint8Array,
): boolean {
  const key = createPublicKey({
    key: Buffer.concat([SPKI_HEAD, addressBytes(signer)]),
    format: 'der',
    type: 'spki',
  });
  return verify(null, messageBytes, key, signature);
}
