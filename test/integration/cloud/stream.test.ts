import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import {
  type DynamoDbEndpoint,
  startDynamoDbLocal,
} from '#infra/local/cloud/emulators/dynamodb-local.ts';
import { anyNumber, anyString, containing, matching } from './matching.ts';
import { type RunningCloud, runCloud } from './running-cloud.ts';
import { arnOf, fromState, itemsTable, lambda, resource } from './small-app.ts';

/** Logs the ids that it gets, and fails as the items say. */
const READER = `
export const handler = async (event) => {
  const items = event.Records.map(({ dynamodb }) => dynamodb.NewImage);
  process.stdout.write(JSON.stringify({ at: 'batch', ids: items.map((item) => item.id.S + '=' + item.n.N), event }) + '\\n');
  await new Promise((resolve) => setTimeout(resolve, Number(items[0].ms?.N ?? 0)));
  if (items.some((item) => item.act?.S === 'throw')) throw new Error('bad batch');
  const bad = event.Records.filter(({ dynamodb }) => dynamodb.NewImage.act?.S === 'report');
  return { batchItemFailures: bad.map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber })) };
};
`;

const CREDENTIALS = { accessKeyId: 'any', secretAccessKey: 'any' };

let dynamodb: DynamoDbEndpoint;
let client: DynamoDBClient;
let running: RunningCloud | undefined;

beforeAll(async () => {
  dynamodb = await startDynamoDbLocal();
  client = new DynamoDBClient({
    endpoint: dynamodb.endpoint,
    region: 'eu-west-1',
    credentials: CREDENTIALS,
  });
});
afterAll(async () => {
  client.destroy();
  await dynamodb.stop();
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function start(mapping: Readonly<Record<string, unknown>>): Promise<RunningCloud> {
  running = await runCloud(
    {
      bundles: { reader: READER },
      state: { Items: itemsTable, Failures: resource('AWS::S3::Bucket') },
      stateOutputs: {
        ItemsTable: { Ref: 'Items' },
        FailuresBucket: { Ref: 'Failures' },
        PublishOutputStream: { 'Fn::GetAtt': ['Items', 'StreamArn'] },
        PublishOutputFailures: arnOf('Failures'),
      },
      pipeline: {
        Reader: lambda('reader'),
        Source: resource('AWS::Lambda::EventSourceMapping', {
          BatchSize: 10,
          EventSourceArn: fromState('PublishOutputStream'),
          FunctionName: arnOf('Reader'),
          StartingPosition: 'TRIM_HORIZON',
          DestinationConfig: { OnFailure: { Destination: fromState('PublishOutputFailures') } },
          ...mapping,
        }),
      },
    },
    { dynamodbEndpoint: dynamodb.endpoint, streamPollIntervalMs: 20 },
  );
  return running;
}

type Item = {
  readonly id: string;
  readonly n?: number;
  readonly act?: string;
  readonly ms?: number;
};

/** Puts items into the table; the mapping sees those of one call in one poll, as a rule. */
async function put(items: readonly Item[]): Promise<void> {
  const TableName = running?.cloud.outputs.get('ItemsTable');
  for (const { id, n = 0, act, ms } of items)
    await client.send(
      new PutItemCommand({
        TableName,
        Item: {
          id: { S: id },
          n: { N: String(n) },
          ...(act === undefined ? {} : { act: { S: act } }),
          ...(ms === undefined ? {} : { ms: { N: String(ms) } }),
        },
      }),
    );
}

const batches = (): readonly string[][] =>
  (running?.logged() ?? []).map(({ ids }) => (Array.isArray(ids) ? ids.map(String) : []));

/** A first item that takes long, so that those after it wait and come as one batch. */
const BLOCKER = { id: 'blocker', ms: 400 };

async function keptFailures(): Promise<
  readonly { readonly key: string; readonly body: unknown }[]
> {
  const s3 = new S3Client({
    endpoint: running?.cloud.endpoints.s3 ?? '',
    region: 'us-east-1',
    credentials: CREDENTIALS,
  });
  const Bucket = running?.cloud.outputs.get('FailuresBucket');
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const kept = [];
  for (const { Key } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const body: unknown = JSON.parse((await Body?.transformToString()) ?? '');
    kept.push({ key: Key ?? '', body });
  }
  s3.destroy();
  return kept;
}

describe('a table with a function behind its stream', () => {
  it('hands records over in the form in which Lambda does, and only those that pass the filter', async () => {
    const { cloud, until, logged } = await start({
      FilterCriteria: {
        Filters: [
          {
            Pattern: JSON.stringify({
              eventName: ['INSERT'],
              dynamodb: { NewImage: { act: { S: ['BUY'] } } },
            }),
          },
        ],
      },
    });

    await put([{ id: 'a', act: 'BUY' }, { id: 'b', act: 'SKIP' }, { id: 'c' }]);
    await client.send(
      new UpdateItemCommand({
        TableName: cloud.outputs.get('ItemsTable'),
        Key: { id: { S: 'a' } },
        UpdateExpression: 'SET n = :n',
        ExpressionAttributeValues: { ':n': { N: '7' } },
      }),
    );
    await until(() => cloud.stats().stream.filtered + cloud.stats().stream.delivered === 4);

    expect(batches()).toEqual([['a=0']]);
    expect(cloud.stats().stream).toEqual({
      delivered: 1,
      filtered: 3,
      batches: 1,
      failures: 0,
      dropped: 0,
    });
    expect(logged()[0]?.['event']).toEqual({
      Records: [
        {
          eventID: anyString(),
          eventName: 'INSERT',
          eventVersion: anyString(),
          eventSource: 'aws:dynamodb',
          awsRegion: 'us-east-1',
          eventSourceARN: matching(/^arn:aws:dynamodb:.*:table\/Small-State-Items-.*\/stream\//),
          dynamodb: {
            ApproximateCreationDateTime: anyNumber(),
            Keys: { id: { S: 'a' } },
            NewImage: { id: { S: 'a' }, n: { N: '0' }, act: { S: 'BUY' } },
            SequenceNumber: matching(/^\d+$/),
            SizeBytes: anyNumber(),
            StreamViewType: 'NEW_IMAGE',
          },
        },
      ],
    });
    const created = logged()[0]?.['event'] as {
      Records: { dynamodb: { ApproximateCreationDateTime: number } }[];
    };
    const seconds = created.Records[0]?.dynamodb.ApproximateCreationDateTime ?? 0;
    expect(Math.abs(Date.now() / 1_000 - seconds)).toBeLessThan(10);
  });

  it('goes on from the lowest reported failure, and keeps what it gives up in the bucket', async () => {
    const { cloud, until, events } = await start({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 1,
    });

    await put([BLOCKER]);
    await until(() => batches().length === 1);
    await put([{ id: 'a' }, { id: 'b', act: 'report' }, { id: 'c' }]);
    await until(() => cloud.stats().stream.dropped === 2);

    expect(batches()).toEqual([['blocker=0'], ['a=0', 'b=0', 'c=0'], ['b=0', 'c=0']]);
    expect(cloud.stats().stream).toMatchObject({ delivered: 2, batches: 3, failures: 2 });
    await until(() => events.some(({ type }) => type === 'streamDropped'));
    const [kept] = await keptFailures();
    expect(kept?.key).toMatch(
      /^aws\/lambda\/[\da-f-]{36}\/shardId-[\w-]+\/\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d-[\da-f-]{36}$/,
    );
    expect(kept?.body).toMatchObject({
      requestContext: {
        functionArn: containing(':function:Small-Pipeline-Reader-'),
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 2,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST' },
      version: '1.0',
      DDBStreamBatchInfo: {
        shardId: matching(/^shardId-/),
        startSequenceNumber: matching(/^\d+$/),
        batchSize: 2,
        streamArn: containing('/stream/'),
      },
    });
    const body = kept?.body as { payload: string } | undefined;
    expect(JSON.parse(body?.payload ?? '')).toMatchObject({
      Records: [
        { dynamodb: { Keys: { id: { S: 'b' } } } },
        { dynamodb: { Keys: { id: { S: 'c' } } } },
      ],
    });
  });

  it('splits a failing batch until the bad record stands alone', async () => {
    const { cloud, until } = await start({
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 0,
    });

    await put([BLOCKER]);
    await until(() => batches().length === 1);
    await put([{ id: 'a' }, { id: 'b' }, { id: 'c', act: 'throw' }, { id: 'd' }]);
    await until(() => cloud.stats().stream.delivered === 4);

    expect(batches().slice(1)).toEqual([
      ['a=0', 'b=0', 'c=0', 'd=0'],
      ['a=0', 'b=0'],
      ['c=0', 'd=0'],
      ['c=0'],
      ['d=0'],
    ]);
    expect(cloud.stats().stream).toMatchObject({ delivered: 4, dropped: 1 });
  });

  it('gives up records that have become too old', async () => {
    const { cloud, until, events } = await start({ MaximumRecordAgeInSeconds: 1 });

    await put([{ id: 'bad', act: 'throw' }]);
    await until(() => cloud.stats().stream.dropped === 1);

    expect(batches().length).toBeGreaterThan(1);
    await until(() => events.some(({ type }) => type === 'streamDropped'));
    expect(events).toContainEqual({
      type: 'streamDropped',
      function: 'Reader',
      condition: 'RecordAgeExceeded',
      records: 1,
      destination: matching(/^s3:\/\/small-state-failures-/),
    });
    await put([{ id: 'good' }]);
    await until(() => cloud.stats().stream.delivered === 1);
  });

  it('works on several items at once and keeps the order of each', async () => {
    const { cloud, until } = await start({ ParallelizationFactor: 5, BatchSize: 1 });

    const items = Array.from({ length: 24 }, (_item, index) => ({
      id: `i${index % 6}`,
      n: Math.floor(index / 6),
      ms: 20,
    }));
    await put(items);
    await until(() => cloud.stats().stream.delivered === 24);

    for (const id of ['i0', 'i1', 'i2', 'i3', 'i4', 'i5'])
      expect(
        batches()
          .flat()
          .filter((entry) => entry.startsWith(`${id}=`)),
      ).toEqual([`${id}=0`, `${id}=1`, `${id}=2`, `${id}=3`]);
    expect(cloud.stats().functions['Reader']?.maxConcurrent).toBeGreaterThan(1);
  });

  it('refuses at start a filter that it does not understand', async () => {
    await expect(
      start({ FilterCriteria: { Filters: [{ Pattern: '{"a":[{"cidr":"10.0.0.0/24"}]}' }] } }),
    ).rejects.toThrow(
      /Event filter: the pattern\.a has the condition \{"cidr":"10\.0\.0\.0\/24"\}/,
    );
  });

  it('removes its tables from a DynamoDB that outlives it', async () => {
    const { cloud } = await start({});
    const TableName = cloud.outputs.get('ItemsTable');
    await running?.stop();

    await expect(
      client.send(new PutItemCommand({ TableName, Item: { id: { S: 'late' } } })),
    ).rejects.toThrow(/non-existent table/);
  });
});
