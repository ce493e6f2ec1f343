import { ByteReader } from './byte-reader.ts';
import type { Extension } from './evidence.ts';
import type { BasisPoints } from './units.ts';

/**
 * Extension types a Token-2022 mint can carry, by their number on chain.
 * Source: `ExtensionType` in solana-program/token-2022.
 */
const MINT_EXTENSIONS: Readonly<Record<number, string>> = {
  1: 'transferFeeConfig',
  3: 'mintCloseAuthority',
  4: 'confidentialTransferMint',
  6: 'defaultAccountState',
  9: 'nonTransferable',
  10: 'interestBearingConfig',
  12: 'permanentDelegate',
  14: 'transferHook',
  16: 'confidentialTransferFeeConfig',
  18: 'metadataPointer',
  19: 'tokenMetadata',
  20: 'groupPointer',
  21: 'tokenGroup',
  22: 'groupMemberPointer',
  23: 'tokenGroupMember',
  24: 'confidentialMintBurn',
  25: 'scaledUiAmountConfig',
  26: 'pausableConfig',
  28: 'permissionedBurn',
};

export const extensionName = (typeNumber: number): string =>
  MINT_EXTENSIONS[typeNumber] ?? 'unknown';

/** `AccountState::Initialized` of the token program; every other state holds the tokens fast. */
const INITIALIZED = 1;

/** Reads the part of an extension that our rules judge. Too short a value throws RangeError. */
export function readExtension(typeNumber: number, value: Uint8Array): Extension {
  const type = extensionName(typeNumber);
  const base = { type, typeNumber };
  const reader = new ByteReader(value);
  switch (type) {
    case 'transferFeeConfig':
      return { ...base, ...readTransferFee(reader) };
    case 'defaultAccountState':
      return { ...base, frozen: reader.u8() !== INITIALIZED };
    case 'transferHook':
      return { ...base, authority: reader.optionalAddress(), programId: reader.optionalAddress() };
    case 'pausableConfig':
      return { ...base, authority: reader.optionalAddress(), paused: reader.u8() !== 0 };
    case 'permanentDelegate':
    case 'mintCloseAuthority':
    case 'interestBearingConfig':
    case 'scaledUiAmountConfig':
    case 'confidentialTransferMint':
    case 'metadataPointer':
      return { ...base, authority: reader.optionalAddress() };
    default:
      return base;
  }
}

/**
 * `TransferFeeConfig`: authority, withdraw authority, withheld u64, older fee, newer fee. A newer fee
 * takes effect within two epochs, so the higher of both is the fee to judge.
 */
function readTransferFee(reader: ByteReader): Pick<Extension, 'authority' | 'transferFeeBps'> {
  const authority = reader.optionalAddress();
  reader.skip(32 + 8);
  const older = readFeeBps(reader);
  const newer = readFeeBps(reader);
  return { authority, transferFeeBps: Math.max(older, newer) };
}

/** `TransferFee`: epoch u64, maximum fee u64, basis points u16. */
const readFeeBps = (reader: ByteReader): BasisPoints => Math.min(reader.skip(16).u16(), 10_000);
