import { type Address, address } from './address.ts';
import { ByteReader } from './byte-reader.ts';
import { cleanText } from './clean-text.ts';
import type { Extension } from './evidence.ts';
import { readExtension } from './token-extensions.ts';

export const TOKEN_PROGRAM = address('TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA');
export const TOKEN_2022_PROGRAM = address('TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb');

/** On-chain metadata that a Token-2022 mint carries in itself. */
export type MintMetadata = {
  readonly name: string;
  readonly symbol: string;
  readonly uri: string;
  readonly updateAuthority: Address | null;
};

/** A mint account of either token program. */
export type TokenMint = {
  readonly program: 'spl-token' | 'token-2022';
  readonly mintAuthority: Address | null;
  readonly freezeAuthority: Address | null;
  /** Base units. */
  readonly supply: bigint;
  readonly decimals: number;
  readonly extensions: readonly Extension[];
  readonly metadata: MintMetadata | null;
};

const MINT_SIZE = 82;
/** A multisig account of either program; Token-2022 never gives a mint this length. */
const MULTISIG_SIZE = 355;
/** More entries than the program knows types: no mint that it wrote. */
const MAX_EXTENSIONS = 40;
/** Token-2022 pads a mint to the size of a token account, then names the account's kind. */
const ACCOUNT_TYPE_OFFSET = 165;
const ACCOUNT_TYPE_MINT = 1;
const TOKEN_METADATA_TYPE = 19;

/**
 * Decodes a mint account.
 * Undefined when it is no initialised mint of a token program: the caller must not trade it.
 * Source: `Mint` in solana-program/token; TLV of solana-program/token-2022.
 */
export function decodeMint(owner: string, data: Uint8Array): TokenMint | undefined {
  if (owner !== TOKEN_PROGRAM && owner !== TOKEN_2022_PROGRAM) return undefined;
  try {
    return readMint(owner === TOKEN_PROGRAM ? 'spl-token' : 'token-2022', data);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readMint(program: TokenMint['program'], data: Uint8Array): TokenMint | undefined {
  if (!isMintLength(program, data)) return undefined;
  const reader = new ByteReader(data);
  // Any tag but 0: an authority that we cannot rule out counts as one.
  const hasMintAuthority = reader.u32() !== 0;
  const mintAuthority = reader.address();
  const supply = reader.u64();
  const decimals = reader.u8();
  const initialised = reader.u8() === 1;
  const hasFreezeAuthority = reader.u32() !== 0;
  const freezeAuthority = reader.address();
  if (!initialised) return undefined;

  const values = readTlv(data);
  if (values.length > MAX_EXTENSIONS) return undefined;
  const metadata = values.find(({ typeNumber }) => typeNumber === TOKEN_METADATA_TYPE);
  return {
    program,
    mintAuthority: hasMintAuthority ? mintAuthority : null,
    freezeAuthority: hasFreezeAuthority ? freezeAuthority : null,
    supply,
    decimals,
    extensions: values.map(({ typeNumber, value }) => readExtension(typeNumber, value)),
    metadata: metadata === undefined ? null : readTokenMetadata(metadata.value),
  };
}

/** A mint of the first program has one length; Token-2022 names the account's kind behind the base. */
function isMintLength(program: TokenMint['program'], data: Uint8Array): boolean {
  if (data.length === MINT_SIZE) return true;
  return (
    program === 'token-2022' &&
    data.length !== MULTISIG_SIZE &&
    data[ACCOUNT_TYPE_OFFSET] === ACCOUNT_TYPE_MINT
  );
}

type TlvEntry = { readonly typeNumber: number; readonly value: Uint8Array };

/** Type u16, length u16, value; type 0 marks unused space. A cut entry throws RangeError. */
function readTlv(data: Uint8Array): readonly TlvEntry[] {
  if (data.length <= ACCOUNT_TYPE_OFFSET + 1) return [];
  const entries: TlvEntry[] = [];
  const reader = new ByteReader(data, ACCOUNT_TYPE_OFFSET + 1);
  while (reader.remaining >= 2) {
    const typeNumber = reader.u16();
    if (typeNumber === 0) break;
    entries.push({ typeNumber, value: reader.bytes(reader.u16()) });
  }
  return entries;
}

/** `TokenMetadata`: update authority, mint, name, symbol, uri, further pairs (not read). */
function readTokenMetadata(value: Uint8Array): MintMetadata {
  const reader = new ByteReader(value);
  const updateAuthority = reader.optionalAddress();
  reader.skip(32);
  return {
    updateAuthority,
    name: cleanText(reader.string(10_000), 64),
    symbol: cleanText(reader.string(10_000), 32),
    uri: cleanText(reader.string(10_000), 256),
  };
}
