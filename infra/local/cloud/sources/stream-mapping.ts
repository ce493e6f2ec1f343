import { createHash } from 'node:crypto';
import * as z from 'zod';

import { AwsCallError, type AwsJsonTarget, awsJsonCall } from '../aws-json-call.ts';
import type { OnCloudEvent } from '../cloud-event.ts';
import type { FunctionPool } from '../lambda/function-pool.ts';
import { pause } from '../pause.ts';
import type { Matches } from './filter-pattern.ts';
import { type StreamFailureStore } from './stream-failure-store.ts';
import { type StreamLane, type StreamLaneRules, streamLane } from './stream-lane.ts';
import { type ReadRecord, type StreamRecord, readRecord, streamRecord } from './stream-record.ts';

/** Records of one poll; and how many may wait in a shard before polling pauses. */
const RECORDS_LIMIT = 1_000;
const SHARD_LOOK_MS = 10_000;
const ERROR_PAUSE_MS = 1_000;

/** A DynamoDB stream's event source mapping as the template declares it. */
export type StreamMappingSpec = {
  readonly streamArn: string;
  readonly region: string;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** Lanes of one shard: records of one item always share a lane. 1..10. */
  readonly parallelizationFactor: number;
  readonly rules: StreamLaneRules;
  readonly filter: Matches;
  /** Lambda polls each shard four times a second. */
  readonly pollIntervalMs: number;
};

/** Records since the start; `batches` and `failures` count invocations. */
export type StreamStats = {
  readonly delivered: number;
  readonly filtered: number;
  readonly batches: number;
  readonly failures: number;
  readonly dropped: number;
};

export type StreamMapping = {
  readonly stats: () => StreamStats;
  readonly stop: () => Promise<void>;
};

const shardSchema = z.object({ ShardId: z.string(), ParentShardId: z.string().optional() });
const describeSchema = z.object({
  StreamDescription: z.object({
    Shards: z.array(shardSchema),
    LastEvaluatedShardId: z.string().optional(),
  }),
});
const iteratorSchema = z.object({ ShardIterator: z.string() });
const recordsSchema = z.object({
  Records: z.array(streamRecord),
  NextShardIterator: z.string().nullish(),
});
type Shard = z.output<typeof shardSchema>;

/**
 * Moves records from a table's stream to a function, as Lambda's stream pollers do: every shard, a
 * parent before its children, each item's records in order.
 */
export function startStreamMapping(
  spec: StreamMappingSpec,
  target: AwsJsonTarget,
  pool: FunctionPool,
  failures: StreamFailureStore | undefined,
  onEvent: OnCloudEvent,
): StreamMapping {
  const count = { delivered: 0, filtered: 0, batches: 0, failures: 0, dropped: 0 };
  const stopping = new AbortController();
  const { signal } = stopping;
  /** Each shard's whole life, by id. */
  const shards = new Map<string, Promise<void>>();
  const lanes = new Set<StreamLane>();

  async function call<Schema extends z.ZodType>(operation: string, input: unknown, output: Schema) {
    return awsJsonCall(target, operation, input, output, signal);
  }

  async function describeShards(): Promise<readonly Shard[]> {
    const found: Shard[] = [];
    let from: string | undefined;
    do {
      const { StreamDescription } = await call(
        'DescribeStream',
        {
          StreamArn: spec.streamArn,
          ...(from === undefined ? {} : { ExclusiveStartShardId: from }),
        },
        describeSchema,
      );
      found.push(...StreamDescription.Shards);
      from = StreamDescription.LastEvaluatedShardId;
    } while (from !== undefined);
    return found;
  }

  async function watchShards(): Promise<void> {
    let first = true;
    while (!signal.aborted) {
      try {
        for (const { ShardId, ParentShardId } of await describeShards()) {
          if (shards.has(ShardId)) continue;
          // What opens after the start is read whole, whatever the mapping's starting position.
          const position = first ? spec.startingPosition : 'TRIM_HORIZON';
          const parent = ParentShardId === undefined ? undefined : shards.get(ParentShardId);
          shards.set(ShardId, readShard(ShardId, position, parent));
        }
        first = false;
        await pause(SHARD_LOOK_MS, signal);
      } catch (error) {
        await survive(error);
      }
    }
  }

  async function readShard(
    shardId: string,
    position: 'TRIM_HORIZON' | 'LATEST',
    parent: Promise<void> | undefined,
  ): Promise<void> {
    await parent;
    const own = Array.from({ length: spec.parallelizationFactor }, () => laneOf(shardId));
    let lastSequence: string | undefined;
    let iterator: string | null | undefined;
    while (!signal.aborted) {
      try {
        iterator ??= await iteratorAt(shardId, position, lastSequence);
        const { Records, NextShardIterator } = await call(
          'GetRecords',
          { ShardIterator: iterator, Limit: RECORDS_LIMIT },
          recordsSchema,
        );
        lastSequence = Records.at(-1)?.dynamodb.SequenceNumber ?? lastSequence;
        distribute(Records, own);
        // A shard without a next iterator is closed and read to its end.
        if (NextShardIterator === null || NextShardIterator === undefined) break;
        iterator = NextShardIterator;
        do await pause(spec.pollIntervalMs, signal);
        while (!signal.aborted && own.some((lane) => lane.backlog() >= RECORDS_LIMIT));
      } catch (error) {
        iterator = undefined;
        const type = error instanceof AwsCallError ? error.type : undefined;
        // Iterators expire after 15 minutes, as when a laptop slept: read on from the last record.
        if (type === 'ExpiredIteratorException') continue;
        // What was to be read next is gone (DynamoDB Local says so of a stream that is still empty):
        // read on from the oldest record that is left.
        if (type === 'TrimmedDataAccessException') {
          lastSequence = undefined;
          await pause(spec.pollIntervalMs, signal);
          continue;
        }
        await survive(error);
      }
    }
    await Promise.all(own.map((lane) => lane.drained()));
    for (const lane of own) lanes.delete(lane);
  }

  async function iteratorAt(
    shardId: string,
    position: 'TRIM_HORIZON' | 'LATEST',
    lastSequence: string | undefined,
  ): Promise<string> {
    const { ShardIterator } = await call(
      'GetShardIterator',
      {
        StreamArn: spec.streamArn,
        ShardId: shardId,
        ...(lastSequence === undefined
          ? { ShardIteratorType: position }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: lastSequence }),
      },
      iteratorSchema,
    );
    return ShardIterator;
  }

  function distribute(records: readonly StreamRecord[], own: readonly StreamLane[]): void {
    const source = { region: spec.region, streamArn: spec.streamArn, nowMs: Date.now() };
    const byLane = own.map((): ReadRecord[] => []);
    for (const raw of records) {
      const read = readRecord(raw, source);
      if (!spec.filter(read.record)) {
        count.filtered += 1;
        continue;
      }
      byLane[laneIndex(raw, own.length)]?.push(read);
    }
    for (const [index, lane] of own.entries()) {
      const mine = byLane[index] ?? [];
      if (mine.length > 0) lane.add(mine);
    }
  }

  function laneOf(shardId: string): StreamLane {
    const lane = streamLane(spec.rules, pool, {
      eventOf: (records) => JSON.stringify({ Records: records.map(({ record }) => record) }),
      onAttempt(failed) {
        count.batches += 1;
        if (failed) count.failures += 1;
      },
      onDelivered(records) {
        count.delivered += records;
      },
      async onDropped(dropped) {
        count.dropped += dropped.records.length;
        const destination = await failures?.put(shardId, dropped).catch(async (error: unknown) => {
          await survive(error);
          return undefined;
        });
        onEvent({
          type: 'streamDropped',
          function: pool.spec.name,
          condition: dropped.condition,
          records: dropped.records.length,
          destination,
        });
      },
    });
    lanes.add(lane);
    return lane;
  }

  /** Says what went wrong, and waits before the next try: a poller never gives up. */
  async function survive(error: unknown): Promise<void> {
    if (signal.aborted) return;
    onEvent({ type: 'cloudError', part: `stream ${spec.streamArn}`, reason: String(error) });
    await pause(ERROR_PAUSE_MS, signal);
  }

  const watching = watchShards();

  return {
    stats: () => ({ ...count }),
    async stop() {
      stopping.abort();
      await Promise.all([...lanes].map((lane) => lane.stop()));
      await watching;
      await Promise.all(shards.values());
    },
  };
}

/** Records of one item always go the same way, so that their order holds. */
function laneIndex({ dynamodb }: StreamRecord, lanes: number): number {
  if (lanes === 1) return 0;
  const keys = Object.entries(dynamodb.Keys).sort(([left], [right]) => (left < right ? -1 : 1));
  return createHash('md5').update(JSON.stringify(keys)).digest().readUInt32BE(0) % lanes;
}
