import type { AbandonCause } from '#shared/domain/trade.ts';
import type { TradeLedger } from '#shared/ports/trade-ledger.ts';
import type { BuyOutcome, IdleBuy } from './buy.ts';

/** Gives a trade up before anything was bought; its place and budget are free again. */
export async function abandon(
  ledger: TradeLedger,
  trade: IdleBuy,
  { cause, reason, at }: { cause: AbandonCause; reason: string; at: number },
  signal: AbortSignal,
): Promise<BuyOutcome> {
  const result = await ledger.move(
    trade,
    { ...trade, state: 'ABANDONED', cause, reason: reason.slice(0, 200), updatedAt: at },
    signal,
  );
  return result.outcome === 'moved'
    ? { kind: 'abandoned', trade: result.trade }
    : { kind: 'superseded' };
}
