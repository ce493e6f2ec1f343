import { ed25519 } from '@noble/curves/ed25519';
import { sha256 } from '@noble/hashes/sha2';

import { type Address, addressOfBytes, bytesOfAddress } from '../../domain/address.ts';
import { METAPLEX_PROGRAM } from '../../domain/metaplex-metadata.ts';

const MARKER = new TextEncoder().encode('ProgramDerivedAddress');

/**
 * The program-derived address of the seeds: the first, from bump 255 down, that is no point of the
 * curve and so has no private key. Source: `find_program_address` of the Solana SDK.
 */
export function programAddress(seeds: readonly Uint8Array[], program: Address): Address {
  const tail = bytesOfAddress(program);
  for (let bump = 255; bump >= 0; bump -= 1) {
    const hash = sha256.create();
    for (const seed of seeds) hash.update(seed);
    const digest = hash.update(Uint8Array.of(bump)).update(tail).update(MARKER).digest();
    if (!isOnCurve(digest)) return addressOfBytes(digest);
  }
  throw new RangeError('no bump gives an address off the curve');
}

function isOnCurve(bytes: Uint8Array): boolean {
  try {
    ed25519.Point.fromBytes(bytes);
    return true;
  } catch {
    // The library's only way to say that the bytes are no point.
    return false;
  }
}

const METADATA_SEED = new TextEncoder().encode('metadata');

/** Where Metaplex keeps the metadata of a mint. */
export const metaplexAddress = (mint: Address): Address =>
  programAddress(
    [METADATA_SEED, bytesOfAddress(METAPLEX_PROGRAM), bytesOfAddress(mint)],
    METAPLEX_PROGRAM,
  );
