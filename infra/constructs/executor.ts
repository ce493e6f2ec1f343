import { Duration } from 'aws-cdk-lib';
import {
  type EventSourceMapping,
  FilterCriteria,
  MetricType,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

import type { StateStack } from '../stacks/state-stack.ts';
import { type FunctionDefaults, VolleyFunction } from './volley-function.ts';

export type ExecutorProps = {
  readonly defaults: FunctionDefaults;
  readonly state: StateStack;
  readonly memoryMb: number;
};

/** Trades what the analyzer decided to buy: woken by the decisions table's stream, by BUY alone. */
export class Executor extends Construct {
  readonly executor: VolleyFunction;
  /** Brings the decisions to buy. */
  readonly decisionsMapping: EventSourceMapping;

  constructor(scope: Construct, id: string, { defaults, state, memoryMb }: ExecutorProps) {
    super(scope, id);

    this.executor = new VolleyFunction(this, 'Executor', {
      defaults,
      entry: 'functions/executor/handler.ts',
      service: 'executor',
      description: 'Claims, quotes, checks, signs once and sends a trade',
      timeout: Duration.seconds(60),
      memoryMb,
      // The ledger limits open positions and spending, whatever runs at the same time.
      reservedConcurrency: undefined,
      systemLogs: 'warn',
      environment: {
        TRADES_TABLE: state.trades.tableName,
        STATE_TABLE: state.state.tableName,
        UPSTREAM_SECRET_ARN: state.upstreamSecret.secretArn,
        WALLET_KEY_ID: state.wallet.key.keyId,
      },
      role: state.executorRole,
    });
    this.executor.allow(
      [
        'dynamodb:ConditionCheckItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
      ],
      state.trades.tableArn,
    );
    this.executor.allow(['dynamodb:ConditionCheckItem', 'dynamodb:GetItem'], state.state.tableArn);
    this.executor.allow(['secretsmanager:GetSecretValue'], state.upstreamSecret.secretArn);

    // What Lambda asks for to read the stream.
    this.executor.allow(
      [
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
      ],
      state.decisionsStreamArn,
    );

    this.decisionsMapping = this.executor.function.addEventSourceMapping('Decisions', {
      eventSourceArn: state.decisionsStreamArn,
      // LATEST may miss what is written while the mapping is made. What is old the executor refuses.
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [
        FilterCriteria.filter({
          // Decisions are written once; TTL and repairs must never look like a new one.
          eventName: ['INSERT'],
          dynamodb: { NewImage: { verdict: { S: ['BUY'] } } },
        }),
      ],
      batchSize: 1,
      // Ten batches of a shard at a time; the looks at one pool still come in order.
      parallelizationFactor: 10,
      bisectBatchOnError: true,
      retryAttempts: 3,
      // The least that AWS allows: a decision this old is not traded anyway.
      maxRecordAge: Duration.seconds(60),
      reportBatchItemFailures: true,
      // Whole records, to be looked at. CDK's own destination would grant more than Lambda asks for.
      onFailure: { bind: () => ({ destination: state.streamFailures.bucket.bucketArn }) },
      // The only count of what was given up on.
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
  }
}
