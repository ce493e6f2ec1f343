import { buildApp } from 'fauxqs';
import * as z from 'zod';

import { LocalCloudError } from '../local-cloud-error.ts';
import { ACCOUNT_ID } from '../template/stack-model.ts';

/** SQS and S3 on one loopback port, by fauxqs. */
export type QueueServer = {
  readonly endpoint: string;
  /** An SQS call past the network: the event source mappings live in this process. */
  readonly sqs: <Schema extends z.ZodType>(
    operation: string,
    input: unknown,
    output: Schema,
  ) => Promise<z.output<Schema>>;
  readonly queueUrl: (name: string) => string;
  /** Messages that lie in a queue, in sight or not, without receiving them. */
  readonly inspect: (name: string) => Promise<readonly QueuedMessage[]>;
  readonly makeBucket: (name: string) => Promise<void>;
  readonly putObject: (bucket: string, key: string, body: string) => Promise<void>;
  readonly stop: () => Promise<void>;
};

const queuedMessage = z.object({
  messageId: z.string(),
  body: z.string(),
  approximateReceiveCount: z.number(),
});
export type QueuedMessage = z.output<typeof queuedMessage>;

const inspection = z.object({
  messages: z.object({
    ready: z.array(queuedMessage),
    delayed: z.array(queuedMessage),
    inflight: z.array(z.object({ message: queuedMessage })),
  }),
});

/** Starts fauxqs on the loopback interface only. Port 0 takes a free one. */
export async function startQueueServer(region: string, port = 0): Promise<QueueServer> {
  const app = buildApp({ logger: false, defaultRegion: region });
  const endpoint = await app.listen({ port, host: '127.0.0.1' }).catch((cause: unknown) => {
    throw new LocalCloudError(`Port ${port} for SQS is taken: free it or choose another.`, {
      cause,
    });
  });

  const put = async (url: string, body?: string): Promise<void> => {
    const { statusCode, payload } = await app.inject({
      method: 'PUT',
      url,
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
    });
    if (statusCode !== 200)
      throw new LocalCloudError(`S3 refused ${url}: ${statusCode} ${payload}`);
  };

  return {
    endpoint,
    async sqs(operation, input, output) {
      const { statusCode, payload } = await app.inject({
        method: 'POST',
        url: '/',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `AmazonSQS.${operation}`,
        },
        body: JSON.stringify(input),
      });
      if (statusCode !== 200)
        throw new LocalCloudError(`SQS refused ${operation}: ${statusCode} ${payload}`);
      return output.parse(JSON.parse(payload));
    },
    // By address and not by `sqs.<region>.localhost`, which not every resolver knows.
    queueUrl: (name) => `${endpoint}/${ACCOUNT_ID}/${name}`,
    async inspect(name) {
      const { payload } = await app.inject({ method: 'GET', url: `/_fauxqs/queues/${name}` });
      const { ready, delayed, inflight } = inspection.parse(JSON.parse(payload)).messages;
      return [...ready, ...delayed, ...inflight.map(({ message }) => message)];
    },
    makeBucket: (name) => put(`/${name}`),
    putObject: (bucket, key, body) => put(`/${bucket}/${key}`, body),
    stop: () => app.close(),
  };
}
