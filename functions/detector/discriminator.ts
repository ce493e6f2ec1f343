/** Whether `bytes` start with the bytes that `hex` spells, two digits each. */
export function startsWith(bytes: Uint8Array, hex: string): boolean {
  for (let at = 0; at * 2 < hex.length; at += 1) {
    const high = digitOf(hex.charCodeAt(at * 2));
    const low = digitOf(hex.charCodeAt(at * 2 + 1));
    if (bytes[at] !== high * 16 + low) return false;
  }
  return true;
}

/** Of a lower-case hex digit. */
const digitOf = (code: number): number => (code >= 0x61 ? code - 0x57 : code - 0x30);
