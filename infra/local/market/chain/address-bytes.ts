import { type Address, addressOfBytes, bytesOfAddress } from '#shared/domain/address.ts';

const REMEMBERED = 50_000;
const known = new Map<Address, Uint8Array>();

/**
 * The 32 bytes of an address, remembered: the same programs, mints and wallets come in every
 * message, and reading base58 costs more than all that is done with the bytes. Not to be written to.
 */
export function addressBytes(of: Address): Uint8Array {
  let bytes = known.get(of);
  if (bytes === undefined) {
    bytes = bytesOfAddress(of);
    if (known.size >= REMEMBERED) known.clear();
    known.set(of, bytes);
  }
  return bytes;
}

const texts = new Map<string, Address>();

/** The address of 32 bytes, remembered likewise. */
export function addressText(bytes: Uint8Array): Address {
  const key = Buffer.from(bytes.buffer, bytes.byteOffset, 32).toString('latin1');
  let text = texts.get(key);
  if (text === undefined) {
    text = addressOfBytes(bytes);
    if (texts.size >= REMEMBERED) texts.clear();
    texts.set(key, text);
  }
  return text;
}
