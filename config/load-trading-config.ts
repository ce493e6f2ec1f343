import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { parse } from 'smol-toml';

import { Fault } from '#shared/domain/fault.ts';
import { parseTradingConfig } from './parse-trading-config.ts';
import type { TradingConfig } from './trading-config.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

export type ConfigSource = {
  /** Name of the stage: `trading.<stage>.toml` is laid over `trading.toml` where it exists. */
  readonly stage: string;
  /** A further TOML file laid over both; the local stack writes its addresses into one. */
  readonly overlayPath?: string | undefined;
  /** Folder of the files; the project's own `config/` when left out. */
  readonly directory?: string;
};

/**
 * Reads, merges and checks the configuration.
 * @throws {Fault} `config.invalid`, one issue for each wrong key: the key, its value, what is allowed.
 */
export function loadTradingConfig({
  stage,
  overlayPath,
  directory = folder,
}: ConfigSource): TradingConfig {
  const stagePath = `${directory}/trading.${stage}.toml`;
  const layers = [
    readToml(`${directory}/trading.toml`),
    ...(existsSync(stagePath) ? [readToml(stagePath)] : []),
    ...(overlayPath === undefined ? [] : [readToml(overlayPath)]),
  ];
  return parseTradingConfig(layers.reduce(merge));
}

function readToml(path: string): Record<string, unknown> {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('config.invalid', { issues: [`${path}: ${why}`] }, { cause });
  }
}

/** Tables are merged key by key; every other value, lists included, is replaced. */
function merge(
  under: Record<string, unknown>,
  over: Record<string, unknown>,
): Record<string, unknown> {
  const merged = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isTable(below) && isTable(value) ? merge(below, value) : value;
  }
  return merged;
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
