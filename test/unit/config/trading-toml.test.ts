import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { loadTradingConfig } from '#config/load-trading-config.ts';

const toml = readFileSync(new URL('../../../config/trading.toml', import.meta.url), 'utf8');

type Knob = { readonly name: string; readonly isExplained: boolean };

/** Every `key = value` of the file, and whether a comment stands directly above or beside it. */
function knobsOf(text: string): Knob[] {
  const lines = text.split('\n');
  let table = '';
  return lines.flatMap((line, index) => {
    table = /^\[(.+)\]$/.exec(line)?.[1] ?? table;
    const key = /^([\w-]+) = /.exec(line)?.[1];
    if (key === undefined) return [];
    const isExplained = (lines[index - 1] ?? '').startsWith('#') || / # \w/.test(line);
    return [{ name: table === '' ? key : `${table}.${key}`, isExplained }];
  });
}

describe('trading.toml', () => {
  it('explains every knob, above or beside it', () => {
    const knobs = knobsOf(toml);
    expect(knobs.length).toBeGreaterThan(60);
    expect(knobs.filter(({ isExplained }) => !isExplained)).toEqual([]);
  });

  it('passes its own schema', () => {
    expect(loadTradingConfig({ stage: 'paper' }).parallel_processing.pool_size).toBe(20);
  });

  it('holds no key of an upstream, only the names of keys', () => {
    expect(toml).not.toMatch(/(api-key=|api_key = "|token = ")(?!\$\{|")/);
  });
});

describe('knobsOf', () => {
  it('finds the knob that nobody explained', () => {
    expect(knobsOf('# why\na = 1\nb = 2\n[t]\nc = 3 # why\n# of the table\n\nd = 4')).toEqual([
      { name: 'a', isExplained: true },
      { name: 'b', isExplained: false },
      { name: 't.c', isExplained: true },
      { name: 't.d', isExplained: false },
    ]);
  });
});
