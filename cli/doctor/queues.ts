import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

import type { DoctorCheck } from './check.ts';

/** As the backlog's alarm has it: so many for each place are more than a moment's burst. */
const BACKLOG_PER_PLACE = 5;

/** How many tokens wait, and how many were given up. */
export const queues: DoctorCheck = {
  name: 'queues',
  run: async ({ config, connection }, signal) => {
    const { sqs, output } = await connection();
    const [waiting, dead] = await Promise.all([
      depth(sqs, output('TokensQueueUrl'), signal),
      depth(sqs, output('DeadLetterQueueUrl'), signal),
    ]);
    const detail = `${waiting} tokens wait, ${dead} dead letters`;
    if (dead > 0) {
      return {
        status: 'bad',
        detail,
        fix: 'read the messages of the dead-letter queue; after the cause is mended, redrive them (aws sqs start-message-move-task)',
      };
    }
    return waiting > BACKLOG_PER_PLACE * config().parallel_processing.pool_size
      ? {
          status: 'warn',
          detail,
          fix: 'raise pool_size, or find the upstream that has become slow',
        }
      : { status: 'ok', detail };
  },
};

async function depth(client: SQSClient, queueUrl: string, signal: AbortSignal): Promise<number> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
    { abortSignal: signal },
  );
  return Number(Attributes?.['ApproximateNumberOfMessages'] ?? Number.NaN);
}
