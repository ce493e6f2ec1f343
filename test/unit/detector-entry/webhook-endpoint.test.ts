import { gzipSync } from 'node:zlib';

import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';

import { webhookEndpoint } from '#functions/detector/webhook-endpoint.ts';
import { VENUES } from '#shared/domain/venue.ts';
import { logger, metrics } from '#shared/runtime/telemetry.ts';
import { aLaunch, aPool, openedBy } from '../../support/chain-transactions.ts';
import { DETECTED_AT_MS } from '../../support/detections.ts';
import { lambdaContext } from '../../support/lambda-context.ts';
import { memoryTokenCaps } from '../../support/memory-token-caps.ts';
import { memoryTokenQueue } from '../../support/memory-token-queue.ts';

const SECRET = 'a secret of the webhook';

function bench(limit = Infinity) {
  const queue = memoryTokenQueue();
  const handler = webhookEndpoint({
    queue,
    caps: memoryTokenCaps(limit),
    clock: { now: () => DETECTED_AT_MS },
    secret: SECRET,
    maxBodyBytes: 1_000_000,
    scope: { venues: new Set(VENUES), analyzeLaunches: true },
  });
  return { queue, handler };
}

/** A function URL's event, payload format 2.0. */
const anEvent = (changes: Record<string, unknown> = {}) => ({
  version: '2.0',
  rawPath: '/',
  requestContext: { http: { method: 'POST', path: '/' } },
  headers: { authorization: SECRET },
  isBase64Encoded: false,
  ...changes,
});

describe('webhookEndpoint', () => {
  const info = vi.spyOn(logger, 'info');
  const warn = vi.spyOn(logger, 'warn');
  const error = vi.spyOn(logger, 'error');
  const addMetric = vi.spyOn(metrics, 'addMetric');
  const published = vi.spyOn(metrics, 'publishStoredMetrics');
  const measured = () =>
    Object.fromEntries(addMetric.mock.calls.map(([name, , value]) => [name, value]));
  beforeEach(() => {
    for (const spy of [info, warn, error]) spy.mockReset().mockImplementation(() => undefined);
    addMetric.mockReset();
    published.mockReset().mockReturnValue(metrics);
  });

  it('answers with what was accepted and detected, in JSON', async () => {
    const { handler, queue } = bench();
    const body = JSON.stringify([
      aLaunch({ name: 'a' }),
      aPool({ name: 'b', quoteMint: openedBy('x').mint }),
    ]);

    const answer = await handler(anEvent({ body }), lambdaContext());

    expect(answer).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"accepted":2,"detected":1,"unresolved":1}',
    });
    expect(queue.messages).toHaveLength(1);
  });

  it('logs one line of counts, and measures', async () => {
    const { handler } = bench(1);
    const blockTime = DETECTED_AT_MS / 1_000 - 3;
    const body = JSON.stringify([
      aLaunch({ name: 'a', blockTime }),
      aLaunch({ name: 'b', blockTime }),
    ]);

    await handler(anEvent({ body }), lambdaContext());

    expect(info.mock.calls).toEqual([
      [
        'webhook',
        { status: 200, accepted: 2, detected: 1, unresolved: 0, unreadable: 0, dropped: 1 },
      ],
    ]);
    expect(warn).toHaveBeenCalledWith('tokens beyond the cap dropped', { dropped: 1 });
    expect(measured()).toEqual({
      TransactionsReceived: 2,
      PoolsDetected: 1,
      PoolsUnresolved: 0,
      TokensDropped: 1,
      DetectionLagMs: 3_000,
    });
  });

  it('reads bodies in base64, compressed or not, and header names in any case', async () => {
    const { handler, queue } = bench();
    const body = gzipSync(JSON.stringify([aLaunch({ name: 'a' })])).toString('base64');
    const headers = { Authorization: SECRET, 'Content-Encoding': 'gzip' };

    const answer = await handler(
      anEvent({ body, headers, isBase64Encoded: true }),
      lambdaContext(),
    );

    expect(answer.statusCode).toBe(200);
    expect(queue.messages).toHaveLength(1);
  });

  it('names the method it allows', async () => {
    const requestContext = { http: { method: 'GET' } };
    const answer = await bench().handler(anEvent({ requestContext }), lambdaContext());
    expect(answer).toMatchObject({ statusCode: 405, headers: { allow: 'POST' } });
  });

  it('refuses in a sentence, and counts it', async () => {
    const answer = await bench().handler(anEvent({ headers: {}, body: '[]' }), lambdaContext());
    expect(answer.statusCode).toBe(401);
    expect(z.object({ error: z.string() }).parse(JSON.parse(answer.body)).error).toMatch(/\.$/);
    expect(measured()).toEqual({ RequestsRefused: 1 });
    expect(published).toHaveBeenCalledOnce();
    expect(JSON.stringify(info.mock.calls)).not.toContain(SECRET);
  });

  it('asks the sender to try again when the queue refused', async () => {
    const { handler, queue } = bench();
    queue.refuse = () => true;
    const body = JSON.stringify([aLaunch({ name: 'a' })]);
    const answer = await handler(anEvent({ body }), lambdaContext());
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
    expect(error).toHaveBeenCalledOnce();
  });

  it('answers with 500 and tells nothing when we are at fault', async () => {
    const { handler, queue } = bench();
    queue.fail = () => {
      throw new Error('a detail that is nobody’s business');
    };
    const body = JSON.stringify([aLaunch({ name: 'a' })]);
    const answer = await handler(anEvent({ body }), lambdaContext());
    expect(answer).toMatchObject({ statusCode: 500, headers: { 'retry-after': '5' } });
    expect(answer.body).not.toContain('detail');
  });

  it.each([{}, { headers: null }, { body: null }, { requestContext: {} }, { headers: { a: 1 } }])(
    'answers the event with %j in it',
    async (changes) => {
      const { statusCode } = await bench().handler(anEvent(changes), lambdaContext());
      expect([400, 401, 405]).toContain(statusCode);
    },
  );

  it.each([undefined, null, 'text', 7, []])('answers %j, which is no event', async (event) => {
    expect(await bench().handler(event, lambdaContext())).toMatchObject({ statusCode: 405 });
  });
});
