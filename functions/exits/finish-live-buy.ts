import { type SettleBuyDeps, settleBuy } from '#shared/swap/settle-buy.ts';
import { type OrphanedBuyDeps, giveUpOrphaned } from './orphaned-buy.ts';
import type { FinishBuy } from './watch-positions.ts';

/** Answers for buys that were signed and whose executor is gone; gives up what never was. */
export const finishLiveBuy =
  (deps: SettleBuyDeps & OrphanedBuyDeps & { readonly patienceMs: number }): FinishBuy =>
  async (trade, signal) => {
    if (trade.state !== 'BUY_SIGNED' && trade.state !== 'BUY_SENT') {
      return giveUpOrphaned(deps)(trade, signal);
    }
    const settled = await settleBuy(deps, trade, deps.patienceMs, signal);
    return settled.kind === 'settled' ? settled.trade.state : settled.kind;
  };
