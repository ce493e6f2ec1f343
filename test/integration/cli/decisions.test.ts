import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { dynamoDecisionIndex } from '#cli/decision-index.ts';
import { countByVerdict, newestFirst, scanNewestFirst } from '#cli/decision-query.ts';
import { type DecisionRow, rowOfDecision, rowOfItem } from '#cli/decision-row.ts';
import { itemOfTrade } from '#shared/adapters/aws/trade-item.ts';
import { address } from '#shared/domain/address.ts';
import { type Decision, VERDICTS } from '#shared/domain/decision.ts';
import { VERDICT_SHARDS, verdictShard } from '#shared/domain/table-keys.ts';
import { makeDecisionsTable, putDecisions, putItems } from '../../support/decisions-table.ts';
import { aDecision } from '../../support/decisions.ts';
import { addressNamed } from '../../support/detections.ts';
import { type TestDatabase, testDatabase } from '../../support/dynamodb-tables.ts';
import { testTrade } from '../../support/trades.ts';

/** Minutes of the past, so that the command's own clock finds the rows. */
const MINUTE = 60_000;
const now = Date.now();

const expiredParts: Partial<Decision> = {
  verdict: 'EXPIRED',
  shouldTrade: false,
  score: 0,
  coverage: 0,
  reasons: ['45 s overdue, limit 30 s'],
  rules: [],
  factors: [],
  checks: {},
  plan: null,
  evidence: null,
};

/** One decision each eleven minutes over the last six hours and more: BUY, SKIP, SKIP, EXPIRED, … */
const decisions: Decision[] = Array.from({ length: 40 }, (_, n) => {
  const place = { token: `token ${n}`, decidedAt: now - (n + 1) * 11 * MINUTE };
  if (n % 4 === 0) return aDecision({}, { ...place, symbol: n === 0 ? '=1+1\u202E' : `T${n}` });
  if (n % 4 === 3) return aDecision({}, { ...place, ...expiredParts });
  return aDecision({ holders: { top10Bps: 5_000 + n }, opening: { venue: 'raydium-cpmm' } }, place);
});
const mintOf = (n: number): string => addressNamed(`token ${n} mint`);

let database: TestDatabase;
let table: string;
let localFile: string;

beforeAll(async () => {
  database = await testDatabase();
  table = await makeDecisionsTable(database.client);
  await putDecisions(database.client, table, decisions);
  const secondLook = aDecision(
    { holders: { top10Bps: 5_300 } },
    { token: 'token 0', look: 2, decidedAt: now - 10 * MINUTE },
  );
  await putDecisions(database.client, table, [secondLook]);
  const outputs = {
    DecisionsTable: table,
    TradesTable: await database.table('mint'),
    StateTable: await database.table('id'),
  };
  const trade = testTrade('OPEN', 1, { mint: address(mintOf(0)) });
  await putItems(database.client, outputs.TradesTable, [itemOfTrade(trade)]);
  localFile = join(mkdtempSync(join(tmpdir(), 'volley-')), 'local.json');
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
    AWS_ENDPOINT_URL_SQS: database.endpoint,
  };
  writeFileSync(localFile, JSON.stringify({ outputs, environment }));
});
afterAll(async () => database.stop());

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs the command as people do; `until` sends Ctrl-C as soon as the output so far satisfies it. */
const decisionsCommand = async (
  args: readonly string[],
  until?: (out: string) => boolean,
): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['cli/commands/decisions.ts', ...args], {
      env: { ...process.env, VOLLEY_LOCAL_FILE: localFile, NO_COLOR: '1' },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (until?.(out) === true) child.kill('SIGINT');
    });
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
const jsonLines = (out: string): Record<string, unknown>[] =>
  out
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** The rows of index items; undefined for one that is none of ours. */
const read = async (items: AsyncIterable<Parameters<typeof rowOfItem>[0]>) => {
  const rows: (DecisionRow | undefined)[] = [];
  for await (const item of items) rows.push(rowOfItem(item));
  return rows;
};

describe('the index by verdict, on DynamoDB', () => {
  const span = { sinceMs: now - 5 * 60 * MINUTE, untilMs: now - 30 * MINUTE };
  const expected = decisions
    .filter(({ decidedAt }) => decidedAt >= span.sinceMs && decidedAt < span.untilMs)
    .map(rowOfDecision);

  it('gives the rows of a span, newest first, whatever shards they lie in', async () => {
    const index = dynamoDecisionIndex(database.client, table);
    expect(new Set(decisions.map(({ opening }) => verdictShard(opening.mint))).size).toBe(
      VERDICT_SHARDS,
    );
    expect(await read(newestFirst(index, { span, verdicts: VERDICTS }))).toEqual(expected);
    expect(expected.length).toBeGreaterThan(20);
  });

  it('pages through more than a page', async () => {
    const index = dynamoDecisionIndex(database.client, table);
    const rows = await read(newestFirst(index, { span, verdicts: VERDICTS, atMost: 1 }));
    expect(rows).toEqual(expected);
  });

  it('counts by verdict', async () => {
    const index = dynamoDecisionIndex(database.client, table);
    const counts = await countByVerdict(index, span);
    for (const verdict of VERDICTS) {
      expect(counts.get(verdict) ?? 0).toBe(
        expected.filter((row) => row.verdict === verdict).length,
      );
    }
  });

  it('is scanned whole, newest first', async () => {
    const index = dynamoDecisionIndex(database.client, table);
    const rows = (await scanNewestFirst(index)).map(rowOfItem);
    expect(rows).toHaveLength(decisions.length + 1);
    const times = rows.map((row) => row?.decidedAt ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it('names a row that is none of ours as unreadable', async () => {
    const other = await makeDecisionsTable(database.client);
    await putItems(database.client, other, [
      { mint: { S: 'a' }, look: { S: 'b#01' }, verdictHour: { S: 'x' }, decidedAtMint: { S: 'y' } },
    ]);
    const [item = {}] = await scanNewestFirst(dynamoDecisionIndex(database.client, other));
    expect(rowOfItem(item)).toBeUndefined();
  });
});

describe('npm run decisions', () => {
  it('prints JSON lines of a verdict', async () => {
    const { code, out } = await decisionsCommand(['--json', '--verdict', 'buy', '--since', '4h']);
    expect(code).toBe(0);
    expect(jsonLines(out).map(({ mint }) => mint)).toEqual([0, 4, 8, 12, 16, 20].map(mintOf));
    expect(jsonLines(out)[1]).toEqual({
      decidedAt: new Date(decisions[4]?.decidedAt ?? 0).toISOString(),
      verdict: 'BUY',
      score: 91.8,
      coverage: 1,
      mint: mintOf(4),
      pool: addressNamed('token 4 pool'),
      look: 1,
      symbol: 'T4',
      venue: 'pump-swap',
      creator: addressNamed('token 4 creator'),
      latencyMs: 600,
      reasons: ['score 91.8 of 100, from 60 we buy'],
    });
  });

  it('filters by venue, rule and creator', async () => {
    const creator = addressNamed('token 5 creator');
    const args = ['--venue', 'raydium-cpmm', '--veto', 'top-holders', '--creator', creator];
    const { out } = await decisionsCommand(['--json', ...args]);
    expect(jsonLines(out).map(({ mint }) => mint)).toEqual([mintOf(5)]);
  });

  it('prints CSV that no spreadsheet runs', async () => {
    const { out } = await decisionsCommand(['--csv', '--verdict', 'BUY', '--limit', '2']);
    const [header, first, second, end] = out.split('\r\n');
    expect(header).toMatch(/^decidedAt,verdict,score/);
    expect(first).toContain(`,${mintOf(0)},`);
    expect(first).toContain(",'=1+1");
    expect(second).toContain(`,${mintOf(4)},`);
    expect(end).toBe('');
  });

  it('says that there are more than the limit, and only then', async () => {
    const cut = await decisionsCommand(['--verdict', 'BUY', '--limit', '9']);
    expect(cut.out.trimEnd().split('\n')).toHaveLength(10);
    expect(cut.err).toBe('the newest 9; --limit N shows more\n');
    const whole = await decisionsCommand(['--verdict', 'BUY', '--limit', '10']);
    expect(whole.err).toBe('');
  });

  it('tells what is there when it finds nothing', async () => {
    const { code, out, err } = await decisionsCommand(
      '--verdict BUY --min-score 99 --since 100m'.split(' '),
    );
    expect([code, out]).toEqual([0, '']);
    expect(err).toMatch(
      /^no BUY with a score of 99 or more since .* UTC \(the local stack\); in that time: 3 BUY, 5 SKIP, 2 EXPIRED\n$/,
    );
  });

  it('tells the whole story of a mint, by the beginning of its address', async () => {
    const { code, out } = await decisionsCommand(['--mint', mintOf(0).slice(0, 8)]);
    expect(code).toBe(0);
    const [story = '', first = '', second = ''] = out.split('\n\n\n');
    expect(story).toMatch(/^look .*\n +1 +0\.\d s  BUY .*\n +2 .* SKIP /);
    expect(first).toMatch(/^BUY {2}score 91\.8 of 100/);
    expect(second).toMatch(/^SKIP {2}top-holders: the ten largest holders have 5300 bps/);
    expect(out).toContain(`mint ${mintOf(0)}`);
    expect(out).not.toContain('\u202E');
    expect(out).toMatch(/\n\nTrade\n.*\n.* OPEN +0\.1000 /);
  });

  it('prints whole decisions with their evidence as JSON', async () => {
    const { out } = await decisionsCommand(['--mint', mintOf(0), '--json']);
    const [first, second, ...rest] = jsonLines(out);
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ look: 1, evidence: { checks: { metadata: {} } } });
    expect(second).toMatchObject({ look: 2, verdict: 'SKIP' });
  });

  it('says when a mint is not there', async () => {
    const { code, err } = await decisionsCommand(['--mint', addressNamed('nobody')]);
    expect(code).toBe(0);
    expect(err).toContain('no look at it is stored');
    const short = await decisionsCommand(['--mint', 'zzzzzz']);
    expect(short.code).toBe(1);
    expect(short.err).toContain('no mint that begins with zzzzzz');
  });

  it('sums up', async () => {
    const { out } = await decisionsCommand(['--stats', '--json', '--since', '100m']);
    expect(jsonLines(out)[0]).toMatchObject({
      total: 10,
      byVerdict: { BUY: 3, SKIP: 5, EXPIRED: 2 },
      latencyMs: { p50: 600 },
      refusedBy: { 'top-holders': { decisive: 5, named: 5 } },
    });
  });

  it('scans when told to, with the same rows', async () => {
    const scanned = await decisionsCommand(['--scan', '--json', '--verdict', 'EXPIRED']);
    const queried = await decisionsCommand(['--json', '--verdict', 'EXPIRED']);
    expect(scanned.out).toBe(queried.out);
    expect(jsonLines(scanned.out)).toHaveLength(10);
  });

  it('goes on with new rows as they come, each once, until Ctrl-C', async () => {
    const fresh = aDecision({}, { token: 'fresh', decidedAt: Date.now() + 1_000 });
    let written: Promise<void> | undefined;
    const { code, out } = await decisionsCommand(
      ['--follow', '--json', '--verdict', 'BUY', '--since', '60m', '--limit', '1'],
      (soFar) => {
        if (soFar.includes(mintOf(0))) {
          written ??= putDecisions(database.client, table, [fresh]);
        }
        return soFar.includes(fresh.opening.mint);
      },
    );
    await written;
    expect(code).toBe(0);
    expect(jsonLines(out).map(({ mint }) => mint)).toEqual([mintOf(0), fresh.opening.mint]);
  });

  it.each([
    [['--verdict', 'MAYBE'], '--verdict "MAYBE" is none of BUY, SKIP, WATCH, EXPIRED'],
    [['--limit', '0'], '--limit "0" is no number of rows'],
    [['--bogus'], "Unknown option '--bogus'"],
    [['what'], 'what'],
  ])('refuses %j with exit code 2', async (args, sentence) => {
    const { code, out, err } = await decisionsCommand(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(sentence);
  });

  it('prints its help', async () => {
    const { code, out } = await decisionsCommand(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('Usage: npm run decisions');
  });
});
