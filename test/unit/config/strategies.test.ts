import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';

import { afterAll, describe, expect, it } from 'vitest';

import { loadStrategy, presetNames, strategyLayer } from '#config/load-strategy.ts';
import { loadTradingConfig } from '#config/load-trading-config.ts';
import { parseTradingConfig } from '#config/parse-trading-config.ts';
import { strategyOf, strategyVersion } from '#config/strategy.ts';
import { Fault } from '#shared/domain/fault.ts';
import { synthesizeTradingDecision } from '#functions/analyzer/synthesis/synthesize.ts';
import { generatedEvidence } from '../../../bench/generated-evidence.ts';

const trading = readFileSync(new URL('../../../config/trading.toml', import.meta.url), 'utf8');
const folder = mkdtempSync(`${tmpdir()}/volley-strategies-`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (text: string): string => {
  const path = `${mkdtempSync(`${folder}/`)}/mine.toml`;
  writeFileSync(path, text);
  return path;
};

/** The configuration with the stage's file and the base file changed. */
function load({ base = trading, stage = '' }: { base?: string; stage?: string }) {
  const directory = mkdtempSync(`${folder}/`);
  writeFileSync(`${directory}/trading.toml`, base);
  writeFileSync(`${directory}/trading.trial.toml`, stage);
  return loadTradingConfig({ stage: 'trial', directory });
}

function issuesOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof Fault && error.code === 'config.invalid') {
      return (error as Fault<'config.invalid'>).context.issues;
    }
    throw error;
  }
  throw new Error('it was accepted');
}

describe('the presets', () => {
  it('are three, and pass the schema', () => {
    expect(presetNames()).toEqual(['balanced', 'cautious', 'degen']);
    for (const name of presetNames())
      expect(loadStrategy(name).synthesis.buy_score).toBeGreaterThan(0);
  });

  it('explain every value that differs', () => {
    for (const name of presetNames()) {
      const toml = readFileSync(
        new URL(`../../../config/strategies/${name}.toml`, import.meta.url),
        'utf8',
      );
      const lines = toml.split('\n');
      const bare = lines.filter(
        (line, at) => /^[\w-]+ = /.test(line) && !(lines[at - 1] ?? '').startsWith('# '),
      );
      expect(bare).toEqual([]);
    }
  });

  it('say nothing that the defaults say already', () => {
    const leaves = (at: string, value: unknown): [string, string][] =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value).flatMap(([key, inner]) => leaves(`${at}.${key}`, inner))
        : [[at, JSON.stringify(value)]];
    const said = new Map(leaves('', loadStrategy('balanced')));
    for (const name of presetNames()) {
      const again = leaves('', strategyLayer(name)).filter(
        ([key, value]) => said.get(key) === value,
      );
      expect(again).toEqual([]);
    }
  });

  it('are as bold as their names', () => {
    const defaults = loadStrategy('balanced');
    expect(defaults).toEqual(strategyOf(loadTradingConfig({ stage: 'paper' })));
    for (const name of ['cautious', 'degen']) {
      const { synthesis, plan } = loadStrategy(name);
      expect(synthesis.buy_score).not.toBe(defaults.synthesis.buy_score);
      expect(plan.stake_sol).not.toBe(defaults.plan.stake_sol);
      expect(synthesis.weights).toEqual(defaults.synthesis.weights);
    }
  });

  it('buy more the bolder they are: whatever a cautious one buys, the next one buys too', () => {
    const [cautious, balanced, degen] = ['cautious', 'balanced', 'degen'].map((name) => ({
      version: name,
      strategy: loadStrategy(name),
    }));
    const bought = { cautious: 0, balanced: 0, degen: 0 };
    for (const { evidence } of generatedEvidence(3_000, 7)) {
      const [first, second, third] = [cautious, balanced, degen].map(
        (strategy) => synthesizeTradingDecision(evidence, strategy!).shouldTrade,
      );
      expect(first === true && second !== true).toBe(false);
      expect(second === true && third !== true).toBe(false);
      bought.cautious += Number(first);
      bought.balanced += Number(second);
      bought.degen += Number(third);
    }
    expect(bought.cautious).toBeGreaterThan(50);
    expect(bought.balanced).toBeGreaterThan(2 * bought.cautious);
    expect(bought.degen).toBeGreaterThan(bought.balanced);
  });

  it('never loosen what robs: authorities, fees, extensions, the token program', () => {
    const { rules: sane } = loadStrategy('balanced').synthesis;
    for (const name of presetNames()) {
      const { rules } = loadStrategy(name).synthesis;
      for (const id of [
        'token-program',
        'mint-authority',
        'freeze-authority',
        'transfer-fee',
        'extensions',
      ] as const) {
        expect(rules[id]).toEqual(sane[id]);
      }
    }
  });
});

const withPreset = (name: string) =>
  trading.replace('strategy = "balanced"', `strategy = "${name}"`);

describe('the layers', () => {
  it('the preset wins over trading.toml, a single key of the stage wins over both', () => {
    const base = withPreset('degen');
    const degen = loadStrategy('degen');
    expect(strategyOf(load({ base }))).toEqual(degen);
    const { synthesis, plan } = load({ base, stage: '[synthesis]\nbuy_score = 51' });
    expect(synthesis).toEqual({ ...degen.synthesis, buy_score: 51 });
    expect(plan).toEqual(degen.plan);
  });

  it('the file of the stage may choose the preset', () => {
    expect(strategyOf(load({ stage: 'strategy = "cautious"' }))).toEqual(loadStrategy('cautious'));
  });

  it('with "balanced" every key of trading.toml counts', () => {
    const base = trading.replace('buy_score = 60', 'buy_score = 61');
    expect(load({ base }).synthesis.buy_score).toBe(61);
  });

  it('a preset has the same version in every stage', () => {
    const chosen = strategyOf(load({ stage: 'mode = "paper"\nstrategy = "degen"' }));
    expect(strategyVersion(chosen)).toBe(strategyVersion(loadStrategy('degen')));
    expect(strategyVersion(chosen)).not.toBe(strategyVersion(loadStrategy('balanced')));
  });

  it('carries the shadows whole, and reads them back from JSON', () => {
    const config = load({ stage: '[shadow]\nstrategies = ["degen"]' });
    expect(config.shadow.strategies).toEqual([{ name: 'degen', ...loadStrategy('degen') }]);
    expect(parseTradingConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
  });
});

describe('what is wrong is told', () => {
  it('an unknown preset, with those there are', () => {
    expect(issuesOf(() => load({ stage: 'strategy = "reckless"' }))).toEqual([
      'strategy is "reckless": balanced, cautious, degen (the files of config/strategies)',
    ]);
    expect(issuesOf(() => load({ stage: '[shadow]\nstrategies = ["degen", "bold"]' }))).toEqual([
      'shadow.strategies.1 is "bold": balanced, cautious, degen (the files of config/strategies)',
    ]);
  });

  it('the same shadow twice', () => {
    const [issue] = issuesOf(() => load({ stage: '[shadow]\nstrategies = ["degen", "degen"]' }));
    expect(issue).toMatch(/^shadow\.strategies is .*: each strategy once$/);
  });

  it.each<[string, RegExp]>([
    ['[synthesis]\nbuy_score = 101', /^mine\.toml: synthesis\.buy_score is 101: .*<=100$/],
    ['[plan]\nstop_loss_bps = 0', /^mine\.toml: plan\.stop_loss_bps is 0: .*>=1$/],
    ['[synthesis]\nbuy_scor = 1', /^mine\.toml: synthesis .*buy_scor/],
    [
      '[[plan.take_profit]]\nat_multiple_bps = 20_000\nsell_bps = 6_000\n[[plan.take_profit]]\nat_multiple_bps = 30_000\nsell_bps = 6_000',
      /^mine\.toml: plan\.take_profit is 12000: .*more than the whole/,
    ],
    ['[limits]\ndaily_spend_sol = 1', /limits: a strategy has \[synthesis\] and \[plan\] only$/],
    ['buy_score =', /mine\.toml: /],
  ])('%s', (toml, told) => {
    const [issue] = issuesOf(() => loadStrategy(file(toml)));
    expect(issue).toMatch(told);
  });

  it('a file that is not there', () => {
    expect(issuesOf(() => loadStrategy('./nowhere.toml'))[0]).toMatch(/nowhere\.toml: .*ENOENT/);
  });
});
