import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';

import { stringify } from 'smol-toml';
import { afterAll, describe, expect, it } from 'vitest';

import { loadTradingConfig } from '#config/load-trading-config.ts';
import { strategyOf, strategyVersion } from '#config/strategy.ts';
import type { TradingConfig } from '#config/trading-config.ts';
import { Fault } from '#shared/domain/fault.ts';

type Settings = { readonly [key: string]: unknown };

const trading = readFileSync(new URL('../../../config/trading.toml', import.meta.url), 'utf8');
const folder = mkdtempSync(`${tmpdir()}/volley-config-`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The configuration of a stage, with layers of settings laid over the project's own. */
function load({ stage, overlay }: { stage?: Settings; overlay?: Settings }): TradingConfig {
  const directory = mkdtempSync(`${folder}/`);
  writeFileSync(`${directory}/trading.toml`, trading);
  if (stage !== undefined) writeFileSync(`${directory}/trading.trial.toml`, stringify(stage));
  if (overlay === undefined) return loadTradingConfig({ stage: 'trial', directory });
  const overlayPath = `${directory}/overlay.toml`;
  writeFileSync(overlayPath, stringify(overlay));
  return loadTradingConfig({ stage: 'trial', overlayPath, directory });
}

function issuesOf(overlay: Settings): readonly string[] {
  try {
    load({ overlay });
  } catch (error) {
    if (error instanceof Fault && error.code === 'config.invalid') {
      return (error as Fault<'config.invalid'>).context.issues;
    }
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('layers', () => {
  const base = load({});

  it('the file of the stage changes single keys', () => {
    const { parallel_processing } = load({ stage: { parallel_processing: { pool_size: 5 } } });
    expect(parallel_processing).toEqual({ ...base.parallel_processing, pool_size: 5 });
  });

  it('the overlay has the last word', () => {
    const { parallel_processing } = load({
      stage: { parallel_processing: { pool_size: 5, task_timeout_seconds: 20 } },
      overlay: { parallel_processing: { pool_size: 6 } },
    });
    expect(parallel_processing).toEqual({ pool_size: 6, task_timeout_seconds: 20 });
  });

  it('tables are merged at any depth', () => {
    const { rules } = load({
      overlay: { synthesis: { rules: { 'top-holders': { max_share_bps: 100 } } } },
    }).synthesis;
    expect(rules).toEqual({
      ...base.synthesis.rules,
      'top-holders': { ...base.synthesis.rules['top-holders'], max_share_bps: 100 },
    });
  });

  it('lists are replaced, not joined', () => {
    const { upstreams, detector } = load({
      overlay: {
        upstreams: { rpc: { urls: ['http://127.0.0.1:8899'] } },
        detector: { venues: ['pump-swap'] },
      },
    });
    expect(upstreams.rpc.urls).toEqual(['http://127.0.0.1:8899']);
    expect(detector.venues).toEqual(['pump-swap']);
  });

  it('the file of another stage is left alone', () => {
    const directory = mkdtempSync(`${folder}/`);
    writeFileSync(`${directory}/trading.toml`, trading);
    const live =
      'mode = "live"\n[upstreams.rpc]\nurls = ["https://one.example", "https://two.example"]';
    writeFileSync(`${directory}/trading.live.toml`, live);
    expect(loadTradingConfig({ stage: 'paper', directory }).mode).toBe('paper');
    expect(loadTradingConfig({ stage: 'live', directory }).mode).toBe('live');
  });
});

describe('a wrong value is told by its key, the value and what is allowed', () => {
  it.each<{ overlay: Settings; key: string; value: string; allowed: RegExp }>([
    {
      overlay: { parallel_processing: { pool_size: 1 } },
      key: 'parallel_processing.pool_size',
      value: '1',
      allowed: />=2$/,
    },
    {
      overlay: { parallel_processing: { pool_size: 1_001 } },
      key: 'parallel_processing.pool_size',
      value: '1001',
      allowed: /<=1000$/,
    },
    {
      overlay: { parallel_processing: { pool_size: 2.5 } },
      key: 'parallel_processing.pool_size',
      value: '2.5',
      allowed: /int/,
    },
    {
      overlay: { parallel_processing: { pool_size: '20' } },
      key: 'parallel_processing.pool_size',
      value: '"20"',
      allowed: /expected number/,
    },
    {
      overlay: { parallel_processing: { task_timeout_seconds: 901 } },
      key: 'parallel_processing.task_timeout_seconds',
      value: '901',
      allowed: /<=900$/,
    },
    {
      overlay: { mode: 'dry' },
      key: 'mode',
      value: '"dry"',
      allowed: /"paper"\|"live"/,
    },
    {
      overlay: { detector: { venues: ['uniswap'] } },
      key: 'detector.venues.0',
      value: '"uniswap"',
      allowed: /"pump-fun"\|.*"orca-whirlpool"/,
    },
    {
      overlay: { detector: { venues: [] } },
      key: 'detector.venues',
      value: '[]',
      allowed: />=1 items/,
    },
    {
      overlay: { detector: { max_body_bytes: 7_000_000 } },
      key: 'detector.max_body_bytes',
      value: '7000000',
      allowed: /<=6000000$/,
    },
    {
      overlay: { analyzer: { check_timeout_ms: 13_501 } },
      key: 'analyzer.check_timeout_ms',
      value: '13501',
      allowed: /at most 13500/,
    },
    {
      overlay: { analyzer: { memory_mb: 64 } },
      key: 'analyzer.memory_mb',
      value: '64',
      allowed: />=128$/,
    },
    {
      overlay: { synthesis: { buy_score: 101 } },
      key: 'synthesis.buy_score',
      value: '101',
      allowed: /<=100$/,
    },
    {
      overlay: { synthesis: { looks_after_seconds: [15, 15] } },
      key: 'synthesis.looks_after_seconds',
      value: '[15,15]',
      allowed: /each look later than the one before$/,
    },
    {
      overlay: { synthesis: { looks_after_seconds: [45, 15] } },
      key: 'synthesis.looks_after_seconds',
      value: '[45,15]',
      allowed: /each look later than the one before$/,
    },
    {
      overlay: { synthesis: { looks_after_seconds: [1, 2, 3, 4, 5, 6] } },
      key: 'synthesis.looks_after_seconds',
      value: '[1,2,3,4,5,6]',
      allowed: /<=5 items$/,
    },
    {
      overlay: { synthesis: { looks_after_seconds: [0] } },
      key: 'synthesis.looks_after_seconds.0',
      value: '0',
      allowed: />=1$/,
    },
    {
      // SQS holds no message back for longer.
      overlay: { synthesis: { looks_after_seconds: [15, 901] } },
      key: 'synthesis.looks_after_seconds.1',
      value: '901',
      allowed: /<=900$/,
    },
    {
      overlay: { synthesis: { looks_after_seconds: [1.5] } },
      key: 'synthesis.looks_after_seconds.0',
      value: '1.5',
      allowed: /int/,
    },
    {
      overlay: { synthesis: { watch_margin: 101 } },
      key: 'synthesis.watch_margin',
      value: '101',
      allowed: /<=100$/,
    },
    {
      overlay: { synthesis: { rules: { rugged: { unknown: 'maybe' } } } },
      key: 'synthesis.rules.rugged.unknown',
      value: '"maybe"',
      allowed: /"refuse"\|"lower"\|"ignore"/,
    },
    {
      overlay: { plan: { slippage_bps: 5_001 } },
      key: 'plan.slippage_bps',
      value: '5001',
      allowed: /<=5000$/,
    },
    {
      overlay: {
        plan: {
          take_profit: [
            { at_multiple_bps: 15_000, sell_bps: 6_000 },
            { at_multiple_bps: 20_000, sell_bps: 6_000 },
          ],
        },
      },
      key: 'plan.take_profit',
      value: '12000',
      allowed: /more than the whole/,
    },
    {
      overlay: { upstreams: { jupiter: { url: 'http://jup.example' } } },
      key: 'upstreams.jupiter.url',
      value: '"http://jup.example"',
      allowed: /an https URL, or an http URL on this machine/,
    },
    {
      overlay: { deploy: { log_retention_days: 10 } },
      key: 'deploy.log_retention_days',
      value: '10',
      allowed: /7\|14\|30/,
    },
    {
      overlay: { deploy: { alarm_email: 'nobody' } },
      key: 'deploy.alarm_email',
      value: '"nobody"',
      allowed: /Invalid/,
    },
  ])('$key = $value', ({ overlay, key, value, allowed }) => {
    const issues = issuesOf(overlay);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatch(allowed);
    expect(issues[0]?.startsWith(`${key} is ${value}: `)).toBe(true);
  });

  it('a key that is written wrong is named, and not passed over', () => {
    expect(issuesOf({ parallel_processing: { pool_sice: 10 } })).toEqual([
      expect.stringContaining('"pool_sice"'),
    ]);
  });

  it('a missing key is called missing', () => {
    const directory = mkdtempSync(`${folder}/`);
    writeFileSync(`${directory}/trading.toml`, trading.replace(/^pool_size = .*$/m, ''));
    expect(() => loadTradingConfig({ stage: 'paper', directory })).toThrow(
      /parallel_processing\.pool_size is missing/,
    );
  });

  it('all wrong keys are told at once', () => {
    expect(
      issuesOf({ parallel_processing: { pool_size: 0 }, limits: { max_open_positions: 0 } }),
    ).toHaveLength(2);
  });
});

describe('a file that cannot be read', () => {
  it('is named, with the line that is not TOML', () => {
    const directory = mkdtempSync(`${folder}/`);
    writeFileSync(`${directory}/trading.toml`, 'mode = \n');
    expect(() => loadTradingConfig({ stage: 'paper', directory })).toThrow(
      /trading\.toml: .*(line|1)/,
    );
  });

  it('is named when it is not there', () => {
    const overlayPath = `${folder}/absent.toml`;
    expect(() => loadTradingConfig({ stage: 'paper', overlayPath })).toThrow(
      /absent\.toml: ENOENT/,
    );
  });
});

const versionOf = (overlay: Settings) => strategyVersion(strategyOf(load({ overlay })));

describe('the version of the strategy', () => {
  it('changes with what decides', () => {
    expect(versionOf({ synthesis: { buy_score: 61 } })).not.toBe(versionOf({}));
    expect(versionOf({ plan: { stake_sol: 0.2 } })).not.toBe(versionOf({}));
    expect(versionOf({ synthesis: { looks_after_seconds: [] } })).not.toBe(versionOf({}));
    expect(versionOf({ synthesis: { watch_margin: 6 } })).not.toBe(versionOf({}));
  });

  it('stays when only the machinery changes', () => {
    expect(versionOf({ parallel_processing: { pool_size: 50 } })).toBe(versionOf({}));
  });

  it('does not depend on the order of keys', () => {
    const strategy = strategyOf(load({}));
    const reversed = {
      plan: Object.fromEntries(Object.entries(strategy.plan).toReversed()),
      synthesis: strategy.synthesis,
    } as typeof strategy;
    expect(strategyVersion(reversed)).toBe(strategyVersion(strategy));
  });
});
