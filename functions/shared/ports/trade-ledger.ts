import type { Address } from '../domain/address.ts';
import type { Results } from '../domain/results.ts';
import type { NextState, Trade, TradeIn } from '../domain/trade.ts';

/** What a claim is checked against, in the same transaction. */
export type ClaimLimits = {
  /** Stakes of one UTC day together. */
  readonly dailySpendLamports: bigint;
  readonly maxOpenPositions: number;
};

/** Why a claim was not granted, though the mint is free. */
export type ClaimRefusal =
  | 'budget'
  | 'positions'
  | 'halted'
  /** Losses have stopped buys, until a person resumes them or the pause after a loss is over. */
  | 'breaker';

/** `duplicate`: the mint has its trade already, and here it is. */
export type ClaimResult =
  | { readonly outcome: 'claimed'; readonly trade: TradeIn<'BUY_INTENT'> }
  | { readonly outcome: 'duplicate'; readonly trade: Trade }
  | { readonly outcome: 'refused'; readonly reason: ClaimRefusal };

/** The trades table: each trade and the books that go with it change in one transaction. */
export type TradeLedger = {
  /**
   * Takes the mint, its stake from the day's budget and a place among the open positions, all or
   * nothing, and only while the halt switch says that buys run. A mint is claimed once for ever.
   * @throws {Fault} `ledger.unavailable`
   */
  readonly claim: (
    intent: TradeIn<'BUY_INTENT'>,
    limits: ClaimLimits,
    signal: AbortSignal,
  ) => Promise<ClaimResult>;
  /** The trade of a mint as it stands now. @throws {Fault} `ledger.unavailable`, `ledger.malformed` */
  readonly find: (mint: Address, signal: AbortSignal) => Promise<Trade | undefined>;
  /**
   * Every trade that holds a place among the open positions, in no order.
   * @throws {Fault} `ledger.unavailable`, `ledger.malformed`
   */
  readonly occupying: (signal: AbortSignal) => Promise<readonly Trade[]>;
  /** What closed trades came to. @throws {Fault} `ledger.unavailable`, `ledger.malformed` */
  readonly results: (signal: AbortSignal) => Promise<Results>;
  /**
   * Moves a trade on, with the books. `superseded`: it is no longer as `from` says; nothing was
   * written. The version is raised here.
   * @throws {Fault} `trade.illegal` for a move that TRANSITIONS does not have,
   * `ledger.unavailable`.
   */
  readonly move: <From extends Trade, To extends TradeIn<NextState<From['state']>>>(
    from: From,
    to: To,
    signal: AbortSignal,
  ) => Promise<MoveResult<To>>;
};

export type MoveResult<To extends Trade> =
  | { readonly outcome: 'moved'; readonly trade: To }
  | { readonly outcome: 'superseded' };
