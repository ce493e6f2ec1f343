import { type KeyObject, createPublicKey, verify } from 'node:crypto';

import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';

import { addressOfBytes } from '../../domain/address.ts';
import { Fault, reasonOf } from '../../domain/fault.ts';
import type { Signer } from '../../ports/signer.ts';

/** DER of an Ed25519 public key (RFC 8410): this prefix and the 32 bytes that are the address. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_BYTES = 32;
/** Longest `RAW` message that KMS signs. Source: KMS API reference, Sign. */
const MAX_MESSAGE_BYTES = 4_096;

/**
 * The wallet in KMS: a key of spec `ECC_NIST_EDWARDS25519` whose private half nobody can read.
 * @throws {Fault} `signature.failed` when the key cannot be read or is of another kind.
 */
export async function kmsSigner(
  client: KMSClient,
  keyId: string,
  signal: AbortSignal,
): Promise<Signer> {
  const { PublicKey: spki } = await client
    .send(new GetPublicKeyCommand({ KeyId: keyId }), { abortSignal: signal })
    .catch(fail);
  const prefix = spki?.subarray(0, SPKI_PREFIX.length);
  if (
    spki?.length !== SPKI_PREFIX.length + KEY_BYTES ||
    prefix === undefined ||
    !SPKI_PREFIX.equals(prefix)
  ) {
    throw new Fault('signature.failed', { reason: 'the key in KMS is no Ed25519 key' });
  }
  const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  return {
    address: addressOfBytes(spki.subarray(SPKI_PREFIX.length)),
    sign: async (message, signSignal) => signed(client, { keyId, publicKey }, message, signSignal),
  };
}

async function signed(
  client: KMSClient,
  { keyId, publicKey }: { readonly keyId: string; readonly publicKey: KeyObject },
  message: Uint8Array,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (message.length === 0 || message.length > MAX_MESSAGE_BYTES) {
    throw new Fault('signature.failed', { reason: `a message of ${message.length} bytes` });
  }
  const command = new SignCommand({
    KeyId: keyId,
    Message: message,
    // Solana signs the message itself: not the prehashed variant of Ed25519.
    MessageType: 'RAW',
    SigningAlgorithm: 'ED25519_SHA_512',
  });
  const { Signature: signature } = await client.send(command, { abortSignal: signal }).catch(fail);
  // A wrong signature would be stored as an attempt that can never land: better to know it here.
  if (signature === undefined || !verify(null, message, publicKey, signature)) {
    throw new Fault('signature.failed', { reason: 'KMS returned a signature of something else' });
  }
  return signature;
}

const fail = (cause: unknown): never => {
  throw new Fault('signature.failed', { reason: reasonOf(cause) }, { cause });
};
