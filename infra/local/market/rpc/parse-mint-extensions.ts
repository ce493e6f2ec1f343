import { type Address, addressOfBytes } from '#shared/domain/address.ts';
import { readExtensions } from '../chain/token-layout.ts';

/** A Token-2022 extension as `jsonParsed` shows it. */
type ParsedExtension = { readonly extension: string; readonly state?: unknown };

/** 32 zero bytes say "nobody". */
const optional = (value: Buffer, at: number): Address | null => {
  const bytes = value.subarray(at, at + 32);
  return bytes.every((byte) => byte === 0) ? null : addressOfBytes(bytes);
};
const u64 = (value: Buffer, at: number) => Number(value.readBigUInt64LE(at));
const i64 = (value: Buffer, at: number) => Number(value.readBigInt64LE(at));
const transferFee = (value: Buffer, at: number) => ({
  epoch: u64(value, at),
  maximumFee: u64(value, at + 8),
  transferFeeBasisPoints: value.readUInt16LE(at + 16),
});

/** By number of the extension type (spl-token-2022, `ExtensionType`). */
const PARSERS: Record<number, (value: Buffer) => ParsedExtension> = {
  1: (value) => ({
    extension: 'transferFeeConfig',
    state: {
      newerTransferFee: transferFee(value, 90),
      olderTransferFee: transferFee(value, 72),
      transferFeeConfigAuthority: optional(value, 0),
      withdrawWithheldAuthority: optional(value, 32),
      withheldAmount: u64(value, 64),
    },
  }),
  2: (value) => ({ extension: 'transferFeeAmount', state: { withheldAmount: u64(value, 0) } }),
  3: (value) => ({
    extension: 'mintCloseAuthority',
    state: { closeAuthority: optional(value, 0) },
  }),
  6: (value) => ({
    extension: 'defaultAccountState',
    state: { accountState: ['uninitialized', 'initialized', 'frozen'][value[0] ?? 0] },
  }),
  7: () => ({ extension: 'immutableOwner' }),
  9: () => ({ extension: 'nonTransferable' }),
  10: (value) => ({
    extension: 'interestBearingConfig',
    state: {
      currentRate: value.readInt16LE(50),
      initializationTimestamp: i64(value, 32),
      lastUpdateTimestamp: i64(value, 42),
      preUpdateAverageRate: value.readInt16LE(40),
      rateAuthority: optional(value, 0),
    },
  }),
  12: (value) => ({ extension: 'permanentDelegate', state: { delegate: optional(value, 0) } }),
  13: () => ({ extension: 'nonTransferableAccount' }),
  14: (value) => ({
    extension: 'transferHook',
    state: { authority: optional(value, 0), programId: optional(value, 32) },
  }),
  15: (value) => ({
    extension: 'transferHookAccount',
    state: { transferring: value[0] === 1 },
  }),
  18: (value) => ({
    extension: 'metadataPointer',
    state: { authority: optional(value, 0), metadataAddress: optional(value, 32) },
  }),
  19: (value) => ({ extension: 'tokenMetadata', state: tokenMetadata(value) }),
  25: (value) => ({
    extension: 'scaledUiAmountConfig',
    state: {
      authority: optional(value, 0),
      multiplier: String(value.readDoubleLE(32)),
      newMultiplier: String(value.readDoubleLE(48)),
      newMultiplierEffectiveTimestamp: i64(value, 40),
    },
  }),
  26: (value) => ({
    extension: 'pausableConfig',
    state: { authority: optional(value, 0), paused: value[32] === 1 },
  }),
  27: () => ({ extension: 'pausableAccount' }),
};

function tokenMetadata(value: Buffer) {
  let at = 64;
  const text = () => {
    const length = value.readUInt32LE(at);
    at += 4 + length;
    return value.toString('utf8', at - length, at);
  };
  const [name, symbol, uri] = [text(), text(), text()];
  const count = value.readUInt32LE(at);
  at += 4;
  const additionalMetadata = Array.from({ length: count }, () => [text(), text()]);
  return {
    additionalMetadata,
    mint: optional(value, 32),
    name,
    symbol,
    updateAuthority: optional(value, 0),
    uri,
  };
}

/** The extensions of a Token-2022 mint or account, in the order in which they lie there. */
export function parseMintExtensions(data: Uint8Array): ParsedExtension[] {
  return readExtensions(data).map(({ type, value }) => {
    const parse = PARSERS[type];
    return parse === undefined ? { extension: 'unparseableExtension' } : parse(value);
  });
}
