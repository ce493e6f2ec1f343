import type { Address } from '#shared/domain/address.ts';
import { addressBytes } from '../chain/address-bytes.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import { type Instruction, ro, rw, signer } from '../chain/instruction.ts';
import { METADATA_PROGRAM, TOKEN_2022_PROGRAM } from '../chain/program-ids.ts';
import { programAddress } from '../chain/program-address.ts';

/** What a token says of itself on chain. */
export type TokenText = { readonly name: string; readonly symbol: string; readonly uri: string };

/** sha256("spl_token_metadata_interface:initialize_account")[0..8] */
const INITIALIZE = 'd2e11ea258b84d8d';
/** sha256("spl_token_metadata_interface:update_the_authority")[0..8] */
const UPDATE_AUTHORITY = 'd7e4a6e45464567b';

/** Bytes that Token-2022 appends to the mint for its metadata: head, two addresses, three texts, no extras. */
export const tokenMetadataBytes = ({ name, symbol, uri }: TokenText): number =>
  4 + 64 + [name, symbol, uri].reduce((sum, text) => sum + 4 + Buffer.byteLength(text), 0) + 4;

/** Token-2022: writes the metadata into the mint, which must have the lamports for its growth. */
export const initializeTokenMetadata = (
  mint: Address,
  authority: Address,
  { name, symbol, uri }: TokenText,
): Instruction => ({
  programId: TOKEN_2022_PROGRAM,
  accounts: [rw(mint), ro(authority), ro(mint), signer(authority)],
  data: new ByteWriter().hex(INITIALIZE).string(name).string(symbol).string(uri).done(),
});

/** Token-2022: nobody may change the metadata any more. */
export const freezeTokenMetadata = (mint: Address, authority: Address): Instruction => ({
  programId: TOKEN_2022_PROGRAM,
  accounts: [rw(mint), signer(authority)],
  data: new ByteWriter().hex(UPDATE_AUTHORITY).zeros(32).done(),
});

/** Where Metaplex keeps the metadata of an SPL mint. */
export const metaplexAddress = (mint: Address): Address =>
  programAddress(
    ['metadata', addressBytes(METADATA_PROGRAM), addressBytes(mint)],
    METADATA_PROGRAM,
  );

/** Bytes of a Metaplex metadata account since its shrinking in 2024. */
const METAPLEX_BYTES = 607;

/** A borsh string of fixed length: what is missing is zeros. */
const padded = (value: string, length: number): Uint8Array => {
  const bytes = Buffer.alloc(length);
  bytes.write(value, 'utf8');
  return new ByteWriter(length + 4).u32(length).bytes(bytes).done();
};

/**
 * The bytes of a Metaplex metadata account (mpl-token-metadata, `Metadata`): texts are padded with
 * zeros to 32, 10 and 200 bytes; what does not fit is cut, as the program refuses it.
 */
export function metaplexMetadata(
  mint: Address,
  updateAuthority: Address,
  text: TokenText,
  isMutable: boolean,
): Uint8Array {
  const head = new ByteWriter(METAPLEX_BYTES).u8(4).address(updateAuthority).address(mint);
  head.bytes(padded(text.name, 32)).bytes(padded(text.symbol, 10)).bytes(padded(text.uri, 200));
  // No royalties, no creators, no primary sale, mutable or not.
  head.u16(0).u8(0).bool(false).bool(isMutable);
  // Edition nonce 255, standard "fungible", no collection, uses, collection details, rules.
  head.u8(1).u8(255).u8(1).u8(2).u8(0).u8(0).u8(0).u8(0);
  return head.zeros(METAPLEX_BYTES - head.length).done();
}
