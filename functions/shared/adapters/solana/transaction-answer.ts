import * as z from 'zod';

import { type Address, addressSchema } from '../../domain/address.ts';
import type { ChainAnswer } from '../../ports/swap-chain.ts';

const tokenBalance = z.object({
  mint: addressSchema,
  owner: addressSchema.nullish(),
  uiTokenAmount: z.object({ amount: z.string().regex(/^\d{1,20}$/) }),
});
const balances = z.array(tokenBalance).nullish();
const lamports = z.array(z.union([z.number().int().nonnegative(), z.bigint()]));

/** `getTransaction` with encoding json, as far as a fill is read from it. */
const transactionSchema = z.object({
  slot: z.number().int().nonnegative(),
  meta: z.object({
    err: z.unknown(),
    fee: z.number().int().nonnegative(),
    preBalances: lamports,
    postBalances: lamports,
    preTokenBalances: balances,
    postTokenBalances: balances,
  }),
  transaction: z.object({ message: z.object({ accountKeys: z.array(z.string()) }) }),
});

/**
 * What a transaction of ours has done to the wallet; undefined while the node does not have it, or
 * when it is not the wallet's own.
 */
export function transactionAnswer(
  result: unknown,
  wallet: Address,
  mint: Address,
): ChainAnswer | undefined {
  const parsed = transactionSchema.safeParse(result);
  if (!parsed.success) return undefined;
  const { slot, meta, transaction } = parsed.data;
  // We pay the fee of all that we sign: the wallet is the first key.
  if (transaction.message.accountKeys[0] !== wallet) return undefined;
  if (meta.err !== null && meta.err !== undefined) {
    const reason = JSON.stringify(meta.err).slice(0, 180);
    return { kind: 'failed', slot, reason, feeLamports: BigInt(meta.fee) };
  }
  const [before, after] = [meta.preBalances[0], meta.postBalances[0]];
  if (before === undefined || after === undefined) return undefined;
  const held = (list: z.infer<typeof balances>): bigint =>
    (list ?? [])
      .filter((each) => each.mint === mint && each.owner === wallet)
      .reduce((sum, { uiTokenAmount }) => sum + BigInt(uiTokenAmount.amount), 0n);
  return {
    kind: 'landed',
    slot,
    lamportsChange: BigInt(after) - BigInt(before),
    tokensChange: held(meta.postTokenBalances) - held(meta.preTokenBalances),
  };
}
