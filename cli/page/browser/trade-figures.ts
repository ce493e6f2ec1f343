import type { TradeRow, Trades } from '../protocol.ts';

/** A point of the profit-and-loss curve: what was realised up to then, in SOL. */
export type ProfitPoint = { readonly at: number; readonly totalSol: number };

export type TradeFigures = {
  readonly open: number;
  readonly closed: number;
  readonly abandoned: number;
  /** 0..1 of the closed trades that made a profit; null before the first. */
  readonly wonShare: number | null;
  readonly realisedSol: number;
  /** Cost of what is still held. */
  readonly heldCostSol: number;
  /** Steps, oldest first. */
  readonly curve: readonly ProfitPoint[];
};

/** A place among the open positions, as the books count it. */
export const isOpenTrade = ({ phase }: TradeRow): boolean =>
  phase !== 'closed' && phase !== 'abandoned';

/** Sums over all trades. Exits carry their part; fees that failed attempts lost come on top. */
export function tradeFigures(trades: Trades['trades']): TradeFigures {
  const closed = trades.filter(({ phase }) => phase === 'closed');
  const won = closed.filter(({ realisedSol }) => (realisedSol ?? 0) > 0).length;
  const steps = trades.flatMap(profitSteps).sort((a, b) => a.at - b.at);
  let totalSol = 0;
  const curve = steps.map(({ at, bySol }) => {
    totalSol += bySol;
    return { at, totalSol };
  });
  return {
    open: trades.filter(isOpenTrade).length,
    closed: closed.length,
    abandoned: trades.filter(({ phase }) => phase === 'abandoned').length,
    wonShare: closed.length === 0 ? null : won / closed.length,
    realisedSol: trades.reduce((sum, trade) => sum + (trade.realisedSol ?? 0), 0),
    heldCostSol: trades.reduce(
      (sum, trade) =>
        isOpenTrade(trade) ? sum + (trade.costSol ?? 0) * (trade.heldShare ?? 0) : sum,
      0,
    ),
    curve,
  };
}

/** What a trade adds to the curve, and when: its sells, and at its end what they do not explain. */
function profitSteps({ exits, realisedSol, closedAt }: TradeRow): { at: number; bySol: number }[] {
  if (realisedSol === null) return [];
  const steps = exits.map((exit) => ({ at: exit.soldAt, bySol: exit.realisedSol }));
  const rest = realisedSol - steps.reduce((sum, { bySol }) => sum + bySol, 0);
  const at = closedAt ?? steps.at(-1)?.at;
  return at === undefined || Math.abs(rest) < 1e-9 ? steps : [...steps, { at, bySol: rest }];
}
