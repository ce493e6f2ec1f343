import type { DetectionSource, PoolOpening, TokenDetected } from '#shared/domain/detection.ts';
import type { Venue } from '#shared/domain/venue.ts';
import type { ChainTransaction } from './chain-transaction.ts';
import { openingsIn } from './openings.ts';

/** Which openings are worth a look: `[detector]` of the configuration. */
export type DetectionScope = {
  readonly venues: ReadonlySet<Venue>;
  /** False leaves out launches on a bonding curve. */
  readonly analyzeLaunches: boolean;
};

export type Detected = {
  /** One first look for each pool, in the order of the transactions. */
  readonly looks: readonly TokenDetected[];
  /** Openings seen whose new token could not be told. */
  readonly unresolved: number;
};

/** The pools that these transactions opened, each as its first look. */
export function detect(
  transactions: readonly ChainTransaction[],
  { venues, analyzeLaunches }: DetectionScope,
  seen: { readonly source: DetectionSource; readonly atMs: number },
): Detected {
  const byPool = new Map<string, TokenDetected>();
  let unresolved = 0;
  for (const transaction of transactions) {
    const found = openingsIn(transaction, venues);
    unresolved += found.unresolved.length;
    for (const opening of found.openings) {
      const key = `${opening.mint}/${opening.pool}`;
      const wanted = analyzeLaunches || opening.event !== 'launch';
      if (wanted && !byPool.has(key)) byPool.set(key, firstLook(opening, transaction, seen));
    }
  }
  return { looks: [...byPool.values()], unresolved };
}

const firstLook = (
  opening: PoolOpening,
  { signature, slot, blockTime }: ChainTransaction,
  { source, atMs }: { readonly source: DetectionSource; readonly atMs: number },
): TokenDetected => ({
  ...opening,
  version: 1,
  signature,
  slot,
  blockTime,
  detectedAt: atMs,
  source,
  look: 1,
  dueAt: atMs,
});
