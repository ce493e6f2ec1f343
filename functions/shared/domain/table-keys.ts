import type { Address } from './address.ts';

/** Names of keys and indexes, shared by the code and the CDK app. */
export const DECISIONS = {
  partitionKey: 'mint',
  sortKey: 'look',
  ttl: 'expiresAt',
  /** Index by verdict and hour: `<verdict>#<yyyy-mm-ddThh>#<shard>`, then `<decidedAt ISO>#<mint>`. */
  byVerdict: {
    indexName: 'byVerdict',
    partitionKey: 'verdictHour',
    sortKey: 'decidedAtMint',
    /** Attributes copied into the index besides its keys. */
    projected: [
      'verdict',
      'score',
      'coverage',
      'symbol',
      'venue',
      'creator',
      'reasons',
      'decidedAt',
      'latencyMs',
      'shadows',
    ],
  },
} as const;

export const TRADES = { partitionKey: 'mint' } as const;
export const STATE = { partitionKey: 'id', ttl: 'expiresAt' } as const;

/** Shards of one hour of one verdict: one takes about 500 writes a second. */
export const VERDICT_SHARDS = 4;

/** Sort key of the decisions table: the looks of a pool stand in order. */
export const lookKey = (pool: Address, look: number): string =>
  `${pool}#${String(look).padStart(2, '0')}`;

/** Partition key of the index by verdict, for the hour of `at`. */
export const verdictHourKey = (verdict: string, at: Date, shard: number): string =>
  `${verdict}#${at.toISOString().slice(0, 13)}#${shard}`;

/** A stable shard of 0..VERDICT_SHARDS-1 for a mint. */
export function verdictShard(mint: Address): number {
  let sum = 0;
  for (let index = 0; index < mint.length; index += 1) sum = (sum + mint.charCodeAt(index)) % 4096;
  return sum % VERDICT_SHARDS;
}
