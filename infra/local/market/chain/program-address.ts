import { createHash } from 'node:crypto';

import { type Address, addressOfBytes } from '#shared/domain/address.ts';
import { addressBytes } from './address-bytes.ts';
import { ASSOCIATED_TOKEN_PROGRAM } from './program-ids.ts';

/** The field of curve 25519, and the constant d of its Edwards form. */
const P = 2n ** 255n - 19n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
const MASK_255 = 2n ** 255n - 1n;

type ProgramAddress = { readonly address: Address; readonly bump: number };

/** The same addresses are asked for when a pool is placed, opened and traded with. */
const REMEMBERED = 20_000;
const remembered = new Map<string, ProgramAddress>();

/**
 * An address that no key pair has, and the bump that made it so: the first of 255, 254, ... whose
 * hash is no point of the curve (Solana's `find_program_address`).
 */
export function findProgramAddress(
  seeds: readonly (Uint8Array | string)[],
  programId: Address,
): ProgramAddress {
  const parts = seeds.map((seed) => (typeof seed === 'string' ? Buffer.from(seed) : seed));
  const head = Buffer.concat(parts);
  const key = `${programId}${head.toString('latin1')}`;
  let found = remembered.get(key);
  if (found === undefined) {
    found = searchBump(head, programId);
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(key, found);
  }
  return found;
}

function searchBump(head: Buffer, programId: Address): ProgramAddress {
  const tail = Buffer.concat([addressBytes(programId), Buffer.from('ProgramDerivedAddress')]);
  for (let bump = 255; bump >= 0; bump -= 1) {
    const hash = createHash('sha256').update(head).update(Uint8Array.of(bump)).update(tail);
    const bytes = hash.digest();
    if (!isOnCurve(bytes)) return { address: addressOfBytes(bytes), bump };
  }
  throw new RangeError('no bump leads off the curve');
}

/** Address of a program-derived account, when its bump is not asked for. */
export const programAddress = (seeds: readonly (Uint8Array | string)[], programId: Address) =>
  findProgramAddress(seeds, programId).address;

/** The associated token account of an owner (which may itself be a program address). */
export const associatedTokenAddress = (owner: Address, mint: Address, tokenProgram: Address) =>
  programAddress([owner, tokenProgram, mint].map(addressBytes), ASSOCIATED_TOKEN_PROGRAM);

/**
 * True when the 32 bytes are the y coordinate of a point. x² = (y² - 1) / (d·y² + 1) has a solution
 * exactly when numerator times denominator is a square of the field: Euler's criterion, here by the
 * Jacobi symbol, which needs no power and no root.
 */
export function isOnCurve(bytes: Uint8Array): boolean {
  const words = Buffer.from(bytes);
  let y = 0n;
  for (let at = 24; at >= 0; at -= 8) y = (y << 64n) | words.readBigUInt64LE(at);
  y = (y & MASK_255) % P;
  const ySquared = (y * y) % P;
  const product = ((ySquared - 1n + P) * (D * ySquared + 1n)) % P;
  return product === 0n || jacobi(product, P) === 1;
}

/** Jacobi symbol of a over an odd n. */
function jacobi(a: bigint, n: bigint): number {
  let top = a;
  let bottom = n;
  let sign = 1;
  while (top !== 0n) {
    let twos = 0;
    while ((top & 0xffffn) === 0n) {
      top >>= 16n;
      twos += 16;
    }
    while ((top & 1n) === 0n) {
      top >>= 1n;
      twos += 1;
    }
    const low = Number(bottom & 7n);
    if (twos % 2 === 1 && (low === 3 || low === 5)) sign = -sign;
    if ((low & 3) === 3 && (top & 3n) === 3n) sign = -sign;
    [top, bottom] = [bottom % top, top];
  }
  return bottom === 1n ? sign : 0;
}
