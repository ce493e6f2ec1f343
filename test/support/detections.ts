import { createHash } from 'node:crypto';

import bs58 from 'bs58';

import { type Address, addressOfBytes } from '#shared/domain/address.ts';
import type { TokenDetected } from '#shared/domain/detection.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';

/** Noon of 1 November 2026, as Unix milliseconds. */
export const DETECTED_AT_MS = Date.UTC(2026, 10, 1, 12);

/** The same address for the same name. */
export const addressNamed = (name: string): Address =>
  addressOfBytes(createHash('sha256').update(name).digest());

/** The same signature for the same name. */
export const signatureNamed = (name: string): string =>
  bs58.encode(createHash('sha512').update(name).digest());

/** A first look at a launch on Pump.fun; `name` tells mint, pool and signature apart. */
export function aDetection(
  changes: Partial<TokenDetected> & { name?: string } = {},
): TokenDetected {
  const { name = 'token', ...rest } = changes;
  const detectedAt = rest.detectedAt ?? DETECTED_AT_MS;
  return {
    version: 1,
    mint: addressNamed(`${name} mint`),
    pool: addressNamed(`${name} pool`),
    venue: 'pump-fun',
    event: 'launch',
    quoteMint: WRAPPED_SOL,
    creator: addressNamed(`${name} creator`),
    baseVault: addressNamed(`${name} base vault`),
    quoteVault: null,
    lpMint: null,
    openTime: null,
    signature: signatureNamed(name),
    slot: 400_000_000,
    blockTime: Math.floor(detectedAt / 1_000) - 1,
    detectedAt,
    source: 'webhook',
    look: 1,
    dueAt: detectedAt,
    ...rest,
  };
}
