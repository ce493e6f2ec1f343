import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';

import { decisionItem } from '#shared/adapters/aws/decision-item.ts';
import { address } from '#shared/domain/address.ts';
import { DECISIONS } from '#shared/domain/table-keys.ts';
import { makeDecisionsTable, putDecisions } from '../../support/decisions-table.ts';
import { aDecision } from '../../support/decisions.ts';
import { addressNamed } from '../../support/detections.ts';
import { type TestDatabase, testDatabase } from '../../support/dynamodb-tables.ts';

const text = readFileSync('docs/querying.md', 'utf8');
const MINT = address('8ZCmwpW3MtC5UpNcZf7U4HMvRNTo71syU11BDiAFpump');
const POOL = address('2uZuTQEjcXcR1ESwMdGTpqEwM5PCekEwrSNVRPc1EhS1');
const at = (time: string): number => Date.parse(`2026-11-20T${time}Z`);

const bought = aDecision(
  { opening: { mint: MINT, pool: POOL } },
  { decidedAt: at('10:15:30.250') },
);
/** Others of the same hour, in all shards, and of the hour after. */
const others = [
  ...Array.from({ length: 8 }, (_, n) =>
    aDecision({}, { token: `bought ${n}`, decidedAt: at(`10:4${n}:00`) }),
  ),
  ...Array.from({ length: 6 }, (_, n) =>
    aDecision(
      { holders: { top10Bps: 5_000 } },
      { token: `vetoed ${n}`, decidedAt: at(`10:0${n}:00`) },
    ),
  ),
  aDecision({ holders: { top1Bps: 2_000 } }, { token: 'other rule', decidedAt: at('10:09:00') }),
  aDecision({ opening: { venue: 'orca-whirlpool' } }, { token: 'orca', decidedAt: at('10:30:00') }),
  aDecision({}, { token: 'late', decidedAt: at('11:00:00') }),
];

let database: TestDatabase;
let bin: string;
let table: string;

beforeAll(async () => {
  database = await testDatabase();
  table = await makeDecisionsTable(database.client);
  await putDecisions(database.client, table, [bought, ...others]);
  bin = mkdtempSync(join(tmpdir(), 'volley-aws-'));
  const script = `#!/bin/sh\nexec "${process.execPath}" "${resolve('test/support/fake-aws.ts')}" "$@"\n`;
  writeFileSync(join(bin, 'aws'), script);
  chmodSync(join(bin, 'aws'), 0o755);
});
afterAll(async () => database.stop());

/** The shell blocks below a heading, in order. */
const blocksBelow = (heading: string): string[] => {
  const [, after = ''] = text.split(`\n${heading}\n`);
  const [section = ''] = after.split(/\n#+ /);
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
};

const itemSchema = z.record(z.string(), z.record(z.string(), z.unknown()));
const answerSchema = z.object({
  Items: z.array(itemSchema).default([]),
  Count: z.number().optional(),
});

/** Runs a block in a shell whose `aws` asks DynamoDB Local. */
function run(block: string): string {
  const { status, stdout, stderr } = spawnSync('sh', ['-euc', block], {
    encoding: 'utf8',
    env: {
      PATH: `${bin}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
      FAKE_TABLE: table,
      TABLE: table,
    },
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

const answers = (block = '') =>
  run(block)
    .trimEnd()
    .split('\n')
    .map((line) => answerSchema.parse(JSON.parse(line)));
const mints = (block = ''): string[] =>
  answers(block)
    .flatMap(({ Items }) => Items)
    .map((item) => String(item['mint']?.['S']))
    .toSorted((a, b) => (a < b ? -1 : 1));
const mintsNamed = (names: readonly string[]) => names.map((name) => addressNamed(`${name} mint`));
const boughtNames = Array.from({ length: 8 }, (_, n) => `bought ${n}`);
const onPumpSwap = [MINT, ...mintsNamed(boughtNames)].toSorted();
const inTheHour = [MINT, ...mintsNamed([...boughtNames, 'orca'])].toSorted();

describe('docs/querying.md', () => {
  it('keys its worked example as the code does', () => {
    const item = decisionItem(bought, 30);
    const { byVerdict } = DECISIONS;
    const names = ['mint', 'look', byVerdict.partitionKey, byVerdict.sortKey];
    for (const name of names) expect(text).toContain(`- \`${name}\` = \`${item[name]?.S}\``);
    expect(text).toContain(`| ${byVerdict.projected.join(', ')} |`);
  });

  it('finds the table by the output of its stack', () => {
    const [block = ''] = blocksBelow('## Where the table is');
    expect(run(`${block}\necho "$TABLE"`).trim()).toBe(table);
  });

  it('lists what was bought in an hour', () => {
    expect(mints(blocksBelow('### What was bought in an hour?')[0])).toEqual(inTheHour);
  });

  it('cuts out minutes', () => {
    expect(mints(blocksBelow('### What was bought between two minutes?')[0])).toEqual([MINT]);
  });

  it('counts what was refused', () => {
    const counts = answers(blocksBelow('### How many were refused?')[0]);
    expect(counts).toHaveLength(4);
    expect(counts.reduce((sum, { Count = 0 }) => sum + Count, 0)).toBe(7);
  });

  it('finds what a rule refused', () => {
    expect(mints(blocksBelow('### Which were refused by a rule?')[0])).toEqual(
      mintsNamed(Array.from({ length: 6 }, (_, n) => `vetoed ${n}`)).toSorted(),
    );
  });

  it('filters by score and venue', () => {
    expect(mints(blocksBelow('### Which scored high, on one venue?')[0])).toEqual(onPumpSwap);
  });

  it('tells the story of a mint', () => {
    const [answer] = answers(blocksBelow('### What is the whole story of a mint?')[0]);
    expect(answer?.Items).toHaveLength(1);
    expect(answer?.Items[0]).toMatchObject({
      look: { S: `${POOL}#01` },
      verdict: { S: 'BUY' },
      name: { S: 'Gary the Cat' },
    });
  });

  it('reads one look by its key', () => {
    const answer = JSON.parse(
      run(blocksBelow('### What did the analysis know?')[0] ?? ''),
    ) as unknown;
    expect(answer).toMatchObject({
      Item: {
        verdict: { S: 'BUY' },
        strategyVersion: { S: bought.strategyVersion },
        plan: { M: { stakeLamports: { S: '100000000' } } },
        checkMs: { M: { metadata: { N: '150' } } },
      },
    });
  });

  it('asks the same in PartiQL', () => {
    const [hour, story, filtered] = blocksBelow('## PartiQL');
    expect(mints(hour)).toEqual(inTheHour);
    expect(answers(story)[0]?.Items[0]).toMatchObject({ look: { S: `${POOL}#01` } });
    expect(mints(filtered)).toContain(MINT);
  });

  it('has no other shell block than those run here', () => {
    expect(text.match(/```sh\n/g)).toHaveLength(11);
  });
});
