import type { Address } from '#shared/domain/address.ts';
import { type TradeIn, tokensLeft } from '#shared/domain/trade.ts';
import { WHOLE_BPS } from '#shared/domain/units.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import type { PriceFeed, TokenPrice } from '#shared/ports/price-feed.ts';
import type { QuoteApi } from '#shared/ports/quote-api.ts';

export type PriceDeps = {
  readonly prices: PriceFeed;
  /** Asked for what the feed cannot price. */
  readonly quotes: QuoteApi;
};

/** Where a position stands. Undefined: not known now. */
export type PositionPrice = {
  /** In basis points of the entry price. */
  readonly multipleBps: number | undefined;
  readonly liquidityUsd: number | undefined;
};

/** Prices of all open positions in as few requests as there can be. */
export const pricesFor = async (
  { prices }: PriceDeps,
  open: readonly TradeIn<'OPEN'>[],
  signal: AbortSignal,
): Promise<ReadonlyMap<Address, TokenPrice>> =>
  open.length === 0
    ? new Map()
    : prices.prices(
        open.map(({ mint }) => mint),
        signal,
      );

/** The price of one position: the feed's, else what a quote for all that is left would give. */
export async function priceOf(
  { quotes }: PriceDeps,
  trade: TradeIn<'OPEN'>,
  prices: ReadonlyMap<string, TokenPrice>,
  signal: AbortSignal,
): Promise<PositionPrice> {
  const price = prices.get(trade.mint);
  if (price !== undefined) {
    const worthLamports = price.lamportsPerUnit * Number(trade.entry.tokens);
    return { multipleBps: multiple(worthLamports, trade), liquidityUsd: price.liquidityUsd };
  }
  const amount = tokensLeft(trade);
  if (amount <= 0n) return { multipleBps: undefined, liquidityUsd: undefined };
  const answer = await quotes.quote(
    {
      inputMint: trade.mint,
      outputMint: WRAPPED_SOL,
      amount,
      slippageBps: trade.plan.slippageBps,
    },
    signal,
  );
  if (answer.kind !== 'quoted') return { multipleBps: undefined, liquidityUsd: undefined };
  const worthLamports =
    (Number(answer.quote.outAmount) / Number(amount)) * Number(trade.entry.tokens);
  return { multipleBps: multiple(worthLamports, trade), liquidityUsd: undefined };
}

/** Against the stake alone: fees and rent are a cost of the trade, not a fall of the price. */
const multiple = (worthLamports: number, { quote }: TradeIn<'OPEN'>): number =>
  Math.floor((worthLamports / Number(quote.inAmount)) * WHOLE_BPS);
