import { readFileSync } from 'node:fs';

import { parse } from 'smol-toml';

import { Fault } from '#shared/domain/fault.ts';

/** A TOML document as it was read: any keys, nothing checked. */
export type TomlTable = Readonly<Record<string, unknown>>;

/** Reads a TOML file. @throws {Fault} `config.invalid` when there is none, or it is no TOML. */
export function readToml(path: string): TomlTable {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('config.invalid', { issues: [`${path}: ${why}`] }, { cause });
  }
}

/** Lays one document over another: tables are merged key by key, all else, lists too, is replaced. */
export function laidOver(under: TomlTable, over: TomlTable): TomlTable {
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isTable(below) && isTable(value) ? laidOver(below, value) : value;
  }
  return merged;
}

const isTable = (value: unknown): value is TomlTable =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
