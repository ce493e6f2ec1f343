import type { Chain } from '../chain/chain.ts';
import type { FaultDesk } from '../http/fault-desk.ts';
import type { Upstream } from '../http/upstream.ts';
import type { MarketToken, TokenBook } from '../openings/market-token.ts';
import type { Random } from '../random.ts';
import type { IndexDelays } from '../tokens/token-recipe.ts';

/** What the upstream APIs answer from. */
export type UpstreamContext = {
  readonly chain: Chain;
  readonly book: TokenBook;
  readonly faults: FaultDesk;
  readonly random: Random;
};

/** True when the upstream has heard of the token: it is open for long enough. */
export function isKnown(
  { chain, faults }: UpstreamContext,
  { opened, recipe }: MarketToken,
  upstream: Upstream & keyof IndexDelays,
): boolean {
  if (opened === undefined) return false;
  const delayMs = Math.max(recipe.indexDelays[upstream], faults.staleMs(upstream));
  return chain.clock.nowMs() - opened.atMs >= delayMs;
}

/** Seconds without fraction, as these APIs write times. */
export const isoTime = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
