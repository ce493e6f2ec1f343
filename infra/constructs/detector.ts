import { Duration } from 'aws-cdk-lib';
import { type FunctionUrl, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import type { StateStack } from '../stacks/state-stack.ts';
import { EachMinute } from './each-minute.ts';
import { type FunctionDefaults, VolleyFunction } from './volley-function.ts';

/** The detector parses JSON and sends messages: little work, in little memory. */
const MEMORY_MB = 256;

export type DetectorProps = {
  readonly defaults: FunctionDefaults;
  readonly state: StateStack;
  readonly tokensQueue: Queue;
  /** Deliveries answered at the same time; undefined: as many as the account has. */
  readonly reservedConcurrency: number | undefined;
};

/** Where tokens come from: the webhook that upstreams push to, and the sweep behind it. */
export class Detector extends Construct {
  readonly webhook: VolleyFunction;
  readonly sweep: VolleyFunction;
  readonly url: FunctionUrl;

  constructor(scope: Construct, id: string, props: DetectorProps) {
    super(scope, id);
    const { defaults, state, tokensQueue } = props;

    this.webhook = new VolleyFunction(this, 'Webhook', {
      defaults,
      entry: 'functions/detector/webhook-handler.ts',
      service: 'detector',
      description: 'Finds new pools in the transactions that are pushed to its URL',
      timeout: Duration.seconds(10),
      memoryMb: MEMORY_MB,
      reservedConcurrency: props.reservedConcurrency,
      systemLogs: 'info',
      environment: {
        TOKENS_QUEUE_URL: tokensQueue.queueUrl,
        STATE_TABLE: state.state.tableName,
        WEBHOOK_SECRET_ARN: state.webhookSecret.secretArn,
      },
    });
    this.webhook.allow(['sqs:SendMessage'], tokensQueue.queueArn);
    this.webhook.allow(['dynamodb:UpdateItem'], state.state.tableArn);
    this.webhook.allow(['secretsmanager:GetSecretValue'], state.webhookSecret.secretArn);
    // No webhook sender can sign with IAM. The handler compares a secret header before it reads the
    // body, and the reserved concurrency is all that an attacker can use up.
    this.url = this.webhook.function.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });

    this.sweep = new VolleyFunction(this, 'Sweep', {
      defaults,
      entry: 'functions/detector/sweep-handler.ts',
      service: 'sweep',
      description: 'Reads the chain each minute for pools that the webhook missed',
      timeout: Duration.seconds(60),
      memoryMb: MEMORY_MB,
      reservedConcurrency: undefined,
      systemLogs: 'warn',
      environment: {
        TOKENS_QUEUE_URL: tokensQueue.queueUrl,
        DECISIONS_TABLE: state.decisions.tableName,
        STATE_TABLE: state.state.tableName,
        UPSTREAM_SECRET_ARN: state.upstreamSecret.secretArn,
      },
    });
    this.sweep.allow(['sqs:SendMessage'], tokensQueue.queueArn);
    this.sweep.allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem'], state.decisions.tableArn);
    this.sweep.allow(
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      state.state.tableArn,
    );
    this.sweep.allow(['secretsmanager:GetSecretValue'], state.upstreamSecret.secretArn);
    // The next minute sweeps what this one missed: a late start would only run beside it.
    new EachMinute(this, 'EachMinute', {
      target: this.sweep,
      description: 'Starts the sweep',
      nothingLost: 'A failed sweep has nothing to keep: the next one starts from the same cursor.',
    });
  }
}
