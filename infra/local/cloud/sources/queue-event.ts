import * as z from 'zod';

const messageSchema = z.object({
  MessageId: z.string(),
  ReceiptHandle: z.string(),
  Body: z.string(),
  MD5OfBody: z.string(),
  Attributes: z.record(z.string(), z.string()).default({}),
  MessageAttributes: z
    .record(
      z.string(),
      z.object({
        DataType: z.string(),
        StringValue: z.string().optional(),
        BinaryValue: z.string().optional(),
      }),
    )
    .default({}),
});
/** A message as SQS gives it out. */
export type QueueMessage = z.output<typeof messageSchema>;
/** The answer of `ReceiveMessage`. */
export const receiveSchema = z.object({ Messages: z.array(messageSchema).default([]) });

/** A message as one record of an SQS event. Source: Lambda, "Using Lambda with Amazon SQS", example event. */
export function queueRecord(message: QueueMessage, queueArn: string, region: string): unknown {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes,
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes).map(
        ([name, { DataType, StringValue, BinaryValue }]) => [
          name,
          {
            ...(StringValue === undefined ? {} : { stringValue: StringValue }),
            ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }),
            stringListValues: [],
            binaryListValues: [],
            dataType: DataType,
          },
        ],
      ),
    ),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}
