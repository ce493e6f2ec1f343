import { type Address, address } from './address.ts';
import { ByteReader } from './byte-reader.ts';
import { cleanText } from './clean-text.ts';

export const METAPLEX_PROGRAM = address('metaqbxxUerdq28cj1RbAWkYQm3ybzjb6a8bt518x1s');

export type MetaplexMetadata = {
  readonly mint: Address;
  readonly updateAuthority: Address | null;
  readonly name: string;
  readonly symbol: string;
  readonly uri: string;
  readonly mutable: boolean;
};

/** `Key::MetadataV1` of the token-metadata program. */
const METADATA_V1 = 4;

/**
 * Decodes a Metaplex metadata account; undefined when it is none.
 * Layout: key u8, update authority, mint, name, symbol, uri (padded with NUL), seller fee u16,
 * creators Option<Vec<(key, verified u8, share u8)>>, primary sale u8, mutable u8.
 */
export function decodeMetaplexMetadata(
  owner: string,
  data: Uint8Array,
): MetaplexMetadata | undefined {
  if (owner !== METAPLEX_PROGRAM || data[0] !== METADATA_V1) return undefined;
  try {
    const reader = new ByteReader(data, 1);
    const updateAuthority = reader.optionalAddress();
    const mint = reader.address();
    const name = cleanText(reader.string(200), 64);
    const symbol = cleanText(reader.string(100), 32);
    const uri = cleanText(reader.string(1_000), 256);
    reader.skip(2);
    if (reader.u8() === 1) reader.skip(reader.u32() * 34);
    reader.skip(1);
    return { mint, updateAuthority, name, symbol, uri, mutable: reader.u8() === 1 };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
