import type { Address } from '#shared/domain/address.ts';
import { addressText } from './address-bytes.ts';
import { TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from './program-ids.ts';

/** Bytes of a token account and of a mint without extensions; Token-2022 notes the kind after 165. */
export const TOKEN_ACCOUNT_BYTES = 165;
export const MINT_BYTES = 82;
const MINT_KIND = 1;
const ACCOUNT_KIND = 2;

export const isTokenProgram = (owner: Address): boolean =>
  owner === TOKEN_PROGRAM || owner === TOKEN_2022_PROGRAM;

/** True for the bytes of a token account of either token program. */
export const isTokenAccountData = (data: Uint8Array): boolean =>
  data.length === TOKEN_ACCOUNT_BYTES ||
  (data.length > TOKEN_ACCOUNT_BYTES && data[TOKEN_ACCOUNT_BYTES] === ACCOUNT_KIND);

/** True for the bytes of a mint of either token program. */
export const isMintData = (data: Uint8Array): boolean =>
  data.length === MINT_BYTES ||
  (data.length > TOKEN_ACCOUNT_BYTES && data[TOKEN_ACCOUNT_BYTES] === MINT_KIND);

const view = (data: Uint8Array) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
const optionalAddress = (data: Buffer, at: number) =>
  data.readUInt32LE(at) === 0 ? null : addressText(data.subarray(at + 4, at + 36));

/** Base units in a token account. */
export const tokenAmount = (data: Uint8Array): bigint => readTokenAccount(data).amount;

/** A token account: 0 uninitialized, 1 initialized, 2 frozen. */
export type TokenAccountState = 0 | 1 | 2;

export type TokenAccount = {
  readonly mint: Address;
  readonly owner: Address;
  readonly amount: bigint;
  readonly delegate: Address | null;
  readonly state: TokenAccountState;
  /** Lamports kept back for rent in an account of wrapped SOL; null for other mints. */
  readonly nativeReserve: bigint | null;
  readonly delegatedAmount: bigint;
  readonly closeAuthority: Address | null;
};

/** Accounts are read far more often than they change: each version is decoded once. */
const decoded = new WeakMap<Uint8Array, TokenAccount>();

export function readTokenAccount(bytes: Uint8Array): TokenAccount {
  let account = decoded.get(bytes);
  if (account === undefined) {
    account = decodeTokenAccount(bytes);
    decoded.set(bytes, account);
  }
  return account;
}

function decodeTokenAccount(bytes: Uint8Array): TokenAccount {
  const data = view(bytes);
  const state = data[108];
  return {
    mint: addressText(data.subarray(0, 32)),
    owner: addressText(data.subarray(32, 64)),
    amount: data.readBigUInt64LE(64),
    delegate: optionalAddress(data, 72),
    state: state === 1 || state === 2 ? state : 0,
    nativeReserve: data.readUInt32LE(109) === 0 ? null : data.readBigUInt64LE(113),
    delegatedAmount: data.readBigUInt64LE(121),
    closeAuthority: optionalAddress(data, 129),
  };
}

export type Mint = {
  readonly mintAuthority: Address | null;
  /** Base units. */
  readonly supply: bigint;
  readonly decimals: number;
  readonly isInitialized: boolean;
  readonly freezeAuthority: Address | null;
};

export function readMint(bytes: Uint8Array): Mint {
  const data = view(bytes);
  return {
    mintAuthority: optionalAddress(data, 0),
    supply: data.readBigUInt64LE(36),
    decimals: data[44] ?? 0,
    isInitialized: data[45] === 1,
    freezeAuthority: optionalAddress(data, 46),
  };
}

/** The extensions behind a Token-2022 mint or account: type, length, value. */
export function readExtensions(
  bytes: Uint8Array,
): readonly { readonly type: number; readonly value: Buffer }[] {
  const data = view(bytes);
  const found: { type: number; value: Buffer }[] = [];
  let at = TOKEN_ACCOUNT_BYTES + 1;
  while (at + 4 <= data.length) {
    const type = data.readUInt16LE(at);
    const length = data.readUInt16LE(at + 2);
    if (type === 0) break;
    found.push({ type, value: data.subarray(at + 4, at + 4 + length) });
    at += 4 + length;
  }
  return found;
}
