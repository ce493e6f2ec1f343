import type { Clock } from '#shared/ports/clock.ts';
import type { TradeLedger } from '#shared/ports/trade-ledger.ts';
import type { FinishBuy } from './watch-positions.ts';

export type OrphanedBuyDeps = {
  readonly ledger: TradeLedger;
  readonly clock: Clock;
  /** Age of the decision from which nobody else comes back for its claim. */
  readonly orphanedAfterMs: number;
};

/** Gives up claims that were never signed and that no redelivery will come for. */
export const giveUpOrphaned =
  ({ ledger, clock, orphanedAfterMs }: OrphanedBuyDeps): FinishBuy =>
  async (trade, signal) => {
    // Signed bytes may land: they are never given up, only answered.
    if (trade.state === 'BUY_SIGNED' || trade.state === 'BUY_SENT') return 'waits for its answer';
    const now = clock.now();
    const ageMs = now - trade.decidedAt;
    if (ageMs < orphanedAfterMs) return 'is left to the executor';
    const reason = `nobody finished it in ${Math.round(ageMs / 1_000)} s`;
    const { mint, state: _state, ...rest } = trade;
    const next = {
      ...rest,
      mint,
      state: 'ABANDONED',
      cause: 'stale',
      reason,
      updatedAt: now,
    } as const;
    const moved = await ledger.move(trade, next, signal);
    return moved.outcome === 'moved' ? 'abandoned' : 'superseded';
  };
