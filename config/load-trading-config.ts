import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

import { loadStrategy, strategyLayer } from './load-strategy.ts';
import { parseTradingConfig } from './parse-trading-config.ts';
import { type TomlTable, laidOver, readToml } from './toml-layers.ts';
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
 * Reads, merges and checks the configuration: `trading.toml`, over it the preset that `strategy`
 * names, over that the stage's file, over that the overlay.
 * @throws {Fault} `config.invalid`, one issue for each wrong key: the key, its value, what is allowed.
 */
export function loadTradingConfig({
  stage,
  overlayPath,
  directory = folder,
}: ConfigSource): TradingConfig {
  const stagePath = `${directory}/trading.${stage}.toml`;
  const base = readToml(`${directory}/trading.toml`);
  const layers = [
    ...(existsSync(stagePath) ? [readToml(stagePath)] : []),
    ...(overlayPath === undefined ? [] : [readToml(overlayPath)]),
  ];
  const { strategy } = layers.reduce(laidOver, base);
  // Over the file that has every key, and under the ones that have single keys.
  const preset = typeof strategy === 'string' ? strategyLayer(strategy) : {};
  const document = layers.reduce(laidOver, laidOver(base, preset));
  return parseTradingConfig(withShadows(document, directory));
}

/** Puts the strategies in the place of their names: the functions have no files to look them up in. */
function withShadows(document: TomlTable, directory: string): TomlTable {
  const parsed = shadowNames.safeParse(document);
  if (!parsed.success) return document;
  const strategies = parsed.data.shadow.strategies.map((name, at) => {
    const { synthesis, plan } = loadStrategy(name, { key: `shadow.strategies.${at}`, directory });
    return { name, synthesis, plan };
  });
  return laidOver(document, { shadow: { strategies } });
}

const shadowNames = z.object({ shadow: z.object({ strategies: z.array(z.string()) }) });
