import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';

import { isFault, reasonOf } from '../domain/fault.ts';
import { deadlineSignal } from './deadline.ts';
import { logger, metrics } from './telemetry.ts';

/** A request to a function URL, payload format 2.0. */
export type UrlRequest = {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes as they came, still compressed if they were. */
  readonly body: Buffer;
};

/** An answer; `body` is sent as JSON. */
export type UrlAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
};

/** Seconds after which a sender whom we failed should try again. */
const RETRY_AFTER_SECONDS = 5;

// What is no such event is answered like a request without anything in it, and never crashes.
const eventSchema = z
  .object({
    requestContext: z
      .object({ http: z.object({ method: z.string() }) })
      .catch({ http: { method: '' } }),
    headers: z.record(z.string(), z.string().catch('')).catch({}),
    body: z.string().catch(''),
    isBase64Encoded: z.boolean().catch(false),
  })
  .catch({
    requestContext: { http: { method: '' } },
    headers: {},
    body: '',
    isBase64Encoded: false,
  });

/**
 * A Lambda handler behind a function URL. A rejection of `answer` becomes a 5xx with `retry-after`
 * and one line in the log: the sender still has what we did not take.
 */
export function urlHandler(
  answer: (request: UrlRequest, signal: AbortSignal) => Promise<UrlAnswer>,
) {
  return middy(async (event: unknown, context: Context) => {
    try {
      return reply(await answer(requestOf(event), deadlineSignal(context)));
    } catch (error) {
      logger.error('request failed', { reason: reasonOf(error) });
      const refused = isFault(error) && error.code === 'queue.refused';
      return reply({
        status: refused ? 503 : 500,
        headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
        body: {
          error: refused ? 'The queue did not accept everything: send it again.' : 'Failed.',
        },
      });
    }
  })
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(logMetrics(metrics, { captureColdStartMetric: true }));
}

function requestOf(event: unknown): UrlRequest {
  const { requestContext, headers, body, isBase64Encoded } = eventSchema.parse(event);
  return {
    method: requestContext.http.method,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

const reply = ({ status, headers, body }: UrlAnswer) => ({
  statusCode: status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
