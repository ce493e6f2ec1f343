import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** AWS asks for a visibility timeout of six function timeouts (Lambda guide, "Using Lambda with Amazon SQS"). */
const VISIBILITY_TIMEOUTS_PER_FUNCTION_TIMEOUT = 6;

/** Fewer than five, and a few throttled invocations would send sound messages away (same page). */
const MAX_RECEIVE_COUNT = 5;

/** A token that waited longer is no opportunity any more. */
const RETENTION_SECONDS = 600;

export type TokensQueueProps = {
  /** Time limit of the function that empties the queue. Hiding and keeping follow from it. */
  readonly functionTimeoutSeconds: number;
  /** The longest that the message of a later look is held back; 0 when there are no later looks. */
  readonly longestDelaySeconds: number;
};

/** The queue of tokens to be analysed, and behind it the queue of those that nobody could. */
export class TokensQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: TokensQueueProps) {
    super(scope, id);
    const { functionTimeoutSeconds, longestDelaySeconds } = props;
    const visibilitySeconds = functionTimeoutSeconds * VISIBILITY_TIMEOUTS_PER_FUNCTION_TIMEOUT;

    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // Counted from the first sending, so it has to be longer than the source's retention.
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.deadLetterQueue).acknowledge({
      id: 'Serverless::Serverless-SQSRedrivePolicy',
      reason: 'It is the end of the line: an alarm calls a person, who reads it and sends it back.',
    });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(visibilitySeconds),
      // Long enough for the delay, which counts from the sending, and then all receives: else a
      // poisonous message expires before it is a dead letter.
      retentionPeriod: Duration.seconds(
        Math.max(RETENTION_SECONDS, longestDelaySeconds + visibilitySeconds * MAX_RECEIVE_COUNT),
      ),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
  }
}
