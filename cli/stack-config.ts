import { readFileSync } from 'node:fs';

import * as z from 'zod';

import { loadTradingConfig } from '#config/load-trading-config.ts';
import { parseTradingConfig } from '#config/parse-trading-config.ts';
import { strategyOf, strategyVersion } from '#config/strategy.ts';
import type { TradingConfig } from '#config/trading-config.ts';
import type { VersionedStrategy } from '#functions/analyzer/synthesis/synthesize.ts';
import { LOCAL_STACK_FILE } from './connection.ts';

/** What the local stack says of its configuration: the path of the resolved `trading.json`. */
const localConfigSchema = z.object({ configPath: z.string().optional() });
/** The stage that the project's own configuration belongs to. */
const DEFAULT_STAGE = 'paper';

/**
 * The configuration of a deployed stage, of the local stack that runs, or else the project's own.
 * @throws {Fault} `config.invalid`
 */
export function stackConfig({
  stage,
  localFile = LOCAL_STACK_FILE,
}: {
  readonly stage?: string | undefined;
  readonly localFile?: string;
}): TradingConfig {
  const path = stage === undefined ? localConfigPath(localFile) : undefined;
  return path === undefined
    ? loadTradingConfig({ stage: stage ?? DEFAULT_STAGE })
    : parseTradingConfig(JSON.parse(readFileSync(path, 'utf8')));
}

function localConfigPath(localFile: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(localFile, 'utf8');
  } catch {
    // No local stack runs: `connect` says so where one is needed.
    return undefined;
  }
  return localConfigSchema.parse(JSON.parse(text)).configPath;
}

/** The strategy of a configuration, with its version. */
export function versionedStrategy(config: TradingConfig): VersionedStrategy {
  const strategy = strategyOf(config);
  return { strategy, version: strategyVersion(strategy) };
}
