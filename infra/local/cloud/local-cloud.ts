import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { CloudEvent } from './cloud-event.ts';
import { type DynamoDbEndpoint, startDynamoDbLocal } from './emulators/dynamodb-local.ts';
import { dropTable } from './emulators/dynamodb-tables.ts';
import { startQueueServer } from './emulators/queue-server.ts';
import { type FunctionPool, functionPool } from './lambda/function-pool.ts';
import type { InvocationOutcome } from './lambda/invocation-outcome.ts';
import type { FunctionStats } from './lambda/function-stats.ts';
import { inlineHost } from './lambda/inline-host.ts';
import { processEnvironments, writeRuntimeClient } from './lambda/process-environment.ts';
import { LocalCloudError } from './local-cloud-error.ts';
import { startLoopbackServer } from './loopback-server.ts';
import { startEventSources } from './provision/event-sources.ts';
import { listenForFunctionUrls } from './provision/function-urls.ts';
import { functionSpecs, nameFunctions } from './provision/functions.ts';
import { makeQueues } from './provision/queues.ts';
import { startSchedules } from './provision/schedules.ts';
import { makeBuckets, makeKeys, makeSecrets, makeTables } from './provision/stores.ts';
import { securityListener } from './security/security-endpoint.ts';
import type { QueueStats } from './sources/queue-mapping.ts';
import type { StreamStats } from './sources/stream-mapping.ts';
import { stopStack } from './stop-stack.ts';
import { readAssembly } from './template/assembly.ts';
import { checkResourceTypes } from './template/resource-types.ts';
import { stackModel } from './template/stack-model.ts';

export type LocalCloudOptions = {
  /** What `cdk synth` wrote: templates and assets. */
  readonly assemblyDirectory: string;
  /** A DynamoDB that runs already; `undefined`: `DYNAMODB_ENDPOINT`, else one is started. */
  readonly dynamodbEndpoint?: string | undefined;
  /** `process`: each Lambda environment is a process. `inline`: all are modules of this one. */
  readonly environmentHost: 'process' | 'inline';
  /** First values of secrets, by the name of the CfnOutput that names the secret. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly onEvent?: (event: CloudEvent) => void;
  /** Ports; 0 or absent takes a free one. */
  readonly sqsPort?: number;
  readonly dynamodbPort?: number;
  /** When messages of a crashed or timed-out invocation come back, 2000 ms unless said otherwise. */
  readonly crashRedeliveryMs?: number;
  /** How often a stream is read; 250 ms, as Lambda does it, unless said otherwise. */
  readonly streamPollIntervalMs?: number;
};

/** Counts since the start: functions by short name, queues and streams added up. */
export type LocalCloudStats = {
  readonly functions: Readonly<Record<string, FunctionStats>>;
  readonly queue: QueueStats;
  readonly stream: StreamStats;
};

/** The synthesised stacks, alive on loopback ports. */
export type LocalCloud = {
  /** `aws` is KMS and Secrets Manager. */
  readonly endpoints: {
    readonly sqs: string;
    readonly s3: string;
    readonly dynamodb: string;
    readonly aws: string;
  };
  /** The CfnOutputs of all stacks, resolved. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Variables that lead an AWS client here. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stats: () => LocalCloudStats;
  /** Kills a busy environment of the named function; `false` when none is busy. */
  readonly killEnvironment: (functionName: string) => boolean;
  /** Starts environments ahead and waits for them. */
  readonly warm: (functionName: string, count: number) => Promise<void>;
  /** Invokes the named function once, outside its schedule, and waits for the outcome. */
  readonly invoke: (functionName: string, payload: string) => Promise<InvocationOutcome>;
  /** Ends everything that was started. Safe to call again. */
  readonly stop: () => Promise<void>;
};

/** The region of stacks that do not name one. */
const DEFAULT_REGION = 'us-east-1';
const CRASH_REDELIVERY_MS = 2_000;
const STREAM_POLL_INTERVAL_MS = 250;

/**
 * Brings the synthesised stacks to life: what the template declares, and nothing else.
 *
 * @throws {LocalCloudError} for what stands in the way, in words for a person. Nothing is left running.
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const stops = stopStack();
  try {
    return await start(options, stops);
  } catch (error) {
    await stops.run();
    throw error;
  }
}

async function start(
  options: LocalCloudOptions,
  stops: ReturnType<typeof stopStack>,
): Promise<LocalCloud> {
  const onEvent = options.onEvent ?? (() => undefined);
  const assembly = readAssembly(options.assemblyDirectory);
  checkResourceTypes(assembly);
  const region = assembly.region ?? DEFAULT_REGION;
  const model = stackModel(assembly, region, runSuffix());

  const dynamodb = await dynamoDb(options);
  stops.push(dynamodb.stop);
  const server = await startQueueServer(region, options.sqsPort);
  stops.push(server.stop);
  const tableApi = { endpoint: dynamodb.endpoint, region, service: 'DynamoDB_20120810' };
  const tables = await makeTables(model, tableApi);
  if (!dynamodb.owned)
    stops.push(async () => {
      for (const { name } of tables) await dropTable(tableApi, name);
    });

  await makeBuckets(model, server);
  const keys = makeKeys(model, region);
  const secrets = makeSecrets(model, region);
  const security = await startLoopbackServer(securityListener(keys, secrets));
  stops.push(security.stop);
  nameFunctions(model, region);
  const urls = await listenForFunctionUrls(model);
  stops.push(urls.stop);
  const queues = await makeQueues(model, server, region);

  const outputs = model.outputs();
  for (const [name, value] of Object.entries(options.secrets ?? {}))
    if (!secrets.put(outputs.get(name) ?? '', value))
      throw new LocalCloudError(`There is no secret behind an output named ${name}.`);

  const environment = {
    AWS_ENDPOINT_URL_SQS: server.endpoint,
    AWS_ENDPOINT_URL_S3: server.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: dynamodb.endpoint,
    AWS_ENDPOINT_URL_KMS: security.origin,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: security.origin,
    AWS_REGION: region,
    // The emulators check no credentials, but no client starts without.
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  const specs = functionSpecs(model, assembly, region, environment);
  const inline = options.environmentHost === 'inline' ? inlineHost(region, onEvent) : undefined;
  if (inline !== undefined) stops.push(() => Promise.resolve(inline.close()));
  const directory = mkdtempSync(join(tmpdir(), 'volley-cloud-'));
  stops.push(() => Promise.resolve(rmSync(directory, { recursive: true, force: true })));
  const runtimeClient = writeRuntimeClient(directory);
  const functions = specs.map((spec) =>
    functionPool(
      spec,
      inline?.environments(spec) ??
        processEnvironments({ spec, region, runtimeClient, onEvent: options.onEvent }),
      onEvent,
    ),
  );
  const pools = new Map(
    functions.flatMap((pool) => [
      [pool.spec.arn, pool],
      [pool.spec.functionName, pool],
    ]),
  );
  urls.connect(pools, onEvent);
  const sources = startEventSources(
    { model, server, streams: { ...tableApi, service: 'DynamoDBStreams_20120810' }, queues, pools },
    {
      region,
      crashRedeliveryMs: options.crashRedeliveryMs ?? CRASH_REDELIVERY_MS,
      streamPollIntervalMs: options.streamPollIntervalMs ?? STREAM_POLL_INTERVAL_MS,
      onEvent,
    },
  );
  stops.push(async () => {
    // Sources first, so that nothing new begins; what runs ends with its environment.
    const drained = [...sources.queues, ...sources.streams].map((source) => source.stop());
    await Promise.all(functions.map((pool) => pool.stop()));
    await Promise.all(drained);
  });
  const schedules = startSchedules(model, pools);
  stops.push(async () => {
    const ended = schedules.map((schedule) => schedule.stop());
    await Promise.all(functions.map((pool) => pool.stop()));
    await Promise.all(ended);
  });

  const find = (name: string): FunctionPool => functionNamed(name, functions, outputs);
  return {
    endpoints: {
      sqs: server.endpoint,
      s3: server.endpoint,
      dynamodb: dynamodb.endpoint,
      aws: security.origin,
    },
    outputs,
    environment,
    stats: () => ({
      functions: Object.fromEntries(functions.map((pool) => [pool.spec.name, pool.stats()])),
      queue: queueTotals(sources.queues.map((queue) => queue.stats())),
      stream: streamTotals(sources.streams.map((stream) => stream.stats())),
    }),
    killEnvironment: (name) => find(name).killBusy(),
    warm: (name, count) => find(name).warm(count),
    invoke: (name, payload) => find(name).invoke(payload),
    stop: stops.run,
  };
}

async function dynamoDb(options: LocalCloudOptions): Promise<DynamoDbEndpoint> {
  const given = options.dynamodbEndpoint ?? process.env['DYNAMODB_ENDPOINT'];
  if (given === undefined || given === '') return startDynamoDbLocal(options.dynamodbPort);
  return { endpoint: given, owned: false, stop: () => Promise.resolve() };
}

/** CloudFormation ends generated names with 12 such characters. */
function runSuffix(): string {
  const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return [...randomBytes(12)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}

/** By short name, by the beginning of the logical id, or by an output that holds name or ARN. */
function functionNamed(
  name: string,
  functions: readonly FunctionPool[],
  outputs: ReadonlyMap<string, string>,
): FunctionPool {
  const output = outputs.get(name);
  const found = functions.find(
    ({ spec }) =>
      spec.name === name ||
      spec.logicalId.startsWith(name) ||
      (output !== undefined && [spec.functionName, spec.arn].includes(output)),
  );
  if (found !== undefined) return found;
  const known = functions.map(({ spec }) => spec.name).join(', ');
  throw new LocalCloudError(`There is no function ${name}. Functions: ${known}.`);
}

function queueTotals(all: readonly QueueStats[]): QueueStats {
  const sum = (of: (stats: QueueStats) => number): number =>
    all.reduce((total, stats) => total + of(stats), 0);
  return {
    received: sum(({ received }) => received),
    deleted: sum(({ deleted }) => deleted),
    dead: sum(({ dead }) => dead),
    maxInFlight: sum(({ maxInFlight }) => maxInFlight),
  };
}

function streamTotals(all: readonly StreamStats[]): StreamStats {
  const sum = (of: (stats: StreamStats) => number): number =>
    all.reduce((total, stats) => total + of(stats), 0);
  return {
    delivered: sum(({ delivered }) => delivered),
    filtered: sum(({ filtered }) => filtered),
    batches: sum(({ batches }) => batches),
    failures: sum(({ failures }) => failures),
    dropped: sum(({ dropped }) => dropped),
  };
}
