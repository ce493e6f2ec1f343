import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';

import { Fault, reasonOf } from '../domain/fault.ts';
import { deadlineSignal } from './deadline.ts';
import { logger, metrics } from './telemetry.ts';

/** What a record is handled with, besides its message. */
export type RecordContext = {
  readonly messageId: string;
  /** Deliveries of this message so far, this one included. */
  readonly receiveCount: number;
  /** Aborts shortly before the Lambda runs out of time. */
  readonly signal: AbortSignal;
};

/**
 * A Lambda handler for an SQS queue of one message type.
 *
 * Each record succeeds or fails alone. A record whose `handle` rejects, or whose body does not
 * parse, is reported in `batchItemFailures`: SQS delivers it again, and moves it to the
 * dead-letter queue after `maxReceiveCount` receives.
 */
export function sqsHandler<Message>(
  schema: z.ZodType<Message>,
  handle: (message: Message, context: RecordContext) => Promise<void>,
) {
  return middy(async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const signal = deadlineSignal(context);
    const outcomes = await Promise.allSettled(
      event.Records.map(async (record) =>
        handle(parseBody(schema, record), {
          messageId: record.messageId,
          receiveCount: Number(record.attributes.ApproximateReceiveCount),
          signal,
        }),
      ),
    );
    const batchItemFailures = event.Records.flatMap(({ messageId }, index) => {
      const outcome = outcomes[index];
      if (outcome?.status === 'fulfilled') return [];
      logger.error('record failed', { messageId, reason: reasonOf(outcome?.reason) });
      return [{ itemIdentifier: messageId }];
    });
    return { batchItemFailures };
  })
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(logMetrics(metrics, { captureColdStartMetric: true }));
}

/** @throws {Fault} `message.malformed` when the body is not JSON or not of the schema. */
function parseBody<Message>(schema: z.ZodType<Message>, record: SQSRecord): Message {
  const { messageId } = record;
  let body: unknown;
  try {
    body = JSON.parse(record.body);
  } catch (cause) {
    throw new Fault('message.malformed', { messageId, issues: ['not JSON'] }, { cause });
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Fault('message.malformed', { messageId, issues });
}
