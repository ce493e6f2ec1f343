import { createHash } from 'node:crypto';

import type { Strategy, TradingConfig } from './trading-config.ts';

/** The part of the configuration that the synthesis reads. */
export const strategyOf = ({ synthesis, plan }: TradingConfig): Strategy => ({ synthesis, plan });

/** First 12 hex digits of the SHA-256 of the strategy's content, keys in order. */
export const strategyVersion = (strategy: Strategy): string =>
  createHash('sha256').update(canonicalJson(strategy)).digest('hex').slice(0, 12);

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
