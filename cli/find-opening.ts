import * as z from 'zod';

import { type RpcClient } from '#shared/adapters/solana/rpc-client.ts';
import type { JsonClient } from '#shared/adapters/http/json-client.ts';
import { type Address, addressSchema } from '#shared/domain/address.ts';
import type { Decision } from '#shared/domain/decision.ts';
import type { PoolOpening } from '#shared/domain/detection.ts';
import { reasonOf } from '#shared/domain/fault.ts';
import { type Venue, WRAPPED_SOL } from '#shared/domain/venue.ts';
import { type ListedPool, deepestPool } from './dexscreener-pools.ts';

/** A pool to analyse, and in a sentence where it is known from when no detection told it. */
export type FoundOpening = {
  readonly opening: PoolOpening;
  readonly from: 'decisions' | 'dexscreener' | 'unknown';
  readonly note: string | undefined;
};

/** Venues whose pools own their vaults themselves; the others keep them under a shared authority. */
const OWN_VAULTS: ReadonlySet<Venue> = new Set([
  'pump-swap',
  'raydium-clmm',
  'meteora-dlmm',
  'orca-whirlpool',
]);

/** The pool of a mint: that of its last stored look, else the deepest one listed, else unknown. */
export async function findOpening(
  mint: Address,
  stored: Decision | undefined,
  { dexscreener, rpc }: { readonly dexscreener: JsonClient; readonly rpc: RpcClient },
  signal: AbortSignal,
): Promise<FoundOpening> {
  if (stored !== undefined) {
    return { opening: stored.opening, from: 'decisions', note: undefined };
  }
  let listed: ListedPool | undefined;
  try {
    listed = await deepestPool(dexscreener, mint, signal);
  } catch (error) {
    return unknownPool(mint, `DexScreener did not answer (${reasonOf(error)})`);
  }
  if (listed === undefined) return unknownPool(mint, 'DexScreener lists none');
  const { venue, pool, quoteMint } = listed;
  const vaults = await vaultsOf(listed, mint, rpc, signal);
  return {
    opening: {
      ...blankOpening(mint),
      pool,
      venue,
      event: venue === 'pump-fun' ? 'launch' : 'pool',
      quoteMint,
      ...vaults,
    },
    from: 'dexscreener',
    note:
      `no look at it is stored: took the deepest pool that DexScreener lists, ${pool} on ${venue}` +
      (vaults.quoteVault === null && venue !== 'pump-fun'
        ? '; its vaults are not known, so its liquidity stays unknown'
        : ''),
  };
}

const unknownPool = (mint: Address, why: string): FoundOpening => ({
  opening: blankOpening(mint),
  from: 'unknown',
  note: `no look at it is stored, and ${why}: its pool and liquidity stay unknown`,
});

const blankOpening = (mint: Address): PoolOpening => ({
  mint,
  pool: mint,
  venue: 'unknown',
  event: 'pool',
  quoteMint: WRAPPED_SOL,
  creator: null,
  baseVault: null,
  quoteVault: null,
  lpMint: null,
  openTime: null,
});

const accountsSchema = z.object({ value: z.array(z.object({ pubkey: addressSchema })) });

/** The pool's token accounts of both mints, where the pool owns them. */
async function vaultsOf(
  { venue, pool, quoteMint }: ListedPool,
  mint: Address,
  rpc: RpcClient,
  signal: AbortSignal,
): Promise<Pick<PoolOpening, 'baseVault' | 'quoteVault'>> {
  if (!OWN_VAULTS.has(venue)) return { baseVault: null, quoteVault: null };
  const accountOf = async (of: Address): Promise<Address | null> => {
    const config = { encoding: 'base64', commitment: 'confirmed' };
    const result = await rpc.call('getTokenAccountsByOwner', [pool, { mint: of }, config], signal);
    return accountsSchema.safeParse(result).data?.value[0]?.pubkey ?? null;
  };
  try {
    const [baseVault, quoteVault] = await Promise.all([accountOf(mint), accountOf(quoteMint)]);
    return { baseVault, quoteVault };
  } catch {
    // The note tells that the vaults are not known; the analysis goes on without them.
    return { baseVault: null, quoteVault: null };
  }
}
