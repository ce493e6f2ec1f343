import { createHash } from 'node:crypto';

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
    const hash = createHash('sha256');
    for (const seed of seeds) hash.update(seed);
    const digest = hash.update(Uint8Array.of(bump)).update(tail).update(MARKER).digest();
    if (!isOnCurve(digest)) return addressOfBytes(digest);
  }
  throw new RangeError('no bump gives an address off the curve');
}

/** Order of the field of Curve25519, and the constant of its Edwards form (RFC 8032, 5.1). */
const P = 2n ** 255n - 19n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/**
 * True when 32 bytes are a point: when x² = (y² - 1) / (d·y² + 1) has a root (RFC 8032, 5.1.3).
 * By Euler's criterion, and with a product in place of the quotient: both are squares, or neither.
 */
function isOnCurve(bytes: Uint8Array): boolean {
  const littleEndian = Buffer.from(bytes.toReversed()).toString('hex');
  const y = BigInt(`0x${littleEndian}`) & ((1n << 255n) - 1n);
  const y2 = (y * y) % P;
  const square = ((y2 + P - 1n) * (D * y2 + 1n)) % P;
  // y = 1 and y = -1: x is zero, which with the sign bit set is no point.
  if (square === 0n) return (bytes[31] ?? 0) < 128;
  return power(square, (P - 1n) / 2n) === 1n;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

const METADATA_SEED = new TextEncoder().encode('metadata');

/** Where Metaplex keeps the metadata of a mint. */
export const metaplexAddress = (mint: Address): Address =>
  programAddress(
    [METADATA_SEED, bytesOfAddress(METAPLEX_PROGRAM), bytesOfAddress(mint)],
    METAPLEX_PROGRAM,
  );
