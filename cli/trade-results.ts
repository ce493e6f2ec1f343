import { OCCUPYING_STATES } from '#shared/domain/trade-states.ts';
import { type Trade, balanceChange, lostFees } from '#shared/domain/trade.ts';
import { portion } from '#shared/domain/units.ts';

/** What trades have come to. Lamports. */
export type TradeResults = {
  readonly bought: number;
  readonly closed: number;
  readonly won: number;
  readonly stuck: number;
  readonly held: number;
  /** Of closed trades, all costs included. */
  readonly profitLamports: bigint;
  /** By what the wallet has more or less through all trades, those that are open included. */
  readonly balanceChangeLamports: bigint;
  /** Lamports that went into routers' fees, as far as quotes say, and into failed attempts. */
  readonly routerFeeLamports: bigint;
  readonly lostFeeLamports: bigint;
  /** Sells and their proceeds by the rule that sold. */
  readonly exits: Readonly<Record<string, { readonly sells: number; readonly lamports: bigint }>>;
  /** Trades that were given up before anything was bought, by cause. */
  readonly abandoned: Readonly<Record<string, number>>;
  /** Signed attempts of all trades by what became of them. */
  readonly attempts: Readonly<Record<'confirmed' | 'failed' | 'expired', number>>;
};

export function tradeResults(trades: readonly Trade[]): TradeResults {
  const held = trades.filter(({ state }) => OCCUPYING_STATES.has(state));
  const closed = trades.filter(({ state }) => state === 'CLOSED');
  const bought = trades.flatMap((trade) => ('entry' in trade ? [trade] : []));
  const exits: Record<string, { sells: number; lamports: bigint }> = {};
  for (const { cause, proceedsLamports } of bought.flatMap((trade) => trade.exits)) {
    const entry = (exits[cause] ??= { sells: 0, lamports: 0n });
    entry.sells += 1;
    entry.lamports += proceedsLamports;
  }
  const abandoned: Record<string, number> = {};
  for (const trade of trades) {
    if (trade.state !== 'ABANDONED') continue;
    abandoned[trade.cause] = (abandoned[trade.cause] ?? 0) + 1;
  }
  const ends = trades.flatMap(({ attempts }) => attempts.map(({ end }) => end.kind));
  const count = (kind: (typeof ends)[number]) => ends.filter((each) => each === kind).length;
  return {
    bought: bought.length,
    closed: closed.length,
    won: closed.filter((trade) => balanceChange(trade) > 0n).length,
    stuck: trades.filter(({ state }) => state === 'STUCK').length,
    held: held.length,
    profitLamports: sum(closed.map(balanceChange)),
    balanceChangeLamports: sum(trades.map(balanceChange)),
    routerFeeLamports: sum(bought.map(routerFees)),
    lostFeeLamports: sum(trades.map(lostFees)),
    exits,
    abandoned,
    attempts: {
      confirmed: count('confirmed'),
      failed: count('failed'),
      expired: count('expired'),
    },
  };
}

/** The fee is taken from the SOL side: of what is put in when buying, of what comes out when selling. */
const routerFees = ({ quote, exits }: Extract<Trade, { entry: unknown }>): bigint =>
  exits.reduce(
    (total, each) => total + portion(each.quote.outAmount, each.quote.feeBps),
    portion(quote.inAmount, quote.feeBps),
  );

const sum = (amounts: readonly bigint[]): bigint =>
  amounts.reduce((total, amount) => total + amount, 0n);
