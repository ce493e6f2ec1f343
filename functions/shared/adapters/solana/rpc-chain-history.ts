import * as z from 'zod';

import { signatureSchema } from '../../domain/detection.ts';
import { Fault } from '../../domain/fault.ts';
import type { ChainHistory } from '../../ports/chain-history.ts';
import type { RpcClient } from './rpc-client.ts';

const listingSchema = z.array(
  z.object({
    signature: signatureSchema,
    slot: z.number().int().nonnegative(),
    err: z.unknown().optional(),
    blockTime: z.number().int().nonnegative().nullish(),
  }),
);

/** Confirmed, not finalized: a dozen seconds earlier, and what it costs is a look in vain. */
const CONFIRMED = { commitment: 'confirmed' } as const;

/** The chain's past over `getSignaturesForAddress` and `getTransaction`. */
export const rpcChainHistory = (rpc: RpcClient): ChainHistory => ({
  async list(account, range, signal) {
    const result = await rpc.call(
      'getSignaturesForAddress',
      [account, { ...range, ...CONFIRMED }],
      signal,
    );
    const listing = listingSchema.safeParse(result);
    if (!listing.success) {
      throw new Fault('upstream.malformed', {
        upstream: 'rpc',
        reason: 'getSignaturesForAddress: not a list of signatures',
      });
    }
    return listing.data.map(({ signature, slot, err, blockTime }) => ({
      signature,
      slot,
      blockTime: blockTime ?? null,
      failed: err !== null && err !== undefined,
    }));
  },

  async transaction(signature, signal) {
    // Version 1 transactions are live since epoch 1035 (SIMD-0385): less answers -32015 for them.
    const options = { ...CONFIRMED, encoding: 'json', maxSupportedTransactionVersion: 1 };
    return rpc.call('getTransaction', [signature, options], signal);
  },
});
