const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/**
 * Longest text that is decoded: 10 KiB, the most data an instruction can carry
 * (MAX_CPI_INSTRUCTION_DATA_LEN), takes 13,985 digits. Decoding costs the square of the length.
 */
export const MAX_BASE58_DIGITS = 13_985;

// 58^4 * 2^28 + 58^4 < 2^53: a step of four digits over limbs of 28 bits is exact in a double.
const DIGITS_A_STEP = 4;
const LIMB_BITS = 28;
const LIMB = 2 ** LIMB_BITS;

const valueOfCharCode = new Int8Array(128).fill(-1);
for (let value = 0; value < ALPHABET.length; value += 1)
  valueOfCharCode[ALPHABET.charCodeAt(value)] = value;

/**
 * The bytes of a base58 text, or undefined when it is none or too long.
 *
 * Instruction data is decoded on the hot path; four digits at a time this is over ten times as
 * fast as one at a time.
 */
export function decodeBase58(text: string): Uint8Array | undefined {
  if (text.length > MAX_BASE58_DIGITS) return undefined;
  let zeros = 0;
  while (zeros < text.length && text.charCodeAt(zeros) === 0x31) zeros += 1;

  const limbs: number[] = [];
  for (let at = zeros; at < text.length;) {
    let carry = 0;
    let scale = 1;
    for (let digit = 0; digit < DIGITS_A_STEP && at < text.length; digit += 1, at += 1) {
      const value = valueOfCharCode[text.charCodeAt(at)] ?? -1;
      if (value < 0) return undefined;
      carry = carry * 58 + value;
      scale *= 58;
    }
    for (let index = 0; index < limbs.length; index += 1) {
      const sum = (limbs[index] ?? 0) * scale + carry;
      carry = Math.floor(sum / LIMB);
      limbs[index] = sum - carry * LIMB;
    }
    if (carry > 0) limbs.push(carry);
  }
  return bytesOfLimbs(limbs, zeros);
}

/** Limbs stand least significant first; each leading `1` of the text is one zero byte. */
function bytesOfLimbs(limbs: readonly number[], zeros: number): Uint8Array {
  const topBits = limbs.length === 0 ? 0 : 32 - Math.clz32(limbs.at(-1) ?? 0);
  const bits = Math.max(0, limbs.length - 1) * LIMB_BITS + topBits;
  const bytes = new Uint8Array(zeros + Math.ceil(bits / 8));
  let held = 0;
  let heldBits = 0;
  let next = 0;
  for (let at = bytes.length - 1; at >= zeros; at -= 1) {
    if (heldBits < 8 && next < limbs.length) {
      held += (limbs[next] ?? 0) * 2 ** heldBits;
      heldBits += LIMB_BITS;
      next += 1;
    }
    bytes[at] = held % 256;
    held = Math.floor(held / 256);
    heldBits -= 8;
  }
  return bytes;
}
