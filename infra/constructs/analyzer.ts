import { Duration, Validations } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import type { StateStack } from '../stacks/state-stack.ts';
import { type FunctionDefaults, VolleyFunction } from './volley-function.ts';

export type AnalyzerProps = {
  readonly defaults: FunctionDefaults;
  readonly state: StateStack;
  readonly tokensQueue: Queue;
  /** Tokens analysed at the same time: 2..=1000, as the event source allows. */
  readonly poolSize: number;
  /** Whether those places are also kept for the analyzer out of the account's. */
  readonly reserveConcurrency: boolean;
  readonly taskTimeoutSeconds: number;
  readonly memoryMb: number;
};

/** One token a message, `poolSize` at a time: the queue's event source is the limiter. */
export class Analyzer extends Construct {
  readonly analyzer: VolleyFunction;

  constructor(scope: Construct, id: string, props: AnalyzerProps) {
    super(scope, id);
    const { state, tokensQueue } = props;

    this.analyzer = new VolleyFunction(this, 'Analyzer', {
      defaults: props.defaults,
      entry: 'functions/analyzer/handler.ts',
      service: 'analyzer',
      description: 'Asks all checks about one token at once, and decides',
      timeout: Duration.seconds(props.taskTimeoutSeconds),
      memoryMb: props.memoryMb,
      // Never less than the event source's maximum: throttled messages come back after the
      // visibility timeout only, and each time count as received.
      reservedConcurrency: props.reserveConcurrency ? props.poolSize : undefined,
      systemLogs: 'warn',
      environment: {
        TOKENS_QUEUE_URL: tokensQueue.queueUrl,
        DECISIONS_TABLE: state.decisions.tableName,
        STATE_TABLE: state.state.tableName,
        UPSTREAM_SECRET_ARN: state.upstreamSecret.secretArn,
      },
    });
    this.analyzer.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], state.decisions.tableArn);
    this.analyzer.allow(
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      state.state.tableArn,
    );
    this.analyzer.allow(['secretsmanager:GetSecretValue'], state.upstreamSecret.secretArn);
    // It queues the later looks at a token itself. Lambda ends such loops after about 16 rounds;
    // looks are 6 at most, so its loop detection stays on and guards us from our own mistakes.
    this.analyzer.allow(['sqs:SendMessage'], tokensQueue.queueArn);

    this.analyzer.function.addEventSource(
      new SqsEventSource(tokensQueue, {
        batchSize: 1,
        maxConcurrency: props.poolSize,
        // Also with one message a batch: Lambda polls less after errors that it is not told of so.
        reportBatchItemFailures: true,
      }),
    );
    Validations.of(this.analyzer).acknowledge({
      id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
      reason: 'Sources of the kind SQS take none: the queue has its own dead-letter queue.',
    });
  }
}
