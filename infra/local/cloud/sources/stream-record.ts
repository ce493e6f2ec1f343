import * as z from 'zod';

/** One record of a stream, in the form in which it reaches a function. */
export const streamRecord = z.looseObject({
  eventID: z.string(),
  eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
  dynamodb: z.looseObject({
    Keys: z.record(z.string(), z.unknown()),
    SequenceNumber: z.string(),
    ApproximateCreationDateTime: z.number(),
  }),
});
export type StreamRecord = z.output<typeof streamRecord>;

/** A record with the time of its change, in milliseconds of the epoch. */
export type ReadRecord = { readonly record: StreamRecord; readonly createdAtMs: number };

/**
 * A record as its function gets it. DynamoDB Local cuts the time of creation to the minute, which
 * AWS does not: when it did, the moment of reading, a poll later, is nearer to the truth.
 */
export function readRecord(
  raw: StreamRecord,
  { region, streamArn, nowMs }: { region: string; streamArn: string; nowMs: number },
): ReadRecord {
  const reported = raw.dynamodb.ApproximateCreationDateTime;
  const createdAtMs =
    reported % 60 === 0 ? Math.min(nowMs, reported * 1_000 + 59_999) : reported * 1_000;
  const dynamodb = {
    ...raw.dynamodb,
    ApproximateCreationDateTime: Math.floor(createdAtMs / 1_000),
  };
  const record = { ...raw, awsRegion: region, dynamodb, eventSourceARN: streamArn };
  return { record, createdAtMs };
}

export const sequenceOf = ({ record }: ReadRecord): string => record.dynamodb.SequenceNumber;
