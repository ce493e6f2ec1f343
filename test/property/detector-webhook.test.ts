import { gzipSync } from 'node:zlib';

import * as fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';

import { webhookEndpoint } from '#functions/detector/webhook-endpoint.ts';
import { tokenDetectedSchema } from '#shared/domain/detection.ts';
import { VENUES } from '#shared/domain/venue.ts';
import { logger, metrics } from '#shared/runtime/telemetry.ts';
import { aLaunch, aPool } from '../support/chain-transactions.ts';
import { DETECTED_AT_MS } from '../support/detections.ts';
import { lambdaContext } from '../support/lambda-context.ts';
import { memoryTokenCaps } from '../support/memory-token-caps.ts';
import { memoryTokenQueue } from '../support/memory-token-queue.ts';

const SECRET = 'secret';
const STATUSES = [200, 400, 401, 405, 413, 415];

function bench() {
  const queue = memoryTokenQueue();
  const handler = webhookEndpoint({
    queue,
    caps: memoryTokenCaps(),
    clock: { now: () => DETECTED_AT_MS },
    secret: SECRET,
    maxBodyBytes: 20_000,
    scope: { venues: new Set(VENUES), analyzeLaunches: true },
  });
  return { queue, handler };
}

const anyHeaders = fc.dictionary(
  fc.oneof(
    fc.string(),
    fc.constantFrom('authorization', 'content-encoding', 'x-qn-signature', 'x-qn-nonce'),
  ),
  fc.oneof(fc.string(), fc.constantFrom(SECRET, 'gzip', 'identity')),
);
const transaction = fc.constantFrom(aLaunch({ name: 'a' }), aPool({ name: 'b' }));

/** Real transactions with a part replaced by something else: hostile, but nearly right. */
const mangled = fc
  .tuple(transaction, fc.array(fc.tuple(fc.nat(400), fc.jsonValue()), { maxLength: 4 }))
  .map(([real, changes]) => {
    let visited = 0;
    const at = new Map(changes);
    return JSON.parse(JSON.stringify(real), (_key, value: unknown) => {
      visited += 1;
      return at.has(visited) ? at.get(visited) : value;
    }) as unknown;
  });

const anyBody = fc.oneof(
  fc.string().map((text) => ({ body: text, isBase64Encoded: false })),
  fc.string().map((text) => ({ body: text, isBase64Encoded: true })),
  fc
    .uint8Array()
    .map((bytes) => ({ body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true })),
  fc.json().map((body) => ({ body, isBase64Encoded: false })),
  fc.array(mangled, { maxLength: 3 }).map((list) => ({
    body: gzipSync(JSON.stringify(list)).toString('base64'),
    isBase64Encoded: true,
  })),
  fc
    .oneof(mangled, fc.array(mangled, { maxLength: 3 }))
    .map((list) => ({ body: JSON.stringify(list), isBase64Encoded: false })),
);

describe('the webhook', () => {
  beforeAll(() => {
    for (const method of ['info', 'warn', 'error'] as const) {
      vi.spyOn(logger, method).mockImplementation(() => undefined);
    }
    vi.spyOn(metrics, 'publishStoredMetrics').mockImplementation(() => {
      metrics.clearMetrics();
      return metrics;
    });
  });

  it('answers every request in JSON, and queues nothing that the analyzer would refuse', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyBody,
        fc.oneof(anyHeaders, fc.constant({ authorization: SECRET })),
        fc.constantFrom('POST', 'POST', 'POST', 'GET', ''),
        async (body, headers, method) => {
          const { queue, handler } = bench();
          const event = { ...body, headers, requestContext: { http: { method } } };
          const answer = await handler(event, lambdaContext());
          expect(STATUSES).toContain(answer.statusCode);
          expect(JSON.parse(answer.body)).toBeTypeOf('object');
          for (const look of queue.messages) tokenDetectedSchema.parse(look);
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it('answers whatever is no event at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (event) => {
        const answer = await bench().handler(event, lambdaContext());
        expect(STATUSES).toContain(answer.statusCode);
      }),
      { numRuns: 500 },
    );
  });

  it('lets nobody in without the secret', async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, anyHeaders, async (body, headers) => {
        fc.pre(headers['authorization'] !== SECRET);
        const { queue, handler } = bench();
        const event = { ...body, headers, requestContext: { http: { method: 'POST' } } };
        const { statusCode } = await handler(event, lambdaContext());
        expect(statusCode).toBeGreaterThanOrEqual(400);
        expect(queue.messages).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
