import bs58 from 'bs58';
import * as z from 'zod';

declare const brand: unique symbol;

/** A Solana account address: the base58 form of 32 bytes, 32..44 characters. */
export type Address = string & { readonly [brand]: 'Address' };

/** True when `text` is the base58 form of exactly 32 bytes. */
export function isAddress(text: string): text is Address {
  if (text.length < 32 || text.length > 44) return false;
  return bs58.decodeUnsafe(text)?.length === 32;
}

/** For constants and values already checked. @throws {TypeError} when `text` is no address. */
export function address(text: string): Address {
  if (!isAddress(text))
    throw new TypeError(`not a base58 address of 32 bytes: ${text.slice(0, 60)}`);
  return text;
}

/** The address of 32 raw bytes. @throws {TypeError} when there are not exactly 32. */
export function addressOfBytes(bytes: Uint8Array): Address {
  if (bytes.length !== 32) throw new TypeError(`an address has 32 bytes, not ${bytes.length}`);
  return bs58.encode(bytes) as Address;
}

/** The 32 raw bytes of an address. */
export const bytesOfAddress = (of: Address): Uint8Array => bs58.decode(of);

export const addressSchema = z
  .string()
  .max(44)
  .refine(isAddress, { error: 'not a base58 address of 32 bytes' });
