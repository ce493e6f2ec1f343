import { randomUUID } from 'node:crypto';

import * as z from 'zod';

import type { AwsJsonTarget } from '../aws-json-call.ts';
import type { OnCloudEvent } from '../cloud-event.ts';
import type { QueueServer } from '../emulators/queue-server.ts';
import type { FunctionPool } from '../lambda/function-pool.ts';
import { LocalCloudError } from '../local-cloud-error.ts';
import { compileFilterCriteria } from '../sources/filter-pattern.ts';
import { type QueueMapping, startQueueMapping } from '../sources/queue-mapping.ts';
import { s3FailureStore } from '../sources/stream-failure-store.ts';
import { type StreamMapping, startStreamMapping } from '../sources/stream-mapping.ts';
import type { PlayedResource, StackModel } from '../template/stack-model.ts';
import type { MadeQueue } from './queues.ts';

/** -1 is CloudFormation's word for "no limit". */
const limit = z.coerce
  .number()
  .optional()
  .transform((value) => (value === -1 ? undefined : value));

// Strict: a property that changes how events flow must not be passed over in silence.
const mappingProperties = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  Enabled: z.boolean().default(true),
  BatchSize: z.coerce.number().optional(),
  MaximumBatchingWindowInSeconds: z.coerce.number().default(0),
  ScalingConfig: z.object({ MaximumConcurrency: z.coerce.number().optional() }).optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  FilterCriteria: z
    .object({ Filters: z.array(z.object({ Pattern: z.string() })).default([]) })
    .optional(),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']).optional(),
  MaximumRetryAttempts: limit,
  MaximumRecordAgeInSeconds: limit,
  BisectBatchOnFunctionError: z.boolean().default(false),
  ParallelizationFactor: z.coerce.number().default(1),
  DestinationConfig: z
    .object({ OnFailure: z.object({ Destination: z.string() }).optional() })
    .optional(),
  // What watches the mapping changes nothing about it.
  MetricsConfig: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

export type EventSourceOptions = {
  readonly region: string;
  readonly crashRedeliveryMs: number;
  readonly streamPollIntervalMs: number;
  readonly onEvent: OnCloudEvent;
};

/** The event source mappings that run. */
export type EventSources = {
  readonly queues: readonly QueueMapping[];
  readonly streams: readonly StreamMapping[];
};

/** What the mappings stand on. */
export type EventSourceParts = {
  readonly model: StackModel;
  readonly server: QueueServer;
  /** The DynamoDB Streams API. */
  readonly streams: AwsJsonTarget;
  readonly queues: readonly MadeQueue[];
  /** By function name and by ARN. */
  readonly pools: ReadonlyMap<string, FunctionPool>;
};

/** Starts every event source mapping of the template that is enabled. */
export function startEventSources(
  parts: EventSourceParts,
  options: EventSourceOptions,
): EventSources {
  const queues: QueueMapping[] = [];
  const streams: StreamMapping[] = [];
  // All are read before the first starts: one that is wrong leaves nothing running.
  const starts = parts.model
    .resources('AWS::Lambda::EventSourceMapping')
    .map((resource) => prepare(resource, parts, options));
  for (const start of starts) {
    const mapping = start();
    if (mapping?.kind === 'queue') queues.push(mapping.mapping);
    if (mapping?.kind === 'stream') streams.push(mapping.mapping);
  }
  return { queues, streams };
}

type Started =
  | { readonly kind: 'queue'; readonly mapping: QueueMapping }
  | { readonly kind: 'stream'; readonly mapping: StreamMapping }
  | undefined;

function prepare(
  resource: PlayedResource,
  parts: EventSourceParts,
  options: EventSourceOptions,
): () => Started {
  const where = `${resource.stack}/${resource.logicalId}`;
  const mappingId = randomUUID();
  parts.model.identify(resource, { ref: mappingId, attributes: { Id: mappingId } });
  const parsed = mappingProperties.safeParse(resource.properties());
  if (!parsed.success)
    throw new LocalCloudError(
      `${where}: the local cloud cannot play this event source mapping.\n${z.prettifyError(parsed.error)}`,
    );
  const properties = parsed.data;
  const pool = parts.pools.get(properties.FunctionName);
  if (pool === undefined)
    throw new LocalCloudError(`${where}: there is no function ${properties.FunctionName}.`);
  if (!properties.Enabled) return () => undefined;
  const { EventSourceArn } = properties;
  const source = { where, mappingId, pool, properties };
  if (EventSourceArn.includes(':sqs:')) return prepareQueue(source, parts, options);
  if (EventSourceArn.includes('/stream/')) return prepareStream(source, parts, options);
  throw new LocalCloudError(`${where}: the local cloud has no event source ${EventSourceArn}.`);
}

type Source = {
  readonly where: string;
  readonly mappingId: string;
  readonly pool: FunctionPool;
  readonly properties: z.output<typeof mappingProperties>;
};

function prepareQueue(
  { where, pool, properties }: Source,
  { server, queues }: EventSourceParts,
  { region, crashRedeliveryMs, onEvent }: EventSourceOptions,
): () => Started {
  const queue = queues.find(({ arn }) => arn === properties.EventSourceArn);
  if (queue === undefined)
    throw new LocalCloudError(`${where}: there is no queue ${properties.EventSourceArn}.`);
  if (properties.FilterCriteria !== undefined)
    throw new LocalCloudError(`${where}: the local cloud filters streams only, not queues.`);
  // Lambda refuses such a mapping, too. Source: Lambda, "Configuring a queue".
  if (queue.visibilityTimeoutSeconds < pool.spec.timeoutSeconds)
    throw new LocalCloudError(
      `${where}: the function's timeout (${pool.spec.timeoutSeconds} s) exceeds the queue's visibility timeout (${queue.visibilityTimeoutSeconds} s).`,
    );
  const spec = {
    queue,
    batchSize: properties.BatchSize ?? 10,
    windowSeconds: properties.MaximumBatchingWindowInSeconds,
    maximumConcurrency: properties.ScalingConfig?.MaximumConcurrency,
    reportBatchItemFailures: properties.FunctionResponseTypes.length > 0,
    region,
    crashRedeliveryMs,
  };
  return () => ({ kind: 'queue', mapping: startQueueMapping(spec, server, pool, onEvent) });
}

function prepareStream(
  { where, mappingId, pool, properties }: Source,
  { server, streams }: EventSourceParts,
  { region, streamPollIntervalMs, onEvent }: EventSourceOptions,
): () => Started {
  const { EventSourceArn, StartingPosition, MaximumRecordAgeInSeconds } = properties;
  if (StartingPosition === undefined)
    throw new LocalCloudError(`${where}: a stream needs a StartingPosition.`);
  const destination = properties.DestinationConfig?.OnFailure?.Destination;
  if (destination !== undefined && !destination.startsWith('arn:aws:s3:::'))
    throw new LocalCloudError(
      `${where}: the local cloud keeps failed records in S3 only, not in ${destination}.`,
    );
  const failures =
    destination === undefined
      ? undefined
      : s3FailureStore(server, {
          bucket: destination.slice('arn:aws:s3:::'.length),
          mappingId,
          functionArn: pool.spec.arn,
          streamArn: EventSourceArn,
        });
  const spec = {
    streamArn: EventSourceArn,
    region,
    startingPosition: StartingPosition,
    parallelizationFactor: properties.ParallelizationFactor,
    pollIntervalMs: streamPollIntervalMs,
    filter: compileFilterCriteria(
      properties.FilterCriteria?.Filters.map(({ Pattern }) => Pattern) ?? [],
    ),
    rules: {
      size: properties.BatchSize ?? 100,
      windowMs: properties.MaximumBatchingWindowInSeconds * 1_000,
      bisect: properties.BisectBatchOnFunctionError,
      maximumRetryAttempts: properties.MaximumRetryAttempts,
      maximumAgeMs:
        MaximumRecordAgeInSeconds === undefined ? undefined : MaximumRecordAgeInSeconds * 1_000,
      reportsFailures: properties.FunctionResponseTypes.length > 0,
    },
  };
  return () => ({
    kind: 'stream',
    mapping: startStreamMapping(spec, streams, pool, failures, onEvent),
  });
}
