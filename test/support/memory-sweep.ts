import type { Address } from '#shared/domain/address.ts';
import type { ChainHistory, ListedTransaction } from '#shared/ports/chain-history.ts';
import type { DecisionLookup } from '#shared/ports/decision-lookup.ts';
import type { SweepCursor, SweepCursors } from '#shared/ports/sweep-cursors.ts';

export const memorySweepCursors = (): SweepCursors & {
  readonly at: Map<Address, SweepCursor>;
} => {
  const at = new Map<Address, SweepCursor>();
  return {
    at,
    read: async (account) => at.get(account),
    async move(account, to) {
      if ((at.get(account)?.slot ?? 0) <= to.slot) {
        at.set(account, { ...to, signature: to.signature ?? at.get(account)?.signature ?? null });
      }
    },
  };
};

/** Decisions by `mint/pool/look`. */
export const memoryDecisionLookup = (): DecisionLookup & { readonly decided: Set<string> } => {
  const decided = new Set<string>();
  return {
    decided,
    undecided: async (looks) =>
      looks.filter(({ mint, pool, look }) => !decided.has(`${mint}/${pool}/${look}`)),
  };
};

/** A transaction that landed: how it is listed, and what `getTransaction` answers. */
export type Landed = ListedTransaction & { readonly body: unknown };

export type MemoryChain = ChainHistory & {
  /** What each account was named by, oldest first. */
  readonly landed: Map<Address, Landed[]>;
  readonly land: (account: Address, transaction: Landed) => void;
  /** Calls made, for the cost. */
  readonly calls: { list: number; transaction: number };
  /** Called before each answer: throws where the RPC fails. */
  fail: (method: 'list' | 'transaction') => void;
  /** True for a transaction that the node does not have yet. */
  missing: (signature: string) => boolean;
};

/** The chain's past in memory, listed as `getSignaturesForAddress` lists it. */
export function memoryChain(): MemoryChain {
  const landed = new Map<Address, Landed[]>();
  const calls = { list: 0, transaction: 0 };
  return {
    landed,
    calls,
    fail: () => undefined,
    missing: () => false,
    land(account, transaction) {
      landed.set(account, [...(landed.get(account) ?? []), transaction]);
    },
    async list(account, { before, until, limit }) {
      calls.list += 1;
      this.fail('list');
      const newestFirst = (landed.get(account) ?? []).toReversed();
      const indexOf = (signature: string | undefined): number =>
        newestFirst.findIndex((transaction) => transaction.signature === signature);
      // As the node does: an unknown `before` lists nothing, an unknown `until` has no effect.
      const from = before === undefined ? 0 : indexOf(before) + 1 || newestFirst.length;
      const to = indexOf(until) === -1 ? newestFirst.length : indexOf(until);
      return newestFirst
        .slice(from, Math.max(from, to))
        .slice(0, limit)
        .map(({ signature, slot, blockTime, failed }) => ({ signature, slot, blockTime, failed }));
    },
    async transaction(signature) {
      calls.transaction += 1;
      this.fail('transaction');
      if (this.missing(signature)) return null;
      const found = [...landed.values()].flat().find((one) => one.signature === signature);
      return found?.body ?? null;
    },
  };
}
