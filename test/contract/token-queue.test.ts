import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { sqsTokenQueue } from '#shared/adapters/aws/sqs-token-queue.ts';
import { type TokenDetected, tokenDetectedSchema } from '#shared/domain/detection.ts';
import type { TokenQueue } from '#shared/ports/token-queue.ts';
import { DETECTED_AT_MS, aDetection } from '../support/detections.ts';
import { memoryTokenQueue } from '../support/memory-token-queue.ts';

/** An implementation under test, with a look at what lies in it. */
type Bench = { readonly queue: TokenQueue; readonly messages: () => Promise<TokenDetected[]> };

const clock = { now: () => DETECTED_AT_MS };
const { signal } = new AbortController();

let server: FauxqsServer;
let client: SQSClient;
let queues = 0;
beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
  client = new SQSClient({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});

const newQueue = () => {
  queues += 1;
  const name = `tokens-${queues}`;
  server.createQueue(name);
  return { name, queueUrl: `http://127.0.0.1:${server.port}/000000000000/${name}` };
};

const memoryBench = (): Bench => {
  const queue = memoryTokenQueue();
  return { queue, messages: async () => [...queue.messages] };
};

const sqsBench = (): Bench => {
  const { name, queueUrl } = newQueue();
  return {
    queue: sqsTokenQueue({ queueUrl, client, clock }),
    messages: async () => {
      const { ready = [], delayed = [] } = server.inspectQueue(name)?.messages ?? {};
      return [...ready, ...delayed].map(({ body }) => tokenDetectedSchema.parse(JSON.parse(body)));
    },
  };
};

const keysOf = (looks: readonly TokenDetected[]): string[] =>
  looks.map(({ mint, pool, look }) => `${mint}/${pool}/${look}`).sort();

describe.each([
  { name: 'memoryTokenQueue', bench: memoryBench },
  { name: 'sqsTokenQueue', bench: sqsBench },
])('$name', ({ bench }) => {
  it('accepts nothing to send', async () => {
    const { queue, messages } = bench();
    await queue.send([], signal);
    expect(await messages()).toEqual([]);
  });

  it('carries a look whole', async () => {
    const { queue, messages } = bench();
    const look = aDetection({ creator: null, signature: null, slot: null, blockTime: null });
    await queue.send([look], signal);
    expect(await messages()).toEqual([look]);
  });

  it.each([1, 9, 10, 11, 95])('accepts all of %i looks', async (count) => {
    const { queue, messages } = bench();
    const looks = Array.from({ length: count }, (_, index) => aDetection({ name: `t${index}` }));
    await queue.send(looks, signal);
    expect(keysOf(await messages())).toEqual(keysOf(looks));
  });

  it('sends the same look once, and another look at the same pool too', async () => {
    const { queue, messages } = bench();
    const looks = [aDetection(), aDetection({ source: 'sweep' }), aDetection({ look: 2 })];
    await queue.send(looks, signal);
    expect(keysOf(await messages())).toEqual(keysOf([aDetection(), aDetection({ look: 2 })]));
  });
});

const receive = async (queueUrl: string) => {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages;
};

describe('sqsTokenQueue on SQS', () => {
  it.each([
    { when: 'it is due', dueInMs: 0, waits: false },
    { when: 'it was due', dueInMs: -60_000, waits: false },
    { when: 'it is due in a moment', dueInMs: 1, waits: true },
    { when: 'it is due in a quarter of an hour', dueInMs: 900_000, waits: true },
    { when: 'it is due later than SQS can wait', dueInMs: 5_000_000, waits: true },
  ])('hides a look until it is due, when $when', async ({ dueInMs, waits }) => {
    const { name, queueUrl } = newQueue();
    const look = aDetection({ dueAt: DETECTED_AT_MS + dueInMs });
    await sqsTokenQueue({ queueUrl, client, clock }).send([look], signal);
    expect(server.inspectQueue(name)?.messages.delayed).toHaveLength(waits ? 1 : 0);
    expect(await receive(queueUrl)).toHaveLength(waits ? 0 : 1);
  });

  it('says how many were refused when the queue is not there', async () => {
    const queueUrl = `http://127.0.0.1:${server.port}/000000000000/nowhere`;
    const looks = Array.from({ length: 12 }, (_, index) => aDetection({ name: `t${index}` }));
    await expect(
      sqsTokenQueue({ queueUrl, client, clock }).send(looks, signal),
    ).rejects.toMatchObject({ code: 'queue.refused', context: { refused: 12 } });
  });
});
