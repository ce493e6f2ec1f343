import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type {
  Context,
  DynamoDBBatchResponse,
  DynamoDBRecord,
  DynamoDBStreamEvent,
} from 'aws-lambda';
import type * as z from 'zod';

import { Fault, reasonOf } from '../domain/fault.ts';
import { deadlineSignal } from './deadline.ts';
import { plainImage } from './stream-image.ts';
import { logger, metrics } from './telemetry.ts';

/** What a row is handled with, besides itself. */
export type RowContext = {
  readonly sequenceNumber: string;
  /** Aborts shortly before the Lambda runs out of time. */
  readonly signal: AbortSignal;
};

export type StreamOptions<Row> = {
  /** The new image of a row, as plain values. */
  readonly schema: z.ZodType<Row>;
  /** Key attribute whose records are handled one after the other; different values at once. */
  readonly partitionKey: string;
};

/**
 * A Lambda handler for the stream of a DynamoDB table.
 *
 * Lambda checkpoints before the lowest sequence number reported and delivers everything after it
 * again, what succeeded included: `handle` has to bear repetition. A record that rejects or does not
 * parse stops the later ones of its own key only. After the retries it goes to the on-failure
 * destination.
 */
export function streamHandler<Row>(
  { schema, partitionKey }: StreamOptions<Row>,
  handle: (row: Row, context: RowContext) => Promise<void>,
) {
  return middy(
    async (event: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> => {
      const signal = deadlineSignal(context);
      const handleRecord = async (record: DynamoDBRecord): Promise<void> =>
        handle(parseImage(schema, record), { sequenceNumber: sequenceNumberOf(record), signal });

      const groups = Map.groupBy(
        event.Records,
        ({ dynamodb }) => dynamodb?.Keys?.[partitionKey]?.S ?? '',
      );
      const failures = await Promise.all(
        [...groups.values()].map(async (records) => firstFailure(records, handleRecord)),
      );
      // A batch comes in the order of the stream: the lowest number is the first of the batch.
      const failed = new Set(failures);
      const lowest = event.Records.find((record) => failed.has(record));
      return {
        batchItemFailures:
          lowest === undefined ? [] : [{ itemIdentifier: sequenceNumberOf(lowest) }],
      };
    },
  )
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(logMetrics(metrics, { captureColdStartMetric: true }));
}

/** Handles the records of one key in their order, up to the first that fails. */
async function firstFailure(
  records: readonly DynamoDBRecord[],
  handleRecord: (record: DynamoDBRecord) => Promise<void>,
): Promise<DynamoDBRecord | undefined> {
  for (const record of records) {
    try {
      await handleRecord(record);
    } catch (error) {
      const sequenceNumber = sequenceNumberOf(record);
      logger.error('record failed', { sequenceNumber, reason: reasonOf(error) });
      return record;
    }
  }
  return undefined;
}

const sequenceNumberOf = ({ dynamodb }: DynamoDBRecord): string => dynamodb?.SequenceNumber ?? '';

/** @throws {Fault} `message.malformed` when the new image is missing or not of the schema. */
function parseImage<Row>(schema: z.ZodType<Row>, record: DynamoDBRecord): Row {
  const parsed = schema.safeParse(plainImage(record.dynamodb?.NewImage ?? {}));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Fault('message.malformed', { messageId: sequenceNumberOf(record), issues });
}
