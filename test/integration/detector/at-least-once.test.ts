import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { type DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';

import { loadTradingConfig } from '#config/load-trading-config.ts';
import { Random } from '#infra/local/market/random.ts';
import { type Market, startMarket } from '#infra/local/market/start-market.ts';
import { dynamoDecisionLedger } from '#shared/adapters/aws/dynamo-decision-ledger.ts';
import { poolOpeningSchema, tokenDetectedSchema } from '#shared/domain/detection.ts';
import { DECISIONS, STATE } from '#shared/domain/table-keys.ts';
import { aDecision } from '../../support/decisions.ts';
import { type TestDatabase, testDatabase } from '../../support/dynamodb-tables.ts';
import { functionModule } from '../../support/function-module.ts';
import { lambdaContext } from '../../support/lambda-context.ts';

type Handler = (event: unknown, context: Context) => Promise<unknown>;
const moduleSchema = z.object({
  handler: z.custom<Handler>((value) => typeof value === 'function'),
});
const answerSchema = z.object({ statusCode: z.number(), body: z.string() });
const batchSchema = z.object({ Entries: z.array(z.looseObject({ Id: z.string() })) });

const SECRET = 'secret of the webhook, long enough';
/** One round of the sweep: the function's reserve of 5 s, and no second interval. */
const ONE_ROUND_MS = 24_000;

/** A server on a free port. */
async function serve(
  listener: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
) {
  const server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

/** A queue in front of a queue, that refuses entries of a batch as SQS does when it is busy. */
async function refusingQueue(behind: string) {
  /** Whether this entry is refused; counted over all entries that ever came. */
  const state = { refuse: (_entry: number): boolean => false, entries: 0, refused: 0 };
  const pass = async (request: IncomingMessage, body: unknown) => {
    const headers = Object.fromEntries(
      ['content-type', 'x-amz-target', 'authorization', 'x-amz-date'].flatMap((name) => {
        const value = request.headers[name];
        return typeof value === 'string' ? [[name, value]] : [];
      }),
    );
    const answer = await fetch(behind, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const server = await serve(async (request, response) => {
    const input: unknown = JSON.parse((await buffer(request)).toString());
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(body));
    };
    const batch = batchSchema.safeParse(input);
    if (!String(request.headers['x-amz-target']).endsWith('SendMessageBatch') || !batch.success) {
      const { status, body } = await pass(request, input);
      send(status, body);
      return;
    }
    const refused: string[] = [];
    const taken = batch.data.Entries.filter(({ Id }) => {
      state.entries += 1;
      if (!state.refuse(state.entries)) return true;
      refused.push(Id);
      return false;
    });
    state.refused += refused.length;
    const { body } =
      taken.length === 0
        ? { body: { Successful: [] } }
        : await pass(request, { ...(input as object), Entries: taken });
    send(200, {
      ...body,
      Failed: refused.map((Id) => ({ Id, Code: 'InternalError', SenderFault: false })),
    });
  });
  return { ...server, state };
}

describe('from the chain to one decision, whatever fails', () => {
  const directory = mkdtempSync(join(tmpdir(), 'at-least-once-'));
  const stops: (() => Promise<void>)[] = [];
  let database: TestDatabase;
  let fauxqs: FauxqsServer;
  let market: Market;
  let queue: Awaited<ReturnType<typeof refusingQueue>>;
  let sqs: SQSClient;
  let webhook: Handler;
  /** Two environments: what one remembers, the other does not. */
  let sweeps: Handler[];
  let stateTable: string;
  let decisionsTable: string;
  /** How the detector's address behaves, and what came to it. */
  const detector = { mode: 'alive' as 'alive' | 'dead' | 'aside', bodies: [] as Buffer[] };
  /** The market's clock runs behind, so that a minute there takes no minute here. */
  let behindMs = 300_000;

  beforeAll(async () => {
    [database, fauxqs] = await Promise.all([
      testDatabase(),
      startFauxqs({ port: 0, logger: false }),
    ]);
    fauxqs.createQueue('tokens');
    stateTable = await database.table(STATE.partitionKey);
    decisionsTable = await database.table(DECISIONS.partitionKey, DECISIONS.sortKey);
    queue = await refusingQueue(`http://127.0.0.1:${fauxqs.port}/`);
    market = await startMarket({
      seed: 'at least once',
      latencyMs: 0,
      duplicateRate: 0,
      now: () => Date.now() - behindMs,
    });
    const secrets = await serve(async (request, response) => {
      const { SecretId } = z
        .object({ SecretId: z.string() })
        .parse(JSON.parse((await buffer(request)).toString()));
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(JSON.stringify({ SecretString: SecretId === 'webhook' ? SECRET : '{}' }));
    });
    const url = await serve(async (request, response) => {
      const body = await buffer(request);
      detector.bodies.push(body);
      if (detector.mode !== 'alive') {
        response.writeHead(detector.mode === 'dead' ? 503 : 200).end();
        return;
      }
      const { statusCode } = await post(body, String(request.headers.authorization));
      response.writeHead(statusCode).end();
    });
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
      AWS_ENDPOINT_URL_SQS: queue.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      POWERTOOLS_SERVICE_NAME: 'detector',
      POWERTOOLS_METRICS_NAMESPACE: 'Volley',
      POWERTOOLS_METRICS_DISABLED: 'true',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      TOKENS_QUEUE_URL: `${queue.url}/000000000000/tokens`,
      STATE_TABLE: stateTable,
      DECISIONS_TABLE: decisionsTable,
      WEBHOOK_SECRET_ARN: 'webhook',
      UPSTREAM_SECRET_ARN: 'upstream',
    });
    sqs = new SQSClient({ endpoint: queue.url });
    const base = loadTradingConfig({ stage: 'test' });
    const config = {
      ...base,
      detector: { ...base.detector, sweep_programs: true },
      upstreams: {
        ...base.upstreams,
        rpc: { ...base.upstreams.rpc, urls: [`${market.url}/rpc`], timeout_ms: 5_000 },
      },
    };
    const load = async (entry: string, name: string) => {
      const path = `functions/detector/${entry}-handler.ts`;
      return moduleSchema.parse(await functionModule(path, config, `${directory}/${name}`).load())
        .handler;
    };
    webhook = await load('webhook', 'webhook');
    sweeps = [await load('sweep', 'one'), await load('sweep', 'two')];
    market.webhooks.register({ url: `${url.url}/`, authorization: SECRET });
    stops.push(market.close, url.stop, secrets.stop, queue.stop, () => fauxqs.stop());
    stops.push(database.stop);
    // The first round only notes where it begins.
    await sweep();
  });

  afterAll(async () => {
    for (const stop of stops) await stop();
    rmSync(directory, { recursive: true, force: true });
  });

  beforeEach(() => {
    detector.mode = 'alive';
    detector.bodies.length = 0;
    queue.state.refuse = () => false;
    queue.state.refused = 0;
  });

  const post = async (body: Buffer, authorization = SECRET) =>
    answerSchema.parse(
      await webhook(
        {
          version: '2.0',
          requestContext: { http: { method: 'POST' } },
          headers: { authorization },
          body: body.toString(),
          isBase64Encoded: false,
        },
        lambdaContext(),
      ),
    );
  const sweep = async (environment = 0) => sweeps[environment]!({}, lambdaContext(ONE_ROUND_MS));

  const known = new Set<string>();
  /** Opens tokens on all venues, and answers with the pools (`<mint>/<pool>`) that are new then. */
  const open = async (tokens: number, seed: string): Promise<string[]> => {
    await market.open({ tokens, ratePerSecond: 1_000, seed });
    const pools = market.truth().map(({ mint, pool }) => `${mint}/${pool}`);
    const fresh = pools.filter((pool) => !known.has(pool));
    for (const pool of fresh) known.add(pool);
    return fresh;
  };
  const delivered = async () => {
    while (market.webhooks.inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const queued = () =>
    (fauxqs.inspectQueue('tokens')?.messages.ready ?? []).map(({ body }) => {
      const { mint, pool, source } = tokenDetectedSchema.parse(JSON.parse(body));
      return { pool: `${mint}/${pool}`, source };
    });

  /** What the analyzers do with the queue: one conditional put for each message. */
  const decide = async (client: DynamoDBClient): Promise<{ stored: string[]; again: number }> => {
    const ledger = dynamoDecisionLedger({ tableName: decisionsTable, keepDays: 1, client });
    const stored: string[] = [];
    let again = 0;
    for (;;) {
      const QueueUrl = process.env['TOKENS_QUEUE_URL'];
      const { Messages } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages === undefined || Messages.length === 0) return { stored, again };
      for (const { Body = '', ReceiptHandle } of Messages) {
        const detected = tokenDetectedSchema.parse(JSON.parse(Body));
        const decision = aDecision({}, { opening: poolOpeningSchema.parse(detected) });
        const result = await ledger.record(decision, AbortSignal.timeout(5_000));
        if (result === 'stored') stored.push(`${detected.mint}/${detected.pool}`);
        else again += 1;
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  };

  const cursors = async () =>
    (await database.client.send(new ScanCommand({ TableName: stateTable }))).Items!.filter((item) =>
      item[STATE.partitionKey]!.S!.startsWith('cursor#'),
    );
  /** As if nothing had been swept since. */
  const rewind = async (items: Awaited<ReturnType<typeof cursors>>) => {
    for (const Item of items) {
      await database.client.send(new PutItemCommand({ TableName: stateTable, Item }));
    }
  };

  it('finds every pool once by the sweep while webhooks are dead for a minute', async () => {
    detector.mode = 'dead';
    const pools: string[] = [];
    for (let quarter = 0; quarter < 4; quarter += 1) {
      pools.push(...(await open(15, `dead ${quarter}`)));
      behindMs -= 15_000;
      if (quarter % 2 === 1) await sweep();
    }
    expect(pools.length).toBeGreaterThanOrEqual(60);
    expect(detector.bodies.length).toBeGreaterThan(0);
    expect(queued().every(({ source }) => source === 'sweep')).toBe(true);
    expect(
      queued()
        .map(({ pool }) => pool)
        .sort(),
    ).toEqual(pools.toSorted());

    // The sender has not given up: all that was refused comes again.
    detector.mode = 'alive';
    await delivered();
    expect(market.webhooks.counts).toMatchObject({ failed: 0 });
    const { stored, again } = await decide(database.client);
    expect(stored.sort()).toEqual(pools.toSorted());
    expect(again).toBeGreaterThan(0);
    await sweep();
    await sweep(1);
    expect(queued()).toEqual([]);
  });

  it('brings every pool to the queue once while it refuses half of each batch', async () => {
    queue.state.refuse = (entry) => entry % 2 === 0;
    // Half of a half of a half: three tries leave one in eight, and the sender comes again.
    const pools = await open(40, 'half');
    await delivered();
    expect(queue.state.refused).toBeGreaterThan(20);
    queue.state.refuse = () => false;
    expect(new Set(queued().map(({ pool }) => pool))).toEqual(new Set(pools));
    const { stored } = await decide(database.client);
    expect(stored.sort()).toEqual(pools.toSorted());
  });

  it('leaves nothing out while the queue refuses all for a time, and sweeps what is given up', async () => {
    detector.mode = 'aside';
    const pools = await open(20, 'gone');
    await delivered();
    queue.state.refuse = () => true;
    for (const body of detector.bodies) expect((await post(body)).statusCode).toBe(503);
    const before = await cursors();
    await sweep();
    expect(queued()).toEqual([]);
    // Where nothing was accepted the cursor has not moved past it.
    const after = await cursors();
    expect(after.filter((cursor, at) => cursor['slot']!.N === before[at]!['slot']!.N)).not.toEqual(
      [],
    );
    queue.state.refuse = () => false;
    await sweep();
    expect(
      queued()
        .map(({ pool }) => pool)
        .sort(),
    ).toEqual(pools.toSorted());
    await decide(database.client);
  });

  it.each(['a', 'b', 'c'])(
    'comes to one decision a pool when both sources deliver all twice, in any order (%s)',
    async (seed) => {
      detector.mode = 'aside';
      const start = await cursors();
      const pools = await open(25, `twice ${seed}`);
      await delivered();
      const stored: string[] = [];
      const steps: (() => Promise<void>)[] = [
        ...[...detector.bodies, ...detector.bodies].map((body) => async () => {
          expect((await post(body)).statusCode).toBe(200);
        }),
        ...[0, 1].map((environment) => async () => {
          await rewind(start);
          await sweep(environment);
        }),
        ...[1, 2, 3].map(() => async () => {
          stored.push(...(await decide(database.client)).stored);
        }),
      ];
      const random = new Random(`order ${seed}`);
      while (steps.length > 0) {
        const [step] = steps.splice(Math.floor(random.next() * steps.length), 1);
        await step!();
      }
      stored.push(...(await decide(database.client)).stored);
      expect(stored.sort()).toEqual(pools.toSorted());
    },
  );
});
