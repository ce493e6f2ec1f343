import * as z from 'zod';

import type { Address } from './address.ts';

const balanceSchema = z.object({
  mint: z.string(),
  owner: z.string().optional(),
  uiTokenAmount: z.object({ amount: z.string().regex(/^\d{1,20}$/) }),
});
const transactionSchema = z.object({
  meta: z.object({
    preTokenBalances: z.array(balanceSchema).nullish(),
    postTokenBalances: z.array(balanceSchema).nullish(),
  }),
});

/**
 * Owners whose balance of the mint grew in a transaction, as `getTransaction` answers it (any JSON
 * encoding). Undefined when the answer does not carry its token balances.
 */
export function tokenGainers(transaction: unknown, mint: Address): readonly string[] | undefined {
  const parsed = transactionSchema.safeParse(transaction);
  if (!parsed.success) return undefined;
  const { preTokenBalances, postTokenBalances } = parsed.data.meta;
  const before = amountsByOwner(preTokenBalances ?? [], mint);
  const after = amountsByOwner(postTokenBalances ?? [], mint);
  return [...after].flatMap(([owner, amount]) =>
    amount > (before.get(owner) ?? 0n) ? [owner] : [],
  );
}

function amountsByOwner(
  balances: readonly z.infer<typeof balanceSchema>[],
  mint: Address,
): ReadonlyMap<string, bigint> {
  const amounts = new Map<string, bigint>();
  for (const { mint: of, owner, uiTokenAmount } of balances) {
    if (of !== mint || owner === undefined) continue;
    amounts.set(owner, (amounts.get(owner) ?? 0n) + BigInt(uiTokenAmount.amount));
  }
  return amounts;
}
