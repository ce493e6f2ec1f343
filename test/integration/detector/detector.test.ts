import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';

import { loadTradingConfig } from '#config/load-trading-config.ts';
import { WATCHED_ACCOUNTS } from '#functions/detector/watched-accounts.ts';
import { type TokenDetected, tokenDetectedSchema } from '#shared/domain/detection.ts';
import { DECISIONS, STATE, lookKey } from '#shared/domain/table-keys.ts';
import { aLaunch, openedBy } from '../../support/chain-transactions.ts';
import { type ChainServer, startChainServer } from '../../support/chain-server.ts';
import { signatureNamed } from '../../support/detections.ts';
import { type TestDatabase, testDatabase } from '../../support/dynamodb-tables.ts';
import { functionModule } from '../../support/function-module.ts';
import { lambdaContext } from '../../support/lambda-context.ts';
import { memoryChain } from '../../support/memory-sweep.ts';

type Handler = (event: unknown, context: Context) => Promise<unknown>;
const moduleSchema = z.object({
  handler: z.custom<Handler>((value) => typeof value === 'function'),
});
const answerSchema = z.object({ statusCode: z.number(), body: z.string() });

/** The size that DESIGN allows a function on the path of a token. */
const MAX_BUNDLE_BYTES = 600_000;
const SECRET = 'a secret of the webhook';
const MINT_AUTHORITY = WATCHED_ACCOUNTS[0]!.account;

describe('the bundled detector on SQS, DynamoDB and JSON-RPC', () => {
  const chain = memoryChain();
  const directory = mkdtempSync(join(tmpdir(), 'detector-'));
  let database: TestDatabase;
  let sqs: FauxqsServer;
  let rpc: ChainServer;
  let stopSecrets: () => void;
  let stateTable: string;
  let decisionsTable: string;
  let webhook: Handler;
  let sweep: Handler;
  let webhookBytes: number;

  beforeAll(async () => {
    [database, sqs, rpc] = await Promise.all([
      testDatabase(),
      startFauxqs({ port: 0, logger: false }),
      startChainServer(chain),
    ]);
    stateTable = await database.table(STATE.partitionKey);
    decisionsTable = await database.table(DECISIONS.partitionKey, DECISIONS.sortKey);
    sqs.createQueue('tokens');
    const secrets = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => {
        const { SecretId } = z.object({ SecretId: z.string() }).parse(JSON.parse(chunk.toString()));
        const SecretString = SecretId === 'webhook' ? SECRET : '{"PATH_OF_RPC":"rpc"}';
        response.setHeader('content-type', 'application/x-amz-json-1.1');
        response.end(JSON.stringify({ SecretString }));
      });
    });
    await new Promise<void>((resolve) => {
      secrets.listen(0, '127.0.0.1', resolve);
    });
    const secretsPort = z.object({ port: z.number() }).parse(secrets.address()).port;
    stopSecrets = () => {
      secrets.closeAllConnections();
      secrets.close();
    };
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
      AWS_ENDPOINT_URL_SQS: `http://127.0.0.1:${sqs.port}`,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${secretsPort}`,
      POWERTOOLS_SERVICE_NAME: 'detector',
      POWERTOOLS_METRICS_NAMESPACE: 'Volley',
      POWERTOOLS_METRICS_DISABLED: 'true',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      TOKENS_QUEUE_URL: `http://127.0.0.1:${sqs.port}/000000000000/tokens`,
      STATE_TABLE: stateTable,
      DECISIONS_TABLE: decisionsTable,
      WEBHOOK_SECRET_ARN: 'webhook',
      UPSTREAM_SECRET_ARN: 'upstream',
    });

    const base = loadTradingConfig({ stage: 'paper' });
    const { host } = new URL(rpc.url);
    const config = {
      ...base,
      detector: {
        ...base.detector,
        venues: ['pump-fun' as const],
        sweep_interval_seconds: 5,
        max_tokens_per_minute: 1_000,
        max_tokens_per_day: 2_000,
      },
      upstreams: {
        ...base.upstreams,
        // The first endpoint is not there: the sweep lives on the second.
        rpc: {
          ...base.upstreams.rpc,
          urls: ['http://127.0.0.1:9', `http://${host}/\${PATH_OF_RPC}`],
        },
      },
    };
    const load = async (name: string) => {
      const bundle = functionModule(
        `functions/detector/${name}-handler.ts`,
        config,
        `${directory}/${name}`,
      );
      const { handler } = moduleSchema.parse(await bundle.load());
      return { handler, size: bundle.size };
    };
    const [loadedWebhook, loadedSweep] = [await load('webhook'), await load('sweep')];
    webhook = loadedWebhook.handler;
    sweep = loadedSweep.handler;
    webhookBytes = loadedWebhook.size;
  });

  afterAll(async () => {
    stopSecrets();
    await Promise.all([database.stop(), sqs.stop(), rpc.stop()]);
    rmSync(directory, { recursive: true, force: true });
  });

  beforeEach(() => {
    sqs.reset();
  });

  const queued = (): TokenDetected[] =>
    (sqs.inspectQueue('tokens')?.messages.ready ?? []).map(({ body }) =>
      tokenDetectedSchema.parse(JSON.parse(body)),
    );
  const mintsQueued = () => queued().map(({ mint }) => mint);

  const post = async (body: unknown, authorization = SECRET) =>
    answerSchema.parse(
      await webhook(
        {
          version: '2.0',
          requestContext: { http: { method: 'POST' } },
          headers: { authorization },
          body: JSON.stringify(body),
          isBase64Encoded: false,
        },
        lambdaContext(),
      ),
    );
  /** One round: the function has a moment left when the reserve is taken off. */
  const sweepOnce = async () => sweep({}, lambdaContext(8_000));
  const land = (name: string, slot: number) => {
    const blockTime = Math.floor(Date.now() / 1_000);
    const body = aLaunch({ name, slot, blockTime });
    chain.land(MINT_AUTHORITY, {
      signature: signatureNamed(name),
      slot,
      blockTime,
      failed: false,
      body,
    });
    return body;
  };
  const stateItem = async (id: string) => {
    const Key = { [STATE.partitionKey]: { S: id } };
    return (await database.client.send(new GetItemCommand({ TableName: stateTable, Key }))).Item;
  };

  it('keeps the bundle on the path of a token small', () => {
    expect(webhookBytes).toBeLessThan(MAX_BUNDLE_BYTES);
  });

  it('puts what the webhook brings on the queue, 45 pools at once', async () => {
    const names = Array.from({ length: 45 }, (_, index) => `webhook ${index}`);
    const answer = await post(names.map((name) => aLaunch({ name })));
    expect(answer).toEqual({
      statusCode: 200,
      body: '{"accepted":45,"detected":45,"unresolved":0}',
    });
    expect(mintsQueued().sort()).toEqual(names.map((name) => openedBy(name).mint).sort());
  });

  it('lets nobody else in', async () => {
    expect(await post([aLaunch({ name: 'stranger' })], 'wrong')).toMatchObject({ statusCode: 401 });
    expect(queued()).toEqual([]);
  });

  it('sweeps what the webhook missed, once, and leaves what is decided', async () => {
    land('before the sweep', 10);
    await sweepOnce();
    expect(queued()).toEqual([]);

    land('missed', 11);
    land('decided', 12);
    const { mint, pool } = openedBy('decided');
    const Item = {
      [DECISIONS.partitionKey]: { S: mint },
      [DECISIONS.sortKey]: { S: lookKey(pool, 1) },
    };
    await database.client.send(new PutItemCommand({ TableName: decisionsTable, Item }));
    await sweepOnce();
    expect(queued()).toMatchObject([{ ...openedBy('missed'), source: 'sweep' }]);
    expect(await stateItem(`cursor#${MINT_AUTHORITY}`)).toMatchObject({
      signature: { S: signatureNamed('decided') },
      slot: { N: '12' },
    });

    await sweepOnce();
    expect(queued()).toHaveLength(1);
  });

  it('waits while the RPC is out of quota, and finds everything after', async () => {
    land('during the outage', 20);
    rpc.respond = () => ({
      status: 200,
      body: { error: { code: 429, message: 'Too many requests' } },
    });
    await sweepOnce();
    expect(queued()).toEqual([]);
    rpc.respond = undefined;
    await sweepOnce();
    expect(mintsQueued()).toEqual([openedBy('during the outage').mint]);
  });

  it('asks the sender to try again while the queue is gone, and takes it all then', async () => {
    const body = [aLaunch({ name: 'again' })];
    sqs.deleteQueue('tokens');
    expect(await post(body)).toMatchObject({ statusCode: 503 });
    sqs.createQueue('tokens');
    expect(await post(body)).toMatchObject({ statusCode: 200 });
    expect(mintsQueued()).toEqual([openedBy('again').mint]);
  });

  it('drops what is beyond the cap of the minute', async () => {
    const names = Array.from({ length: 1_100 }, (_, index) => `burst ${index}`);
    const answer = await post(names.map((name) => aLaunch({ name })));
    expect(answer.statusCode).toBe(200);
    const { detected } = z.object({ detected: z.number() }).parse(JSON.parse(answer.body));
    expect(detected).toBeLessThanOrEqual(1_000);
    expect(queued()).toHaveLength(detected);
  });
});
