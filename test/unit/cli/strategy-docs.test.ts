import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { loadStrategy, presetNames } from '#config/load-strategy.ts';
import { FACTORS } from '#functions/analyzer/synthesis/factors/index.ts';
import { RULE_IDS } from '#functions/analyzer/synthesis/rules/index.ts';

const text = readFileSync(new URL('../../../docs/strategy.md', import.meta.url), 'utf8');
const firstCells = [...text.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);

describe('docs/strategy.md', () => {
  it('names every rule, factor and preset, and no other', () => {
    expect(new Set(firstCells)).toEqual(
      new Set([...RULE_IDS, ...FACTORS.map(({ id }) => id), ...presetNames()]),
    );
  });

  it('has the weights of the defaults', () => {
    const { weights } = loadStrategy('balanced').synthesis;
    for (const { id } of FACTORS) expect(text).toContain(`| \`${id}\` | ${weights[id]} |`);
  });

  it('has the thresholds and stakes of the presets', () => {
    for (const name of presetNames()) {
      const { synthesis, plan } = loadStrategy(name);
      const { buy_score, min_coverage } = synthesis;
      const row = text.split('\n').find((line) => line.startsWith(`| \`${name}\` | `));
      expect(row).toContain(
        `| score ${buy_score}, coverage ${min_coverage} | ${plan.stake_sol} SOL |`,
      );
    }
  });
});
