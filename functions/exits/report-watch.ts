import { balanceChange } from '#shared/domain/trade.ts';
import type { WatchEvent } from './watch-positions.ts';

/** Counters of this function. Few and without dimensions: each distinct set is billed. */
export type ExitsCounter =
  | 'PositionsSold'
  | 'PositionsClosed'
  | 'SellsWaiting'
  | 'PositionsStuck'
  | 'LooksFailed';

export type EventReport = {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly counters: readonly ExitsCounter[];
  /** For the log line, besides the mint. Amounts as text. */
  readonly details: Readonly<Record<string, string | number | null>>;
};

/** What is counted and logged of an event; undefined for what nobody needs to read. */
export function reportEvent({ trade, outcome }: WatchEvent): EventReport | undefined {
  switch (outcome.kind) {
    case 'sold': {
      const { exits, state } = outcome.trade;
      const fill = exits.at(-1);
      const closed = state === 'CLOSED';
      return {
        level: 'info',
        message: closed ? 'closed' : 'sold',
        counters: closed ? ['PositionsSold', 'PositionsClosed'] : ['PositionsSold'],
        details: {
          cause: fill?.cause ?? '',
          tokens: fill?.tokens.toString() ?? '',
          proceedsLamports: fill?.proceedsLamports.toString() ?? '',
          ...(closed ? { profitLamports: balanceChange(outcome.trade).toString() } : {}),
        },
      };
    }
    case 'waiting': {
      const { sell, state } = outcome.trade;
      const stuck = outcome.trade.state === 'STUCK';
      return {
        level: stuck ? 'error' : 'warn',
        message: stuck ? 'stuck' : 'sell waits',
        counters: stuck ? ['PositionsStuck', 'SellsWaiting'] : ['SellsWaiting'],
        details: {
          cause: sell.cause,
          tries: sell.tries ?? 0,
          reason: outcome.trade.state === 'STUCK' ? outcome.trade.reason : state,
        },
      };
    }
    case 'failed':
      return {
        level: 'error',
        message: 'look failed',
        counters: ['LooksFailed'],
        details: { state: trade.state, reason: outcome.what },
      };
    case 'bought':
      return {
        level: 'info',
        message: 'unfinished buy',
        counters: [],
        details: { what: outcome.what },
      };
    case 'pending':
    case 'superseded':
      return undefined;
  }
}
