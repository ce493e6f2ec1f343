import { ByteReader } from './byte-reader.ts';
import { VENUE_PROGRAMS } from './venue.ts';

/** Reserves of a Pump.fun bonding curve: base units of the token; of the quote, lamports if it is SOL. */
export type PumpCurve = {
  readonly virtualTokenReserves: bigint;
  readonly virtualSolReserves: bigint;
  readonly realTokenReserves: bigint;
  readonly realSolReserves: bigint;
  /** The curve is sold out: the token has graduated. */
  readonly complete: boolean;
};

/** First eight bytes of SHA-256("account:BondingCurve"). */
const DISCRIMINATOR = [0x17, 0xb7, 0xf8, 0x37, 0x60, 0xd8, 0xac, 0x60];

/** Decodes the curve's account by its leading fields; undefined when it is none. Source: Pump IDL. */
export function decodePumpCurve(owner: string, data: Uint8Array): PumpCurve | undefined {
  if (owner !== VENUE_PROGRAMS['pump-fun'] || data.length < 49) return undefined;
  if (DISCRIMINATOR.some((byte, index) => data[index] !== byte)) return undefined;
  const reader = new ByteReader(data, 8);
  const virtualTokenReserves = reader.u64();
  const virtualSolReserves = reader.u64();
  const realTokenReserves = reader.u64();
  const realSolReserves = reader.u64();
  reader.skip(8);
  return {
    virtualTokenReserves,
    virtualSolReserves,
    realTokenReserves,
    realSolReserves,
    complete: reader.u8() === 1,
  };
}
