import { mkdirSync, writeFileSync } from 'node:fs';

import type { TradingConfig } from '#config/trading-config.ts';

/** Writes the resolved configuration into the cloud assembly, as all functions get it. Answers with its path. */
export function writeResolvedConfig(assemblyDirectory: string, config: TradingConfig): string {
  const path = `${assemblyDirectory}/trading.json`;
  mkdirSync(assemblyDirectory, { recursive: true });
  writeFileSync(path, `${JSON.stringify(config, undefined, 2)}\n`);
  return path;
}
