import type { SellOrder, TradeIn } from '#shared/domain/trade.ts';

/** A position at one moment. */
export type PositionView = {
  readonly trade: TradeIn<'OPEN'>;
  /** Price in basis points of the entry price; undefined when it is not known now. */
  readonly multipleBps: number | undefined;
  /** Dollars in the pool; undefined when not known now. */
  readonly liquidityUsd: number | undefined;
  /** Unix milliseconds. */
  readonly nowMs: number;
};

/**
 * Says what to sell, or nothing. Pure: no clock, no network. An unknown price fires no rule of price.
 */
export type ExitRule = (position: PositionView) => SellOrder | undefined;
