/** Detector Lambda behind its function URL: webhook deliveries in, `tokens` queue out. */
import * as z from 'zod';

import { dynamoTokenCaps } from '#shared/adapters/aws/dynamo-token-caps.ts';
import { readSecret } from '#shared/adapters/aws/secrets.ts';
import { sqsTokenQueue } from '#shared/adapters/aws/sqs-token-queue.ts';
import { systemClock } from '#shared/ports/clock.ts';
import { bundledConfig } from '#shared/runtime/bundled-config.ts';
import { readEnv } from '#shared/runtime/env.ts';
import { webhookEndpoint } from './webhook-endpoint.ts';

// Cold start: a bad environment, configuration or secret fails here and whole.
const env = readEnv({
  TOKENS_QUEUE_URL: z.url(),
  STATE_TABLE: z.string().min(1),
  WEBHOOK_SECRET_ARN: z.string().min(1),
});
const { detector } = bundledConfig();

export const handler = webhookEndpoint({
  clock: systemClock,
  secret: await readSecret(env.WEBHOOK_SECRET_ARN),
  maxBodyBytes: detector.max_body_bytes,
  scope: { venues: new Set(detector.venues), analyzeLaunches: detector.analyze_launches },
  queue: sqsTokenQueue({ queueUrl: env.TOKENS_QUEUE_URL }),
  caps: dynamoTokenCaps({
    tableName: env.STATE_TABLE,
    perMinute: detector.max_tokens_per_minute,
    perDay: detector.max_tokens_per_day,
  }),
});
