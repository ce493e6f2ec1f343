import type { Address } from '#shared/domain/address.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import { type Instruction, rw } from '../chain/instruction.ts';
import { TOKEN_2022_PROGRAM } from '../chain/program-ids.ts';

/** A Token-2022 extension that a mint is born with. Null authority: nobody. */
export type MintExtension =
  | {
      readonly type: 'transferFee';
      /** Basis points of each transfer that the receiver does not get. */
      readonly feeBps: number;
      readonly maxFee: bigint;
      readonly authority: Address | null;
    }
  | { readonly type: 'mintClose'; readonly authority: Address }
  | { readonly type: 'defaultFrozen' }
  | { readonly type: 'nonTransferable' }
  | { readonly type: 'interestBearing'; readonly authority: Address; readonly rateBps: number }
  | { readonly type: 'permanentDelegate'; readonly delegate: Address }
  | {
      readonly type: 'transferHook';
      readonly authority: Address | null;
      readonly programId: Address | null;
    }
  | { readonly type: 'metadataPointer'; readonly address: Address }
  | { readonly type: 'scaledUiAmount'; readonly authority: Address; readonly multiplier: number }
  | { readonly type: 'pausable'; readonly authority: Address };

type Of<Type extends MintExtension['type']> = Extract<MintExtension, { type: Type }>;

/**
 * By extension: bytes in the mint, bytes it adds to each token account (undefined: none), and the
 * instruction that initialises it. Numbers of `TokenInstruction` and lengths of spl-token-2022.
 */
const ENCODERS: {
  readonly [Type in MintExtension['type']]: {
    readonly mintBytes: number;
    readonly accountBytes?: number;
    readonly data: (extension: Of<Type>) => ByteWriter;
  };
} = {
  transferFee: {
    mintBytes: 108,
    accountBytes: 8,
    data: ({ authority, feeBps, maxFee }) => {
      const data = new ByteWriter(80).u8(26).u8(0);
      // Twice: who may change the fee, and who may withdraw what was withheld.
      for (let time = 0; time < 2; time += 1) {
        if (authority === null) data.u8(0);
        else data.u8(1).address(authority);
      }
      return data.u16(feeBps).u64(maxFee);
    },
  },
  mintClose: {
    mintBytes: 32,
    data: ({ authority }) => new ByteWriter(34).u8(25).u8(1).address(authority),
  },
  defaultFrozen: { mintBytes: 1, data: () => new ByteWriter(3).u8(28).u8(0).u8(2) },
  nonTransferable: { mintBytes: 0, accountBytes: 0, data: () => new ByteWriter(1).u8(32) },
  interestBearing: {
    mintBytes: 52,
    data: ({ authority, rateBps }) =>
      new ByteWriter(36).u8(33).u8(0).address(authority).i16(rateBps),
  },
  permanentDelegate: {
    mintBytes: 32,
    data: ({ delegate }) => new ByteWriter(33).u8(35).address(delegate),
  },
  transferHook: {
    mintBytes: 64,
    accountBytes: 1,
    data: ({ authority, programId }) =>
      new ByteWriter(66).u8(36).u8(0).optionalAddress(authority).optionalAddress(programId),
  },
  metadataPointer: {
    mintBytes: 64,
    data: ({ address }) => new ByteWriter(66).u8(39).u8(0).optionalAddress(null).address(address),
  },
  scaledUiAmount: {
    mintBytes: 56,
    data: ({ authority, multiplier }) =>
      new ByteWriter(42).u8(43).u8(0).address(authority).f64(multiplier),
  },
  pausable: {
    mintBytes: 33,
    accountBytes: 0,
    data: ({ authority }) => new ByteWriter(34).u8(44).u8(0).address(authority),
  },
};

/** A mint or account has 165 bytes and one for its kind; each extension has type and length before it. */
const BASE_BYTES = 166;
const EXTENSION_HEAD_BYTES = 4;
const PLAIN_MINT_BYTES = 82;
const PLAIN_ACCOUNT_BYTES = 165;

/** Bytes of a mint with these extensions. */
export function mintBytes(extensions: readonly MintExtension[]): number {
  if (extensions.length === 0) return PLAIN_MINT_BYTES;
  return extensions.reduce(
    (sum, { type }) => sum + EXTENSION_HEAD_BYTES + ENCODERS[type].mintBytes,
    BASE_BYTES,
  );
}

/** True when accounts of the mint must have an owner for good: what cannot be sent must not be sold. */
export const needsImmutableOwner = (extensions: readonly MintExtension[]): boolean =>
  extensions.some(({ type }) => type === 'nonTransferable');

/** Bytes of a token account of a mint with these extensions. */
export function tokenAccountBytes(extensions: readonly MintExtension[]): number {
  const added = extensions.flatMap(({ type }) => ENCODERS[type].accountBytes ?? []);
  if (needsImmutableOwner(extensions)) added.push(0);
  if (added.length === 0) return PLAIN_ACCOUNT_BYTES;
  return added.reduce((sum, bytes) => sum + EXTENSION_HEAD_BYTES + bytes, BASE_BYTES);
}

/** The instruction that gives a mint, not yet initialised, this extension. */
export const initializeExtension = (mint: Address, extension: MintExtension): Instruction => ({
  programId: TOKEN_2022_PROGRAM,
  accounts: [rw(mint)],
  data: encode(extension),
});

function encode(extension: MintExtension): Uint8Array {
  switch (extension.type) {
    case 'transferFee':
      return ENCODERS.transferFee.data(extension).done();
    case 'mintClose':
      return ENCODERS.mintClose.data(extension).done();
    case 'defaultFrozen':
      return ENCODERS.defaultFrozen.data(extension).done();
    case 'nonTransferable':
      return ENCODERS.nonTransferable.data(extension).done();
    case 'interestBearing':
      return ENCODERS.interestBearing.data(extension).done();
    case 'permanentDelegate':
      return ENCODERS.permanentDelegate.data(extension).done();
    case 'transferHook':
      return ENCODERS.transferHook.data(extension).done();
    case 'metadataPointer':
      return ENCODERS.metadataPointer.data(extension).done();
    case 'scaledUiAmount':
      return ENCODERS.scaledUiAmount.data(extension).done();
    case 'pausable':
      return ENCODERS.pausable.data(extension).done();
  }
}
