import {
  GetQueueAttributesCommand,
  SQSClient,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import {
  type DynamoDbEndpoint,
  startDynamoDbLocal,
} from '#infra/local/cloud/emulators/dynamodb-local.ts';
import type { LocalCloudOptions } from '#infra/local/cloud/local-cloud.ts';
import { anyString, containing, having, matching } from './matching.ts';
import { type RunningCloud, runCloud } from './running-cloud.ts';
import { arnOf, lambda, resource } from './small-app.ts';

const MAX_RECEIVE_COUNT = 3;
const VISIBILITY_TIMEOUT_SECONDS = 2;
const MAXIMUM_CONCURRENCY = 4;

/** Does what the message says, and logs when it begins and ends. */
const WORKER = `
const say = (line) => process.stdout.write(JSON.stringify(line) + '\\n');
export const handler = async (event, context) => {
  const batchItemFailures = [];
  for (const record of event.Records) {
    const { id, ms = 0, act } = JSON.parse(record.body);
    const receive = Number(record.attributes.ApproximateReceiveCount);
    say({ at: 'begin', id, receive, size: event.Records.length });
    if (act === 'show') say({ at: 'show', event, remaining: context.getRemainingTimeInMillis(), env: { ...process.env } });
    await new Promise((resolve) => setTimeout(resolve, ms));
    if (act === 'crash' && receive === 1) process.exit(7);
    if (act === 'hang' && receive === 1) await new Promise(() => {});
    if (act === 'reject' && receive === 1) Promise.reject(new RangeError('nobody waits for it'));
    if (act === 'reject') await new Promise((resolve) => setTimeout(resolve, 50));
    if (act === 'throw') throw new TypeError('thrown by ' + id);
    if (act === 'poison') batchItemFailures.push({ itemIdentifier: record.messageId });
    say({ at: 'end', id, receive });
  }
  return { batchItemFailures };
};
`;

let dynamodb: DynamoDbEndpoint;
let running: RunningCloud | undefined;
let sqs: SQSClient;

beforeAll(async () => {
  dynamodb = await startDynamoDbLocal();
});
afterAll(() => dynamodb.stop());
afterEach(async () => {
  sqs.destroy();
  await running?.stop();
  running = undefined;
});

type Settings = {
  readonly visibilityTimeoutSeconds?: number;
  readonly worker?: Readonly<Record<string, unknown>>;
  readonly mapping?: Readonly<Record<string, unknown>>;
  readonly options?: Pick<LocalCloudOptions, 'environmentHost'>;
};

async function start({
  visibilityTimeoutSeconds = VISIBILITY_TIMEOUT_SECONDS,
  worker,
  mapping,
  options,
}: Settings = {}): Promise<RunningCloud> {
  running = await runCloud(
    {
      bundles: { worker: WORKER },
      pipeline: {
        Dead: resource('AWS::SQS::Queue', { MessageRetentionPeriod: 1_209_600 }),
        Tokens: resource('AWS::SQS::Queue', {
          VisibilityTimeout: visibilityTimeoutSeconds,
          RedrivePolicy: {
            deadLetterTargetArn: arnOf('Dead'),
            maxReceiveCount: MAX_RECEIVE_COUNT,
          },
        }),
        Worker: lambda('worker', {
          Timeout: 1,
          Environment: {
            Variables: { QUEUE: { Ref: 'Tokens' }, POWERTOOLS_SERVICE_NAME: 'worker' },
          },
          ...worker,
        }),
        Source: resource('AWS::Lambda::EventSourceMapping', {
          BatchSize: 1,
          EventSourceArn: arnOf('Tokens'),
          FunctionName: { Ref: 'Worker' },
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ScalingConfig: { MaximumConcurrency: MAXIMUM_CONCURRENCY },
          ...mapping,
        }),
      },
      outputs: { TokensQueueUrl: { Ref: 'Tokens' }, DeadLetterQueueUrl: { Ref: 'Dead' } },
    },
    { dynamodbEndpoint: dynamodb.endpoint, crashRedeliveryMs: 300, ...options },
  );
  sqs = new SQSClient({
    endpoint: running.cloud.endpoints.sqs,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  return running;
}

const queueUrl = (): string => running?.cloud.outputs.get('TokensQueueUrl') ?? '';

async function send(messages: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
  for (let from = 0; from < messages.length; from += 10)
    await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl(),
        Entries: messages
          .slice(from, from + 10)
          .map((message, index) => ({ Id: String(index), MessageBody: JSON.stringify(message) })),
      }),
    );
}

const ids = (count: number, more: Readonly<Record<string, unknown>> = {}) =>
  Array.from({ length: count }, (_item, index) => ({ id: `t${index}`, ...more }));

const begun = (id: string): number[] =>
  (running?.logged() ?? [])
    .filter((line) => line['at'] === 'begin' && line['id'] === id)
    .map(({ receive }) => Number(receive));

const ended = (): Set<unknown> =>
  new Set((running?.logged() ?? []).filter(({ at }) => at === 'end').map(({ id }) => id));

describe('a queue with a function behind it', () => {
  it('hands a message over in the form in which Lambda does, soon after it was sent', async () => {
    const { cloud, until, logged } = await start();
    await cloud.warm('worker', 1);

    const sentAt = Date.now();
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl(),
        MessageBody: JSON.stringify({ id: 'one', act: 'show' }),
        MessageAttributes: { origin: { DataType: 'String', StringValue: 'here' } },
      }),
    );
    await until(() => ended().size === 1);

    expect(Date.now() - sentAt).toBeLessThan(500);
    const shown = logged().find(({ at }) => at === 'show');
    expect(shown).toMatchObject({
      event: {
        Records: [
          {
            messageId: matching(/^[\da-f-]{36}$/),
            receiptHandle: anyString(),
            body: '{"id":"one","act":"show"}',
            attributes: {
              ApproximateReceiveCount: '1',
              SentTimestamp: matching(/^\d{13}$/),
              ApproximateFirstReceiveTimestamp: matching(/^\d{13}$/),
              SenderId: anyString(),
            },
            messageAttributes: {
              origin: {
                stringValue: 'here',
                stringListValues: [],
                binaryListValues: [],
                dataType: 'String',
              },
            },
            md5OfBody: matching(/^[\da-f]{32}$/),
            eventSource: 'aws:sqs',
            eventSourceARN: matching(/^arn:aws:sqs:us-east-1:0{12}:Small-Pipeline-Tokens-/),
            awsRegion: 'us-east-1',
          },
        ],
      },
      env: {
        QUEUE: queueUrl(),
        AWS_ENDPOINT_URL_SQS: cloud.endpoints.sqs,
        AWS_LAMBDA_FUNCTION_NAME: containing('Small-Pipeline-Worker-'),
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      },
    });
    expect(Number(shown?.['remaining'])).toBeLessThanOrEqual(1_000);
    expect(Number(shown?.['remaining'])).toBeGreaterThan(500);
    await until(() => cloud.stats().queue.deleted === 1);
    const { cpuMs, invocations, coldStarts } = cloud.stats().functions['worker'] ?? {};
    expect({ invocations, coldStarts }).toEqual({ invocations: 1, coldStarts: 1 });
    expect(cpuMs).toBeGreaterThan(1);
  });

  it('never has more messages at work than the maximum concurrency, and reuses environments', async () => {
    const { cloud, until } = await start();

    await send(ids(40, { ms: 30 }));
    await until(() => cloud.stats().queue.deleted === 40);

    const { maxInFlight, received, dead } = cloud.stats().queue;
    expect({ maxInFlight, received, dead }).toEqual({
      maxInFlight: MAXIMUM_CONCURRENCY,
      received: 40,
      dead: 0,
    });
    const worker = cloud.stats().functions['worker'];
    expect(worker?.coldStarts).toBeLessThanOrEqual(MAXIMUM_CONCURRENCY);
    expect(worker?.maxConcurrent).toBe(MAXIMUM_CONCURRENCY);
    expect(worker?.throttles).toBe(0);
  });

  it('takes no more from the queue than it can hand over', async () => {
    const { until, logged } = await start();

    await send(ids(10, { ms: 800 }));
    await until(() => logged().filter(({ at }) => at === 'begin').length === MAXIMUM_CONCURRENCY);

    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl(), AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessagesNotVisible: String(MAXIMUM_CONCURRENCY),
      ApproximateNumberOfMessages: String(10 - MAXIMUM_CONCURRENCY),
    });
  });

  it('moves a poisonous message to the dead-letter queue after its last receive, and holds up no other', async () => {
    const { cloud, until, events } = await start();
    await cloud.warm('worker', MAXIMUM_CONCURRENCY);

    await send([{ id: 'bad', act: 'poison' }, ...ids(20)]);
    await until(() => ended().size === 21);
    // The others are through while the poison waits for its second receive.
    expect(begun('bad')).toEqual([1]);

    await until(() => cloud.stats().queue.dead === 1);
    expect(begun('bad')).toEqual([1, 2, 3]);
    expect(events).toContainEqual({
      type: 'deadLetter',
      queue: containing('-Dead-'),
      messageId: anyString(),
      body: '{"id":"bad","act":"poison"}',
    });
    expect(cloud.stats().queue.deleted).toBe(20);
  });

  it('leaves what a handler threw at to the visibility timeout', async () => {
    const { cloud, until, events } = await start();

    await send([{ id: 'thrower', act: 'throw' }]);
    await until(() => begun('thrower').length === 2);

    expect(events).toContainEqual({
      type: 'functionError',
      function: 'worker',
      requestId: anyString(),
      errorType: 'TypeError',
      errorMessage: 'thrown by thrower',
    });
    const times = events.flatMap((event, index) =>
      event.type === 'log' && event.record?.['at'] === 'begin' ? [index] : [],
    );
    expect(times).toHaveLength(2);
    expect(cloud.stats().functions['worker']?.coldStarts).toBe(1);
  });

  it('delivers the message of a crashed environment again, soon', async () => {
    const { cloud, until, events } = await start({ visibilityTimeoutSeconds: 60 });

    await send([{ id: 'crasher', act: 'crash' }]);
    await until(() => ended().has('crasher'));

    expect(begun('crasher')).toEqual([1, 2]);
    expect(events).toContainEqual({
      type: 'crash',
      function: 'worker',
      requestId: anyString(),
      reason: 'exit status 7',
    });
    expect(cloud.stats().functions['worker']).toMatchObject({ errors: 1, coldStarts: 2 });
  });

  it('loses an environment to a rejection that nothing handles, and says which', async () => {
    const { cloud, until, events } = await start();

    await send([{ id: 'rejecter', act: 'reject' }]);
    await until(() => ended().has('rejecter'));

    expect(begun('rejecter')).toEqual([1, 2]);
    expect(events).toContainEqual({
      type: 'functionError',
      function: 'worker',
      requestId: anyString(),
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'nobody waits for it',
    });
    expect(cloud.stats().functions['worker']).toMatchObject({ errors: 1, coldStarts: 2 });
  });

  it('ends an environment that runs into its timeout', async () => {
    const { cloud, until, events } = await start({ visibilityTimeoutSeconds: 60 });

    await send([{ id: 'hanger', act: 'hang' }]);
    await until(() => ended().has('hanger'));

    expect(begun('hanger')).toEqual([1, 2]);
    expect(events).toContainEqual({
      type: 'timeout',
      function: 'worker',
      requestId: anyString(),
      timeoutSeconds: 1,
    });
    expect(cloud.stats().functions['worker']).toMatchObject({ timeouts: 1, coldStarts: 2 });
  });

  it('loses nothing when busy environments are killed in the middle of a burst', async () => {
    const { cloud, until, logged } = await start();
    const errors = (): number => cloud.stats().functions['worker']?.errors ?? 0;

    await send(ids(40, { ms: 100 }));
    let next = 3;
    await until(() => {
      const begins = logged().filter(({ at }) => at === 'begin').length;
      // One that is just answering when it is killed is no loss: then another has to go.
      if (begins >= next && cloud.killEnvironment('Worker')) next = begins + 5;
      return errors() >= 3;
    });
    await until(() => cloud.stats().queue.deleted === 40);

    expect(ended()).toEqual(new Set(ids(40).map(({ id }) => id)));
    expect(cloud.stats().queue.dead).toBe(0);
    expect(cloud.stats().queue.received).toBe(40 + errors());
  });

  it('gathers messages into batches within the window', async () => {
    const { cloud, until, logged } = await start({
      mapping: { BatchSize: 5, MaximumBatchingWindowInSeconds: 1 },
    });
    await cloud.warm('worker', 2);

    await send(ids(7));
    await until(() => cloud.stats().queue.deleted === 7);

    const sizes = logged().flatMap(({ at, size }) => (at === 'begin' ? [size] : []));
    expect(sizes).toEqual([5, 5, 5, 5, 5, 2, 2]);
  });

  it('tries a throttled batch again while the message is hidden', async () => {
    const { cloud, until } = await start({ worker: { ReservedConcurrentExecutions: 1 } });

    await send(ids(4, { ms: 100 }));
    await until(() => cloud.stats().queue.deleted === 4);

    const worker = cloud.stats().functions['worker'];
    expect(worker?.throttles).toBeGreaterThan(0);
    expect(worker?.maxConcurrent).toBe(1);
  });

  it('runs the same in one process', async () => {
    const { cloud, until, events } = await start({ options: { environmentHost: 'inline' } });

    await send([
      ...ids(10, { ms: 20 }),
      { id: 'thrower', act: 'throw' },
      { id: 'hanger', act: 'hang' },
    ]);
    await until(() => cloud.stats().queue.deleted === 11);

    expect(ended().size).toBe(11);
    expect(begun('hanger')).toEqual([1, 2]);
    expect(cloud.stats().functions['worker']?.timeouts).toBe(1);
    expect(cloud.stats().queue.maxInFlight).toBe(MAXIMUM_CONCURRENCY);
    expect(events).toContainEqual(having({ type: 'functionError', errorType: 'TypeError' }));
    expect(process.env['QUEUE']).toBe(queueUrl());
    await running?.stop();
    expect(process.env['QUEUE']).toBeUndefined();
  });
});
