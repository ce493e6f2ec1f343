import { type Address as KitAddress, none, some } from '@solana/kit';
import { getMintEncoder } from '@solana-program/token';

import { type Address, bytesOfAddress } from '#shared/domain/address.ts';

export type TestMint = {
  readonly mintAuthority: Address | null;
  readonly freezeAuthority: Address | null;
  readonly supply: bigint;
  readonly decimals: number;
  readonly isInitialized: boolean;
};

const kit = (of: Address | null) =>
  of === null ? none<KitAddress>() : some(of as string as KitAddress);

/** The 82 bytes of a mint, by the token program's own client. */
export const mintBytes = (changes: Partial<TestMint> = {}): Uint8Array => {
  const mint: TestMint = {
    mintAuthority: null,
    freezeAuthority: null,
    supply: 1_000_000_000_000_000n,
    decimals: 6,
    isInitialized: true,
    ...changes,
  };
  return Uint8Array.from(
    getMintEncoder().encode({
      mintAuthority: kit(mint.mintAuthority),
      supply: mint.supply,
      decimals: mint.decimals,
      isInitialized: mint.isInitialized,
      freezeAuthority: kit(mint.freezeAuthority),
    }),
  );
};

/** One Token-2022 entry: type u16, length u16, value. `length` lies about the value when given. */
export function tlv(type: number, value: Uint8Array = new Uint8Array(), length = value.length) {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(type, 0);
  head.writeUInt16LE(length, 2);
  return Buffer.concat([head, value]);
}

/** A Token-2022 mint: base, padding to 165, account type, entries. */
export const mint2022Bytes = (
  entries: readonly Uint8Array[],
  base: Uint8Array = mintBytes(),
  accountType = 1,
): Uint8Array =>
  Uint8Array.from(
    Buffer.concat([base, Buffer.alloc(165 - base.length), Buffer.from([accountType]), ...entries]),
  );

export const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
export const u64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
};

/** 32 zero bytes stand for nobody. */
export const key = (of: Address | null): Uint8Array =>
  of === null ? new Uint8Array(32) : bytesOfAddress(of);

/** Borsh string; `length` lies about it when given. */
export const text = (of: string | Uint8Array, length?: number): Buffer => {
  const bytes = Buffer.from(of);
  return Buffer.concat([u32(length ?? bytes.length), bytes]);
};

/** `TransferFeeConfig`: both fees with their epoch and maximum. */
export const transferFeeConfig = (
  authority: Address | null,
  olderBps: number,
  newerBps: number,
): Buffer =>
  Buffer.concat([
    key(authority),
    key(authority),
    u64(7n),
    ...[olderBps, newerBps].map((bps) => Buffer.concat([u64(605n), u64(2n ** 64n - 1n), u16(bps)])),
  ]);

/** `TokenMetadata` with no further pairs. */
export const tokenMetadata = (
  mint: Address,
  updateAuthority: Address | null,
  name: string | Uint8Array,
  symbol: string,
  uri: string,
): Buffer =>
  Buffer.concat([key(updateAuthority), key(mint), text(name), text(symbol), text(uri), u32(0)]);
