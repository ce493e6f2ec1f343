import { randomUUID } from 'node:crypto';

import type { QueueServer } from '../emulators/queue-server.ts';
import type { DroppedRecords } from './stream-lane.ts';
import { type ReadRecord, sequenceOf } from './stream-record.ts';

/** An on-failure destination of a stream's event source mapping. */
export type StreamFailureStore = {
  /** Keeps records that were given up; returns where. */
  readonly put: (shardId: string, dropped: DroppedRecords) => Promise<string>;
};

/**
 * Keeps dropped records in an S3 bucket, payload and all.
 *
 * Source: Lambda, "Retain discarded records for a DynamoDB event source", the S3 invocation record
 * and its key `aws/lambda/<mapping>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<random>`.
 */
export function s3FailureStore(
  server: QueueServer,
  {
    bucket,
    mappingId,
    functionArn,
    streamArn,
  }: {
    readonly bucket: string;
    readonly mappingId: string;
    readonly functionArn: string;
    readonly streamArn: string;
  },
): StreamFailureStore {
  return {
    async put(shardId, { condition, records, invokeCount, outcome }) {
      const now = new Date().toISOString();
      const [first, last] = [records[0], records.at(-1)];
      const invoked = outcome === undefined || outcome.kind === 'throttled' ? undefined : outcome;
      const body = {
        requestContext: {
          requestId: invoked?.requestId ?? randomUUID(),
          functionArn,
          condition,
          approximateInvokeCount: invokeCount,
        },
        ...(invoked === undefined
          ? {}
          : {
              responseContext: {
                statusCode: 200,
                executedVersion: '$LATEST',
                functionError: invoked.kind === 'failed' ? 'Unhandled' : null,
              },
            }),
        version: '1.0',
        timestamp: now,
        DDBStreamBatchInfo: {
          shardId,
          startSequenceNumber: first === undefined ? '' : sequenceOf(first),
          endSequenceNumber: last === undefined ? '' : sequenceOf(last),
          approximateArrivalOfFirstRecord: arrivalOf(first),
          approximateArrivalOfLastRecord: arrivalOf(last),
          batchSize: records.length,
          streamArn,
        },
        // The whole event as a string, as the function got it.
        payload: JSON.stringify({ Records: records.map(({ record }) => record) }),
      };
      const day = now.slice(0, 10).replaceAll('-', '/');
      const time = now.slice(0, 19).replaceAll(':', '.');
      const key = `aws/lambda/${mappingId}/${shardId}/${day}/${time}-${randomUUID()}`;
      await server.putObject(bucket, key, JSON.stringify(body));
      return `s3://${bucket}/${key}`;
    },
  };
}

const arrivalOf = (record: ReadRecord | undefined): string =>
  record === undefined
    ? ''
    : `${new Date(record.record.dynamodb.ApproximateCreationDateTime * 1_000).toISOString().slice(0, 19)}Z`;
