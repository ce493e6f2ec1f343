import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { loadStrategy } from '#config/load-strategy.ts';
import { strategyVersion } from '#config/strategy.ts';
import { shadowVerdicts } from '#functions/analyzer/synthesis/shadow-verdicts.ts';
import type { Decision } from '#shared/domain/decision.ts';
import { makeDecisionsTable, putDecisions } from '../../support/decisions-table.ts';
import { aDecision } from '../../support/decisions.ts';
import { type TestDatabase, testDatabase } from '../../support/dynamodb-tables.ts';

const MINUTE = 60_000;
const now = Date.now();
const strategy = loadStrategy('degen');
const degen = { name: 'degen', strategy, version: strategyVersion(strategy) };

/** More than one batch of keys: 250 in four hours. Every second one has holders only degen takes. */
const decisions: Decision[] = Array.from({ length: 250 }, (_, n) => {
  const decision = aDecision(n % 2 === 0 ? {} : { holders: { top10Bps: 6_000 } }, {
    token: `token ${n}`,
    decidedAt: now - (n + 1) * MINUTE,
  });
  return { ...decision, shadows: shadowVerdicts(decision.evidence!, [degen]) };
});
const expired = aDecision(
  {},
  {
    token: 'late',
    decidedAt: now - MINUTE,
    verdict: 'EXPIRED',
    shouldTrade: false,
    score: 0,
    coverage: 0,
    rules: [],
    factors: [],
    checks: {},
    plan: null,
    evidence: null,
  },
);

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await testDatabase();
  const table = await makeDecisionsTable(database.client);
  await putDecisions(database.client, table, [...decisions, expired]);
  folder = mkdtempSync(join(tmpdir(), 'volley-'));
  const endpoint = database.endpoint;
  writeFileSync(
    join(folder, 'local.json'),
    JSON.stringify({
      outputs: { DecisionsTable: table, TradesTable: 'none', StateTable: 'none' },
      environment: { AWS_ENDPOINT_URL_DYNAMODB: endpoint, AWS_ENDPOINT_URL_SQS: endpoint },
    }),
  );
});
afterAll(async () => database.stop());

const command = async (
  name: string,
  args: readonly string[],
  input = '',
): Promise<{ code: number | null; out: string; err: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`cli/commands/${name}.ts`, ...args], {
      env: { ...process.env, VOLLEY_LOCAL_FILE: join(folder, 'local.json'), NO_COLOR: '1' },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
    child.stdin.end(input);
  });

describe('replay', () => {
  it('decides again on all that is stored, and shows what moves', async () => {
    const { code, out } = await command('replay', [
      '--since',
      '24h',
      '--strategy',
      'degen',
      '--json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      lines: 250,
      decided: 250,
      unreadable: 0,
      strategy: { name: 'degen', version: degen.version, verdicts: { BUY: 250 } },
      against: {
        name: 'at the time',
        rejectedBy: { 'top-holders': { decisive: 125, named: 125 } },
        matrix: { BUY: { BUY: 125 }, SKIP: { BUY: 125 } },
      },
    });
  });

  it('reads what `decisions` prints, from standard input', async () => {
    const printed = await command('decisions', ['--json', '--mint', decisions[1]!.opening.mint]);
    const { code, out } = await command(
      'replay',
      ['-', '--strategy', 'degen', '--json'],
      printed.out,
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      decided: 1,
      against: { matrix: { SKIP: { BUY: 1 } } },
    });
  });

  it('says that a file is missing, a strategy unknown, or usage wrong', async () => {
    const [missing, unknown, both, none, empty] = await Promise.all([
      command('replay', [join(folder, 'nowhere.jsonl'), '--strategy', 'degen']),
      command('replay', ['-', '--strategy', 'reckless']),
      command('replay', ['-', '--since', '1h']),
      command('replay', []),
      command('replay', ['-', '--strategy', 'degen']),
    ]);
    expect(missing).toMatchObject({ code: 1, out: '' });
    expect(missing.err).toMatch(/nowhere\.jsonl cannot be read: .*ENOENT/);
    expect(unknown).toMatchObject({ code: 1, out: '' });
    expect(unknown.err).toContain('strategy is "reckless": balanced, cautious, degen');
    expect([both.code, none.code]).toEqual([2, 2]);
    expect(empty).toMatchObject({ code: 1 });
    expect(empty.err).toContain('there was nothing to decide on');
  });
});

describe('decisions --compare', () => {
  it('counts where the shadows say otherwise, from the index alone', async () => {
    const { code, out } = await command('decisions', ['--compare', '--json', '--limit', '2']);
    expect(code).toBe(0);
    const { degen: compared } = JSON.parse(out) as { degen: { newest: { mint: string }[] } };
    expect(compared).toMatchObject({
      compared: 250,
      differing: 125,
      versions: [degen.version],
      matrix: { BUY: { BUY: 125 }, SKIP: { BUY: 125 } },
    });
    expect(compared.newest.map(({ mint }) => mint)).toEqual([
      decisions[1]!.opening.mint,
      decisions[3]!.opening.mint,
    ]);
  });
});
