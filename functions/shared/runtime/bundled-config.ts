import { readFileSync } from 'node:fs';

import { parseTradingConfig } from '#config/parse-trading-config.ts';
import type { TradingConfig } from '#config/trading-config.ts';

/**
 * The configuration that was resolved at synth and lies beside the bundle.
 * @throws {Fault} `config.invalid` when the bundle is older than its configuration's schema.
 */
export const bundledConfig = (): TradingConfig =>
  parseTradingConfig(JSON.parse(readFileSync(new URL('./trading.json', import.meta.url), 'utf8')));
