import { existsSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Fault } from '#shared/domain/fault.ts';
import { issueLines } from './parse-trading-config.ts';
import { type TomlTable, laidOver, readToml } from './toml-layers.ts';
import { type Strategy, strategySchema } from './trading-config.ts';

/** Folder of `trading.toml`. */
const projectFolder = fileURLToPath(new URL('.', import.meta.url));
const presetsFolder = `${projectFolder}strategies`;

/** Names of the presets: the files of `config/strategies`. */
export const presetNames = (): string[] =>
  readdirSync(presetsFolder)
    .filter((file) => file.endsWith('.toml'))
    .map((file) => file.slice(0, -'.toml'.length))
    .sort();

/**
 * What a preset or a TOML file lays over `[synthesis]` and `[plan]`.
 * @throws {Fault} `config.invalid`: no such preset, no TOML, or keys besides those two tables.
 */
export function strategyLayer(nameOrPath: string, key = 'strategy'): TomlTable {
  const layer = readToml(pathOf(nameOrPath, key));
  const others = Object.keys(layer).filter((name) => name !== 'synthesis' && name !== 'plan');
  if (others.length === 0) return layer;
  const issues = [
    `${nameOrPath}: ${others.join(', ')}: a strategy has [synthesis] and [plan] only`,
  ];
  throw new Fault('config.invalid', { issues });
}

/**
 * A whole strategy: the preset of that name, or the TOML file at that path, laid over `[synthesis]`
 * and `[plan]` of `trading.toml`; the same for every stage.
 * @throws {Fault} `config.invalid`: for each wrong key its name, its value and what is allowed.
 */
export function loadStrategy(
  nameOrPath: string,
  {
    key = 'strategy',
    directory = projectFolder,
  }: { readonly key?: string; readonly directory?: string } = {},
): Strategy {
  const layer = strategyLayer(nameOrPath, key);
  const { synthesis, plan } = readToml(`${directory}/trading.toml`);
  const parsed = strategySchema.safeParse(laidOver({ synthesis, plan }, layer), {
    reportInput: true,
  });
  if (parsed.success) return parsed.data;
  const file = basename(pathOf(nameOrPath, key));
  const issues = issueLines(parsed.error).map((issue) => `${file}: ${issue}`);
  throw new Fault('config.invalid', { issues });
}

/** A name without a folder is a preset; anything else is a file. */
function pathOf(nameOrPath: string, key: string): string {
  const preset = `${presetsFolder}/${nameOrPath}.toml`;
  if (/^[a-z][a-z0-9-]*$/.test(nameOrPath) && existsSync(preset)) return preset;
  if (/[./\\]/.test(nameOrPath)) return nameOrPath;
  const issues = [
    `${key} is "${nameOrPath}": ${presetNames().join(', ')} (the files of config/strategies)`,
  ];
  throw new Fault('config.invalid', { issues });
}
