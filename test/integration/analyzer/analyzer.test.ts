import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { getTokenEncoder } from '@solana-program/token';
import { type Address as KitAddress, none } from '@solana/kit';
import type { Context } from 'aws-lambda';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';

import { loadTradingConfig } from '#config/load-trading-config.ts';
import { decisionOfItem } from '#shared/adapters/aws/decision-item.ts';
import { type Address } from '#shared/domain/address.ts';
import type { Decision } from '#shared/domain/decision.ts';
import { type TokenDetected, tokenDetectedSchema } from '#shared/domain/detection.ts';
import { DECISIONS, STATE, lookKey } from '#shared/domain/table-keys.ts';
import { TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from '#shared/domain/token-mint.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { aDetection, addressNamed } from '../../support/detections.ts';
import { type TestDatabase, testDatabase } from '../../support/dynamodb-tables.ts';
import { anOpening } from '../../support/evidence.ts';
import { functionModule } from '../../support/function-module.ts';
import { lambdaContext } from '../../support/lambda-context.ts';
import { mint2022Bytes, mintBytes, tlv, tokenMetadata } from '../../support/mint-bytes.ts';
import { type StubAnswer, type StubServer, stubServer } from '../../support/stub-server.ts';

type Handler = (event: unknown, context: Context) => Promise<unknown>;
const moduleSchema = z.object({
  handler: z.custom<Handler>((value) => typeof value === 'function'),
});
/** The size that DESIGN allows a function on the path of a token. */
const MAX_BUNDLE_BYTES = 600_000;
const RPC_KEY = 'the-key-of-the-node';

const opening = anOpening();
const holder = addressNamed('alice');
const SUPPLY = 1_000_000_000n;

const account = (owner: Address, data: Uint8Array) => ({
  owner,
  data: [Buffer.from(data).toString('base64'), 'base64'],
});
const tokenAccount = (mint: Address, owner: Address, amount: bigint) =>
  account(
    TOKEN_PROGRAM,
    Uint8Array.from(
      getTokenEncoder().encode({
        mint: mint as string as KitAddress,
        owner: owner as string as KitAddress,
        amount,
        delegate: none(),
        state: 1,
        isNative: none(),
        delegatedAmount: 0n,
        closeAuthority: none(),
      }),
    ),
  );

const SIGNATURE = '5'.repeat(88);

/** A detection of a moment ago: the token's pool of that name. */
const seen = (pool: string, changes: Partial<TokenDetected> = {}): TokenDetected => {
  const now = Date.now();
  const at = { detectedAt: now - 100, dueAt: now - 100 };
  return aDetection({ ...opening, pool: addressNamed(pool), ...at, ...changes });
};

describe('the bundled analyzer on DynamoDB and its upstreams', () => {
  const directory = mkdtempSync(join(tmpdir(), 'analyzer-'));
  const before = { ...process.env };
  let database: TestDatabase;
  let sqs: FauxqsServer;
  let secrets: StubServer;
  let upstreams: StubServer;
  let table: string;
  let handler: Handler;
  let bundleBytes: number;
  /** Base of the mint as the node shows it. */
  let mintBase = mintBytes({ supply: SUPPLY });
  let down = new Set<string>();
  /** Whether the node lists the holders already. */
  let isListed = true;

  const rpc = (body: string): StubAnswer => {
    const { id, method, params } = z
      .object({ id: z.number(), method: z.string(), params: z.array(z.unknown()) })
      .parse(JSON.parse(body));
    const result = (value: unknown) => ({ body: { jsonrpc: '2.0', id, result: { value } } });
    if (method === 'getTokenLargestAccounts') {
      const error = { code: -32_602, message: 'Invalid param: could not find mint' };
      if (!isListed) return { body: { jsonrpc: '2.0', id, error } };
      return result([{ address: addressNamed("alice's account"), amount: '10000000' }]);
    }
    // The opening's own transaction, in which the holder bought, is all that its slot has.
    if (method === 'getSignaturesForAddress') {
      const entry = { signature: SIGNATURE, slot: seen('any').slot, err: null, blockTime: null };
      return { body: { jsonrpc: '2.0', id, result: [entry] } };
    }
    if (method === 'getTransaction') {
      const bought = { mint: opening.mint, owner: holder, uiTokenAmount: { amount: '10000000' } };
      const meta = { preTokenBalances: [], postTokenBalances: [bought] };
      return { body: { jsonrpc: '2.0', id, result: { meta } } };
    }
    const [keys] = z
      .tuple([z.array(z.string())])
      .rest(z.unknown())
      .parse(params);
    if (keys.length === 1) return result([tokenAccount(opening.mint, holder, 10_000_000n)]);
    const metadata = tokenMetadata(opening.mint, null, 'Gary the Cat', 'GARY', 'ipfs://bafygary');
    return result([
      account(TOKEN_2022_PROGRAM, mint2022Bytes([tlv(19, metadata)], mintBase)),
      null,
      null,
      tokenAccount(opening.mint, opening.pool, 200_000_000n),
      tokenAccount(WRAPPED_SOL, opening.pool, 85_000_000_000n),
      account(TOKEN_PROGRAM, mintBytes({ supply: 0n })),
    ]);
  };

  const answer = (path: string, body: string): StubAnswer => {
    const [, upstream = ''] = path.split('/');
    if (down.has(upstream)) return { status: 503, body: {} };
    switch (upstream) {
      case 'rpc':
        return rpc(body);
      case 'jupiter':
        return {
          body: [
            {
              id: opening.mint,
              stats5m: { numTraders: 152, numNetBuyers: 102 },
              audit: { devMints: 1 },
            },
          ],
        };
      case 'rugcheck':
        return { body: { score_normalised: 1, rugged: false, risks: [] } };
      case 'dexscreener':
        return { body: [{ info: { socials: [{ type: 'twitter', url: 'https://x.com/gary' }] } }] };
      case 'ipfs':
        return { body: { name: 'Gary the Cat', website: 'https://gary.example' } };
      default:
        return { status: 404, body: {} };
    }
  };

  beforeAll(async () => {
    [database, sqs, secrets, upstreams] = await Promise.all([
      testDatabase(),
      startFauxqs({ port: 0, logger: false }),
      stubServer(() => ({
        body: {
          SecretString: JSON.stringify({ RPC_KEY, JUPITER_API_KEY: 'jup-key', X_BEARER_TOKEN: '' }),
        },
      })),
      stubServer(({ url, body }) => answer(url.pathname, body)),
    ]);
    sqs.createQueue('tokens');
    table = await database.table(DECISIONS.partitionKey, DECISIONS.sortKey);
    const config = loadTradingConfig({ stage: 'test' });
    const at = (path: string) => `${upstreams.origin}/${path}`;
    const module = functionModule(
      'functions/analyzer/handler.ts',
      {
        ...config,
        upstreams: {
          ...config.upstreams,
          rpc: { ...config.upstreams.rpc, urls: [at('rpc/?api-key=${RPC_KEY}')] },
          jupiter: { ...config.upstreams.jupiter, url: at('jupiter') },
          rugcheck: { ...config.upstreams.rugcheck, url: at('rugcheck') },
          dexscreener: { ...config.upstreams.dexscreener, url: at('dexscreener') },
          metadata: {
            ...config.upstreams.metadata,
            ipfs_gateway: at('ipfs/'),
            arweave_gateway: at('arweave/'),
          },
        },
      },
      directory,
    );
    bundleBytes = module.size;
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.origin,
      POWERTOOLS_SERVICE_NAME: 'analyzer',
      POWERTOOLS_METRICS_NAMESPACE: 'Volley',
      POWERTOOLS_METRICS_DISABLED: 'true',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      DECISIONS_TABLE: table,
      STATE_TABLE: await database.table(STATE.partitionKey),
      AWS_ENDPOINT_URL_SQS: `http://127.0.0.1:${sqs.port}`,
      TOKENS_QUEUE_URL: `http://127.0.0.1:${sqs.port}/000000000000/tokens`,
      UPSTREAM_SECRET_ARN: 'upstream',
    });
    ({ handler } = moduleSchema.parse(await module.load()));
  });
  afterAll(async () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
    rmSync(directory, { recursive: true, force: true });
    await Promise.all([database.stop(), sqs.stop(), secrets.stop(), upstreams.stop()]);
  });
  beforeEach(() => {
    upstreams.asked.length = 0;
    mintBase = mintBytes({ supply: SUPPLY });
    down = new Set();
    isListed = true;
  });

  const deliver = async (message: unknown, receives = 1) =>
    handler(
      {
        Records: [
          {
            messageId: 'one',
            body: JSON.stringify(message),
            attributes: { ApproximateReceiveCount: String(receives) },
          },
        ],
      },
      lambdaContext(15_000),
    );
  const stored = async ({ mint, pool, look }: TokenDetected): Promise<Decision | undefined> => {
    const Key = { mint: { S: mint }, look: { S: lookKey(pool, look) } };
    const { Item } = await database.client.send(new GetItemCommand({ TableName: table, Key }));
    return Item && decisionOfItem(Item);
  };

  it('is as small as it has to be', () => {
    expect(bundleBytes).toBeLessThan(MAX_BUNDLE_BYTES);
  });

  it('decides on a sound token and stores the decision with its evidence', async () => {
    const message = seen('sound');
    expect(await deliver(message)).toEqual({ batchItemFailures: [] });
    const decision = await stored(message);
    expect(decision).toMatchObject({
      verdict: 'BUY',
      name: 'Gary the Cat',
      symbol: 'GARY',
      endedEarly: false,
      plan: { stakeLamports: 100_000_000n },
      evidence: {
        checks: {
          holders: { finding: { facts: { top1Bps: 100, pooledBps: 0, bundleBps: 100 } } },
          social: { finding: { facts: { twitter: 'gary', website: 'https://gary.example/' } } },
          organic: { finding: { facts: { traders: 152 } } },
          liquidity: { finding: { facts: { lockedLiquidityBps: 10_000 } } },
        },
      },
    });
    const paths = upstreams.asked.map(({ url }) => url.pathname);
    expect(paths.filter((path) => path === '/rpc')).toHaveLength(5);
    expect(paths).toHaveLength(9);
    expect(upstreams.asked.find(({ url }) => url.pathname === '/rpc')?.url.search).toBe(
      `?api-key=${RPC_KEY}`,
    );
    const jupiter = upstreams.asked.find(({ url }) => url.pathname.startsWith('/jupiter'));
    expect(jupiter?.headers['x-api-key']).toBe('jup-key');
  });

  it('asks nobody about a message that comes again and has its decision', async () => {
    const message = seen('again');
    await deliver(message);
    const first = await stored(message);
    upstreams.asked.length = 0;
    expect(await deliver(message, 2)).toEqual({ batchItemFailures: [] });
    expect(upstreams.asked).toEqual([]);
    expect(await stored(message)).toEqual(first);
  });

  it('analyses a message that comes again and has none', async () => {
    const message = seen('undecided');
    expect(await deliver(message, 2)).toEqual({ batchItemFailures: [] });
    expect((await stored(message))?.verdict).toBe('BUY');
  });

  it('refuses a token that somebody can freeze', async () => {
    mintBase = mintBytes({ supply: SUPPLY, freezeAuthority: holder });
    const message = seen('freezable');
    await deliver(message);
    const decision = await stored(message);
    expect(decision).toMatchObject({ verdict: 'SKIP', score: 0, endedEarly: true });
    expect(decision?.reasons[0]).toContain('can freeze');
  });

  it('refuses what it cannot learn, and says so without a key', async () => {
    down = new Set(['rpc', 'jupiter']);
    const message = seen('unknown');
    expect(await deliver(message)).toEqual({ batchItemFailures: [] });
    const decision = await stored(message);
    expect(decision?.shouldTrade).toBe(false);
    expect(decision?.rules.find(({ rule }) => rule === 'token-program')).toMatchObject({
      status: 'unknown',
      reason: expect.stringContaining('HTTP 503') as string,
    });
    const text = JSON.stringify(decision, (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(text).not.toContain(RPC_KEY);
  });

  it('looks again at a token whose holders are not listed yet', async () => {
    isListed = false;
    const message = seen('unlisted');
    expect(await deliver(message)).toEqual({ batchItemFailures: [] });
    expect((await stored(message))?.verdict).toBe('WATCH');
    const { delayed = [] } = sqs.inspectQueue('tokens')?.messages ?? {};
    const next = delayed
      .map(({ body }) => tokenDetectedSchema.parse(JSON.parse(body)))
      .find(({ pool }) => pool === message.pool);
    expect(next).toEqual({ ...message, look: 2, dueAt: message.detectedAt + 15_000 });

    isListed = true;
    upstreams.asked.length = 0;
    expect(await deliver(next)).toEqual({ batchItemFailures: [] });
    expect(await stored(next!)).toMatchObject({ verdict: 'BUY', look: 2, name: 'Gary the Cat' });
    const asked = upstreams.asked.map(({ url }) => url.pathname.split('/')[1]);
    // The document and the profile are known from the first look.
    expect(new Set(asked)).toEqual(new Set(['rpc', 'jupiter', 'rugcheck']));
  });

  it('records a look that is overdue as expired, and asks nobody', async () => {
    const message = seen('overdue', { dueAt: Date.now() - 31_000 });
    await deliver(message);
    expect(await stored(message)).toMatchObject({ verdict: 'EXPIRED', evidence: null, checks: {} });
    expect(upstreams.asked).toEqual([]);
  });

  it('reports a message that it does not understand', async () => {
    expect(await deliver({ version: 2 })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'one' }],
    });
  });
});
