import { execFile } from 'node:child_process';

import { afterEach, describe, expect, it } from 'vitest';

import { loadTradingConfig } from '#config/load-trading-config.ts';
import { heliusWebhooks } from '#cli/helius-webhooks.ts';
import { createWebhook, deleteWebhooks, listWebhooks } from '#cli/webhook-actions.ts';
import { watchPlan } from '#cli/webhook-plan.ts';
import { WATCHED_ACCOUNTS } from '#functions/detector/watched-accounts.ts';
import { type StubAnswer, type StubRequest, stubServer } from '../../support/stub-server.ts';
import { stubAws } from '../../support/stub-aws.ts';

const API_KEY = 'key-that-nobody-may-see';
const SECRET = 'secret-that-nobody-may-see';
const URL_OF_STAGE = 'https://detector.example/';
const config = loadTradingConfig({ stage: 'test' });
const narrow = watchPlan(config, { programs: false });

type Stored = {
  webhookID: string;
  webhookURL: string;
  webhookType: string;
  accountAddresses: string[];
  authHeader: string;
  active?: boolean;
};

/** Helius's API as its OpenAPI describes it, over what is stored. */
function heliusApi(stored: Stored[]) {
  const failures: StubAnswer[] = [];
  let made = 0;
  const answer = ({ method, url, body }: StubRequest): StubAnswer => {
    const failure = failures.shift();
    if (failure) return failure;
    if (url.searchParams.get('api-key') !== API_KEY) return { status: 401, body: { error: 'no' } };
    const [, , , id] = url.pathname.split('/');
    const at = stored.findIndex(({ webhookID }) => webhookID === id);
    const wish = body === '' ? undefined : (JSON.parse(body) as Stored);
    if (method === 'GET') return { body: stored };
    if (method === 'POST') {
      made += 1;
      stored.push({ ...wish!, webhookID: `new-${made}` });
      return { body: stored.at(-1) };
    }
    if (at < 0) return { status: 404, body: { error: 'not found' } };
    if (method === 'DELETE') return { body: stored.splice(at, 1)[0] };
    stored[at] = { ...stored[at]!, ...wish! };
    return { body: stored[at] };
  };
  return { answer, failures };
}

const aWebhook = (changes: Partial<Stored> = {}): Stored => ({
  webhookID: 'old',
  webhookURL: URL_OF_STAGE,
  webhookType: 'enhanced',
  accountAddresses: ['x'],
  authHeader: 'former',
  ...changes,
});

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function setUp(...stored: Stored[]) {
  const api = heliusApi(stored);
  const server = await stubServer(api.answer);
  stops.push(server.stop);
  const pauses: number[] = [];
  const helius = heliusWebhooks({
    baseUrl: server.origin,
    apiKey: API_KEY,
    pause: async (ms) => void pauses.push(ms),
  });
  const create = async () =>
    createWebhook(helius, { url: URL_OF_STAGE, secret: SECRET, plan: narrow });
  return { helius, create, stored, server, pauses, failures: api.failures };
}

describe('watchPlan', () => {
  it('leaves whole programs out, and says which venues are then not watched', () => {
    expect(narrow.accounts.some(({ wholeProgram }) => wholeProgram)).toBe(false);
    expect(narrow.unwatched).toEqual([
      'raydium-clmm',
      'raydium-launchlab',
      'meteora-dbc',
      'meteora-damm-v1',
      'meteora-damm-v2',
      'meteora-dlmm',
      'orca-whirlpool',
    ]);
  });

  it('watches every venue when whole programs are asked for', () => {
    const { accounts, unwatched } = watchPlan(config, { programs: true });
    expect(accounts).toEqual(WATCHED_ACCOUNTS);
    expect(unwatched).toEqual([]);
  });
});

describe('createWebhook', () => {
  it('makes a raw webhook on the narrow accounts, with the secret as its authorization', async () => {
    const { create, stored } = await setUp();
    const { lines, exitCode } = await create();
    expect(stored).toEqual([
      {
        webhookID: 'new-1',
        webhookURL: URL_OF_STAGE,
        webhookType: 'raw',
        transactionTypes: ['ANY'],
        txnStatus: 'success',
        accountAddresses: narrow.accounts.map(({ account }) => account),
        authHeader: SECRET,
      },
    ]);
    expect(exitCode).toBe(0);
    expect(lines[0]).toBe(`created webhook new-1: raw, 4 accounts, to ${URL_OF_STAGE}`);
    for (const { account, reason } of narrow.accounts) {
      expect(lines.some((line) => line.includes(account) && line.includes(reason))).toBe(true);
    }
    expect(lines.at(-1)).toContain('not watched: raydium-clmm');
  });

  it('brings the one that is there up to date, and makes no second one', async () => {
    const other = aWebhook({ webhookID: 'other', webhookURL: 'https://elsewhere.example/' });
    const { create, stored } = await setUp(other, aWebhook());
    const { lines } = await create();
    expect(lines[0]).toContain('updated webhook old');
    expect(stored).toHaveLength(2);
    expect(stored[0]).toEqual(other);
    expect(stored[1]).toMatchObject({ webhookID: 'old', webhookType: 'raw', authHeader: SECRET });
  });

  it('tells of a second one with the same URL', async () => {
    const { create } = await setUp(aWebhook(), aWebhook({ webhookID: 'double' }));
    const { lines, exitCode } = await create();
    expect(exitCode).toBe(1);
    expect(lines.join('\n')).toContain('npm run webhook -- delete --id double');
  });

  it('puts a new one in the place of one that Helius has switched off', async () => {
    const { create, stored } = await setUp(aWebhook({ active: false }));
    const { lines, exitCode } = await create();
    expect(lines[0]).toContain('replaced webhook new-1');
    expect(stored.map(({ webhookID }) => webhookID)).toEqual(['new-1']);
    expect(exitCode).toBe(0);
  });

  it('says nothing of the key and the secret', async () => {
    const { create } = await setUp(aWebhook());
    const told = JSON.stringify(await create());
    expect(told).not.toContain(API_KEY);
    expect(told).not.toContain(SECRET);
  });

  it('does not make a webhook without any account', async () => {
    const { helius, server } = await setUp();
    const plan = { accounts: [], unwatched: ['orca-whirlpool' as const] };
    await expect(createWebhook(helius, { url: 'u', secret: SECRET, plan })).rejects.toThrow(
      '--programs',
    );
    expect(server.asked).toEqual([]);
  });
});

describe('listWebhooks and deleteWebhooks', () => {
  it('shows all of them, and marks ours', async () => {
    const { helius } = await setUp(
      aWebhook(),
      aWebhook({ webhookID: 'b', webhookURL: 'https://b/', active: false }),
    );
    const { lines } = await listWebhooks(helius, URL_OF_STAGE);
    expect(lines).toEqual([
      `old  enhanced  1 accounts  ${URL_OF_STAGE}  (this stage)`,
      'b  enhanced  1 accounts  https://b/  SWITCHED OFF',
    ]);
    expect(JSON.stringify(await listWebhooks(helius, undefined))).not.toContain('former');
  });

  it('deletes those of the URL, and no other', async () => {
    const other = aWebhook({ webhookID: 'other', webhookURL: 'https://elsewhere.example/' });
    const { helius, stored } = await setUp(aWebhook(), other, aWebhook({ webhookID: 'double' }));
    const { json, exitCode } = await deleteWebhooks(helius, { url: URL_OF_STAGE });
    expect(json).toEqual({ deleted: ['old', 'double'] });
    expect(exitCode).toBe(0);
    expect(stored).toEqual([other]);
  });

  it.each([{ url: 'https://nobody.example/' }, { id: 'nobody' }])(
    'finds a problem when there is none of %o',
    async (which) => {
      const { helius, stored } = await setUp(aWebhook());
      const { lines, exitCode } = await deleteWebhooks(helius, which);
      expect(lines[0]).toContain('there is no webhook');
      expect(exitCode).toBe(1);
      expect(stored).toHaveLength(1);
    },
  );
});

describe('what Helius refuses', () => {
  it.each([
    { status: 401, says: 'check HELIUS_API_KEY' },
    { status: 403, says: 'check HELIUS_API_KEY' },
    { status: 400, says: 'HTTP 400: {"error":"webhook limit, … given"}' },
  ])('is told in a sentence ($status)', async ({ status, says }) => {
    const { create, failures, pauses } = await setUp();
    failures.push({ status, body: { error: `webhook limit, ${API_KEY} given` } });
    const error = await create().catch((caught: unknown) => caught);
    expect(String(error)).toContain(says);
    expect(String(error)).not.toContain(API_KEY);
    expect(pauses).toEqual([]);
  });

  it('is asked again after 429, and then made', async () => {
    const { create, failures, pauses, stored } = await setUp();
    failures.push({ status: 429, body: {} }, { status: 429, body: {} });
    await create();
    expect(pauses).toEqual([1_000, 2_000]);
    expect(stored).toHaveLength(1);
  });

  it('is given up after a few times of 429', async () => {
    const { create, failures } = await setUp();
    failures.push(...Array.from({ length: 4 }, () => ({ status: 429, body: {} })));
    await expect(create()).rejects.toThrow('too many calls (HTTP 429)');
  });

  it('may be no JSON at all', async () => {
    const { create, failures } = await setUp();
    failures.push({ body: { not: 'a list' } });
    await expect(create()).rejects.toThrow('no webhook');
  });
});

/** Runs the command as people do. */
const run = async (args: readonly string[], environment: Record<string, string>) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const { HELIUS_API_KEY: _, ...env } = process.env;
    const child = execFile(
      process.execPath,
      ['cli/commands/webhook.ts', ...args],
      { env: { ...env, ...environment } },
      (_error, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });

describe('npm run webhook', () => {
  it('finds key and secret in the stack, and prints neither', { timeout: 20_000 }, async () => {
    const { server, stored } = await setUp();
    const aws = await stubAws({
      GetSecretValue: ({ SecretId }) => ({
        body: {
          SecretString:
            SecretId === 'webhook-secret' ? SECRET : JSON.stringify({ HELIUS_API_KEY: API_KEY }),
        },
      }),
    });
    stops.push(aws.stop);
    // Only a port that is open says that the local stack runs.
    const environment = { VOLLEY_LOCAL_FILE: aws.localFile, HELIUS_API_URL: server.origin };
    const created = await run(['create', '--json'], environment);
    expect(created).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(created.out)).toMatchObject({ action: 'created' });
    expect(stored).toMatchObject([{ webhookURL: URL_OF_STAGE, authHeader: SECRET }]);
    const listed = await run(['list'], environment);
    const deleted = await run(['delete'], environment);
    expect(deleted).toMatchObject({ code: 0, out: 'deleted webhook new-1\n' });
    const all = JSON.stringify([created, listed, deleted]);
    expect(all).not.toContain(API_KEY);
    expect(all).not.toContain(SECRET);
  });

  it('refuses an address that Helius cannot reach', { timeout: 20_000 }, async () => {
    const refused = await run(['create', '--url', 'http://10.0.0.1/'], { HELIUS_API_KEY: API_KEY });
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('Helius cannot deliver to http://10.0.0.1/');
  });
});
