import { type Address, address } from '#shared/domain/address.ts';
import { VENUE_PROGRAMS } from '#shared/domain/venue.ts';
import { addressBytes } from '../chain/address-bytes.ts';
import { ByteWriter } from '../chain/byte-writer.ts';
import { programAddress } from '../chain/program-address.ts';

/** Constants of Pump.fun and PumpSwap, as recorded transactions name them. */
export const PUMP = {
  program: VENUE_PROGRAMS['pump-fun'],
  mintAuthority: address('TSLvdd1pWpHVjahSpsvCXUbgwsL3JAcvokwaKt1eokM'),
  withdrawAuthority: address('39azUYFWPz3VHgKCf3VChUwbpURdCHRxjWVowf5jUJjg'),
  global: address('4wTV1YmiEkRvAtNtsSGPtUrqRYQMe5SKy2uB4Jjaxnjf'),
  eventAuthority: address('Ce6TQqeHC9p8KetsN6JsjHK7UTZk7nasjjnr7XxXp9F1'),
  mayhemProgram: address('MAyhSmzXzV1pTf7LsNkrNwkWKTo4ougAJ1PPg47MD4e'),
  mayhemParameters: address('13ec7XdrjF3h3YcqBTFDSReRcUFwbCnJaAQspM4j6DDJ'),
  mayhemSolVault: address('BwWK17cbHxwWBKZkUYvzxLcNQ1YVyaFezduWbtm2de6s'),
  swapProgram: VENUE_PROGRAMS['pump-swap'],
  swapGlobalConfig: address('ADyA8hdefvWN2dbGGWFotbzWxrAvLW83WG6QCVXvJKqw'),
  swapEventAuthority: address('GS4CU59F31iL7aR2Q8zVS8DRrcRnXX1yjQ66TqNVQnaR'),
} as const;

/** How a Pump.fun curve starts (base units and lamports): PP docs/PUMP_PROGRAM_README.md. */
export const CURVE = {
  supply: 1_000_000_000_000_000n,
  virtualTokens: 1_073_000_000_000_000n,
  virtualLamports: 30_000_000_000n,
  /** What the curve sells before it graduates. */
  realTokens: 793_100_000_000_000n,
  /** What goes into the pool of a graduate. */
  graduatedTokens: 206_900_000_000_000n,
} as const;

export const curveAddress = (mint: Address): Address =>
  programAddress(['bonding-curve', addressBytes(mint)], PUMP.program);

/** Base units that the curve has sold when so many lamports are in it. */
export const soldAt = (lamports: bigint): bigint =>
  CURVE.virtualTokens -
  (CURVE.virtualTokens * CURVE.virtualLamports) / (CURVE.virtualLamports + lamports);

/** Lamports in the curve when so many base units are sold. */
export const lamportsAt = (sold: bigint): bigint =>
  (CURVE.virtualTokens * CURVE.virtualLamports) / (CURVE.virtualTokens - sold) -
  CURVE.virtualLamports;

/** Bytes of a bonding curve account since `extend_account`. */
const CURVE_BYTES = 151;

/** A bonding curve account: its layout as recorded in July 2026. */
export function curveAccount(of: {
  readonly sold: bigint;
  readonly lamports: bigint;
  readonly complete: boolean;
  readonly creator: Address;
}): Uint8Array {
  const data = new ByteWriter(CURVE_BYTES).hex('17b7f83760d8ac60');
  data.u64(CURVE.virtualTokens - of.sold).u64(CURVE.virtualLamports + of.lamports);
  data
    .u64(CURVE.realTokens - of.sold)
    .u64(of.lamports)
    .u64(CURVE.supply);
  data.bool(of.complete).address(of.creator);
  return data.zeros(CURVE_BYTES - data.length).done();
}
