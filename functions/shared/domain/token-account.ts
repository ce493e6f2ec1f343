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

const ACCOUNT_SIZE = 165;
/** After mint, owner, amount and the optional delegate. */
const STATE_OFFSET = 108;
const UNINITIALIZED = 0;
/** Token-2022 names the account's kind behind the 165 bytes; 1 is a mint. */
const ACCOUNT_TYPE_ACCOUNT = 2;

/** Mint, owner and amount stand at the start in both token programs. Undefined when it is none. */
export function decodeTokenAccount(program: string, data: Uint8Array): TokenAccount | undefined {
  if (program !== TOKEN_PROGRAM && program !== TOKEN_2022_PROGRAM) return undefined;
  if (data.length < ACCOUNT_SIZE || data[STATE_OFFSET] === UNINITIALIZED) return undefined;
  if (data.length > ACCOUNT_SIZE && data[ACCOUNT_SIZE] !== ACCOUNT_TYPE_ACCOUNT) return undefined;
  const reader = new ByteReader(data);
  return { mint: reader.address(), owner: reader.address(), amount: reader.u64() };
}
