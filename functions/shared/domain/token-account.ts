import type { Address } from './address.ts';
import { ByteReader } from './byte-reader.ts';
import { TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from './token-mint.ts';

/** What we read of a token account of either token program. */
export type TokenAccount = {
  readonly mint: Address;
  readonly owner: Address;
  /** Base units. */
  readonly amount: bigint;
};

/** Mint, owner and amount stand at the start in both token programs. Undefined when it is none. */
export function decodeTokenAccount(program: string, data: Uint8Array): TokenAccount | undefined {
  if (program !== TOKEN_PROGRAM && program !== TOKEN_2022_PROGRAM) return undefined;
  if (data.length < 165) return undefined;
  const reader = new ByteReader(data);
  return { mint: reader.address(), owner: reader.address(), amount: reader.u64() };
}
