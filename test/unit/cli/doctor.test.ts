import { writeFileSync } from 'node:fs';

import { marshall } from '@aws-sdk/util-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';

import { loadTradingConfig } from '#config/load-trading-config.ts';
import type { DoctorCheck } from '#cli/doctor/check.ts';
import { DOCTOR_CHECKS } from '#cli/doctor/checks.ts';
import { doctorContext } from '#cli/doctor/doctor-context.ts';
import { examine, findingLines } from '#cli/doctor/examine.ts';
import type { HaltState } from '#shared/domain/halt-state.ts';
import { stubAws } from '../../support/stub-aws.ts';
import { stubServer } from '../../support/stub-server.ts';

const WEBHOOK_SECRET = 'w'.repeat(40);
const KEYS = { RPC_KEY: 'rpc-key', JUPITER_API_KEY: 'jupiter-key', X_BEARER_TOKEN: 'x-token' };
const running: HaltState = { buys: 'running', exits: 'running', changedAt: 1, by: 'ops' };

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

type World = {
  /** Null: it was never set. */
  readonly halt?: HaltState | null;
  readonly keys?: Readonly<Record<string, string>>;
  readonly webhookSecret?: string;
  readonly waiting?: number;
  readonly dead?: number;
  readonly rpc?: readonly ('good' | 'broken')[];
  readonly sweepPrograms?: boolean;
  readonly venues?: readonly string[];
};

/** A local stack in which everything is in order, unless told otherwise. */
async function world({
  halt = running,
  keys = KEYS,
  webhookSecret = WEBHOOK_SECRET,
  waiting = 0,
  dead = 0,
  rpc = ['good'],
  sweepPrograms = true,
  venues,
}: World = {}) {
  const node = await stubServer(({ url, body }) =>
    url.pathname === '/good' && url.searchParams.get('key') === 'rpc-key'
      ? { body: { jsonrpc: '2.0', id: (JSON.parse(body) as { id: number }).id, result: 123 } }
      : { status: 503, body: { error: 'down' } },
  );
  const base = loadTradingConfig({ stage: 'test' });
  const config = {
    ...base,
    detector: {
      ...base.detector,
      sweep_programs: sweepPrograms,
      ...(venues === undefined ? {} : { venues }),
    },
    upstreams: {
      ...base.upstreams,
      rpc: {
        ...base.upstreams.rpc,
        urls: rpc.map((kind) => `${node.origin}/${kind}?key=\${RPC_KEY}`),
        timeout_ms: 1_000,
      },
    },
  };
  const aws = await stubAws({
    GetSecretValue: ({ SecretId }) => ({
      body: { SecretString: SecretId === 'webhook-secret' ? webhookSecret : JSON.stringify(keys) },
    }),
    GetItem: () => ({ body: halt === null ? {} : { Item: marshall(halt) } }),
    GetQueueAttributes: ({ QueueUrl }) => ({
      body: {
        Attributes: {
          ApproximateNumberOfMessages: String(String(QueueUrl).endsWith('dead') ? dead : waiting),
        },
      },
    }),
  });
  stops.push(node.stop, aws.stop);
  const configPath = aws.localFile.replace('local.json', 'trading.json');
  writeFileSync(configPath, JSON.stringify(config));
  const { default: local } = (await import(aws.localFile, { with: { type: 'json' } })) as {
    default: Record<string, unknown>;
  };
  writeFileSync(aws.localFile, JSON.stringify({ ...local, configPath }));
  return doctorContext({ localFile: aws.localFile, environment: {} });
}

const findings = async (changes: World = {}) => examine(DOCTOR_CHECKS, await world(changes));
const findingOf = async (name: string, changes: World = {}) => {
  const finding = (await findings(changes)).find((one) => one.name === name);
  if (finding === undefined) throw new Error(`there is no check ${name}`);
  return finding;
};

describe('the doctor', () => {
  it('finds everything in order, where it is', async () => {
    const found = await findings();
    expect(found.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'node ok',
      'java ok',
      'configuration ok',
      'stack ok',
      'secrets ok',
      'rpc ok',
      'watched ok',
      'halt switch ok',
      'queues ok',
    ]);
    expect(found.every(({ fix }) => fix === undefined)).toBe(true);
  });

  it('shows no secret, whatever it finds', async () => {
    const all = [
      await findings(),
      await findings({ rpc: ['broken'], halt: null, dead: 3 }),
    ].flatMap((found) => findingLines(found));
    for (const secret of [WEBHOOK_SECRET, ...Object.values(KEYS)]) {
      expect(all.join('\n')).not.toContain(secret);
    }
  });

  it.each<{ name: string; status: string; says: string; when: string; changes: World }>([
    {
      name: 'secrets',
      status: 'bad',
      says: 'without a value: RPC_KEY',
      when: 'a key of an address is empty',
      changes: { keys: { ...KEYS, RPC_KEY: '' } },
    },
    {
      name: 'secrets',
      status: 'warn',
      says: 'without a value: X_BEARER_TOKEN',
      when: 'a key is missing that may be',
      changes: { keys: { RPC_KEY: 'rpc-key', JUPITER_API_KEY: 'j' } },
    },
    {
      name: 'secrets',
      status: 'bad',
      says: 'only 6 characters',
      when: 'the webhook secret can be guessed',
      changes: { webhookSecret: 'secret' },
    },
    {
      name: 'rpc',
      status: 'bad',
      says: 'HTTP 503',
      when: 'the only endpoint is down',
      changes: { rpc: ['broken'] },
    },
    {
      name: 'rpc',
      status: 'warn',
      says: '1 of 2 answer',
      when: 'one of two endpoints is down',
      changes: { rpc: ['broken', 'good'] },
    },
    {
      name: 'watched',
      status: 'warn',
      says: 'the sweep sees nothing of raydium-clmm',
      when: 'whole programs are left out',
      changes: { sweepPrograms: false },
    },
    {
      name: 'watched',
      status: 'bad',
      says: 'no account is watched',
      when: 'no venue has an account of its own',
      changes: { sweepPrograms: false, venues: ['orca-whirlpool'] },
    },
    {
      name: 'halt switch',
      status: 'warn',
      says: 'buys halted, exits running',
      when: 'buys are halted',
      changes: { halt: { ...running, buys: 'halted' } },
    },
    {
      name: 'halt switch',
      status: 'bad',
      says: 'the switch was never set',
      when: 'nobody has ever set it',
      changes: { halt: null },
    },
    {
      name: 'queues',
      status: 'bad',
      says: '0 tokens wait, 2 dead letters',
      when: 'a token was given up',
      changes: { dead: 2 },
    },
    {
      name: 'queues',
      status: 'warn',
      says: '101 tokens wait',
      when: 'more wait than five for each place',
      changes: { waiting: 101 },
    },
  ])(
    'says $status of $name when $when, and what to do',
    async ({ name, status, says, changes }) => {
      const finding = await findingOf(name, changes);
      expect(finding).toMatchObject({ status });
      expect(finding.detail).toContain(says);
      expect(finding.fix).toMatch(/\w{4}/);
    },
  );

  it('lists what is watched, and why', async () => {
    const { items } = await findingOf('watched');
    expect(items).toHaveLength(12);
    expect(items?.[0]).toMatch(/^pump-fun +TSLv\w+ +mint authority/);
    expect(items?.at(-1)).toContain('whole program: ');
  });

  it('looks at what it can while no stack runs', async () => {
    const context = doctorContext({ localFile: '/nowhere/local.json', environment: {} });
    const found = await examine(DOCTOR_CHECKS, context);
    expect(Object.fromEntries(found.map(({ name, status }) => [name, status]))).toEqual({
      node: 'ok',
      java: 'ok',
      configuration: 'ok',
      stack: 'warn',
      secrets: 'unknown',
      rpc: 'unknown',
      watched: 'warn',
      'halt switch': 'unknown',
      queues: 'unknown',
    });
  });

  it('goes on when a check breaks', async () => {
    const broken: DoctorCheck = {
      name: 'broken',
      run: async () => {
        throw new TypeError('no such thing');
      },
    };
    const good: DoctorCheck = { name: 'good', run: async () => ({ status: 'ok', detail: 'fine' }) };
    const context = doctorContext({ localFile: '/nowhere/local.json' });
    expect(findingLines(await examine([broken, good], context))).toEqual([
      '?     broken  TypeError: no such thing',
      'ok    good    fine',
    ]);
  });
});
