import * as z from 'zod';

import type { QueueServer } from '../emulators/queue-server.ts';
import { LocalCloudError } from '../local-cloud-error.ts';
import { ACCOUNT_ID, type StackModel } from '../template/stack-model.ts';

const numeric = z.coerce.number();

const redrivePolicy = z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: numeric });

const queueProperties = z.object({
  QueueName: z.string().optional(),
  FifoQueue: z.boolean().default(false),
  // The defaults are those of SQS.
  VisibilityTimeout: numeric.default(30),
  MessageRetentionPeriod: numeric.default(345_600),
  DelaySeconds: numeric.default(0),
  MaximumMessageSize: numeric.default(1_048_576),
  ReceiveMessageWaitTimeSeconds: numeric.default(0),
  RedrivePolicy: redrivePolicy.optional(),
});

/** A queue as it is there now. */
export type MadeQueue = {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly visibilityTimeoutSeconds: number;
  /** `undefined`: no dead-letter queue. */
  readonly redrive:
    | { readonly deadLetterQueue: string; readonly maxReceiveCount: number }
    | undefined;
};

/** Makes every queue of the template. */
export async function makeQueues(
  model: StackModel,
  server: QueueServer,
  region: string,
): Promise<readonly MadeQueue[]> {
  const resources = model.resources('AWS::SQS::Queue');
  const arnOf = (name: string): string => `arn:aws:sqs:${region}:${ACCOUNT_ID}:${name}`;
  const names = new Map(
    resources.map((resource) => {
      // 80 characters: the limit of SQS.
      const name = model.physicalName(resource, 80);
      model.identify(resource, {
        ref: server.queueUrl(name),
        attributes: { Arn: arnOf(name), QueueName: name, QueueUrl: server.queueUrl(name) },
      });
      return [resource, name];
    }),
  );
  const made: MadeQueue[] = [];
  for (const [resource, name] of names) {
    const properties = queueProperties.parse(resource.properties());
    if (properties.FifoQueue || properties.QueueName !== undefined)
      throw new LocalCloudError(
        `Queue ${resource.logicalId} is FIFO or has a physical name: the local cloud plays standard queues that CloudFormation names.`,
      );
    const { RedrivePolicy } = properties;
    await server.sqs(
      'CreateQueue',
      {
        QueueName: name,
        Attributes: {
          VisibilityTimeout: String(properties.VisibilityTimeout),
          MessageRetentionPeriod: String(properties.MessageRetentionPeriod),
          DelaySeconds: String(properties.DelaySeconds),
          MaximumMessageSize: String(properties.MaximumMessageSize),
          ReceiveMessageWaitTimeSeconds: String(properties.ReceiveMessageWaitTimeSeconds),
          ...(RedrivePolicy === undefined ? {} : { RedrivePolicy: JSON.stringify(RedrivePolicy) }),
        },
      },
      z.unknown(),
    );
    made.push({
      name,
      url: server.queueUrl(name),
      arn: arnOf(name),
      visibilityTimeoutSeconds: properties.VisibilityTimeout,
      redrive:
        RedrivePolicy === undefined
          ? undefined
          : {
              deadLetterQueue: RedrivePolicy.deadLetterTargetArn.split(':').at(-1) ?? '',
              maxReceiveCount: RedrivePolicy.maxReceiveCount,
            },
    });
  }
  return made;
}
