import type { TradeOrder } from '#shared/domain/decision.ts';
import type { ExecuteOutcome } from './execute.ts';

/** Counters of this function. Few and without dimensions: each distinct set is billed. */
export type ExecutorCounter =
  | 'TradesOpened'
  | 'TradesAbandoned'
  | 'TradesRefusedByBudget'
  | 'TradesRefusedByPositions'
  | 'TradesRefusedByHalt'
  | 'TradesRefusedByBreaker'
  | 'TradesStale'
  | 'TradesPending'
  | 'TradesSeenAgain';

export type OutcomeReport = {
  readonly counter: ExecutorCounter;
  /** For the log line, besides the mint. Amounts as text. */
  readonly details: Readonly<Record<string, string | number>>;
  /** Decision to open trade in milliseconds; only for a trade that was opened. */
  readonly decisionToTradeMs?: number;
};

const REFUSED_COUNTERS = {
  budget: 'TradesRefusedByBudget',
  positions: 'TradesRefusedByPositions',
  halted: 'TradesRefusedByHalt',
  breaker: 'TradesRefusedByBreaker',
} as const;

/** What is counted and logged of an outcome. */
export function reportOutcome(order: TradeOrder, outcome: ExecuteOutcome): OutcomeReport {
  switch (outcome.kind) {
    case 'opened': {
      const { entry, quote, decidedAt } = outcome.trade;
      return {
        counter: 'TradesOpened',
        details: {
          costLamports: entry.costLamports.toString(),
          tokens: entry.tokens.toString(),
          router: quote.router,
          priceImpactBps: quote.priceImpactBps,
        },
        decisionToTradeMs: Math.max(0, entry.openedAt - decidedAt),
      };
    }
    case 'abandoned': {
      const { cause, reason } = outcome.trade;
      return { counter: 'TradesAbandoned', details: { cause, reason } };
    }
    case 'refused':
      return {
        counter: REFUSED_COUNTERS[outcome.reason],
        details: { stakeLamports: order.plan.stakeLamports.toString() },
      };
    case 'stale':
      return { counter: 'TradesStale', details: { ageMs: outcome.ageMs } };
    case 'duplicate':
      return { counter: 'TradesSeenAgain', details: { state: outcome.state } };
    case 'pending':
      return { counter: 'TradesPending', details: {} };
    case 'superseded':
      return { counter: 'TradesSeenAgain', details: {} };
  }
}
