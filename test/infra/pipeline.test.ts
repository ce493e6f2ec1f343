import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';

import {
  SERVICES,
  type Synthesized,
  environmentOf,
  functionOf,
  mappingOf,
  outputRef,
  resourcesOf,
  synthesized,
} from './synthesized.ts';

const all = synthesized();
const { config, resources, outputs, pipelineTemplate } = all;
const poolSize = config.parallel_processing.pool_size;

describe('the tokens queue', () => {
  const queue = resources[outputRef(all, 'TokensQueueUrl')]!.Properties;
  const deadLetters = resources[outputRef(all, 'DeadLetterQueueUrl')]!.Properties;

  it('hides a message for at least six time limits of the analyzer', () => {
    const timeout = Number(functionOf(all, 'analyzer').properties['Timeout']);
    expect(queue['VisibilityTimeout']).toBeGreaterThanOrEqual(6 * timeout);
  });

  it('gives up on a message after five receives, into the dead-letter queue', () => {
    expect(queue['RedrivePolicy']).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': [outputRef(all, 'DeadLetterQueueUrl'), 'Arn'] },
      maxReceiveCount: 5,
    });
  });

  it('keeps tokens for ten minutes and dead letters for two weeks', () => {
    expect(queue['MessageRetentionPeriod']).toBe(600);
    expect(deadLetters['MessageRetentionPeriod']).toBe(14 * 86_400);
  });

  it.each([3, 15, 60, 900])(
    'keeps a poisonous message until it is a dead letter, with a time limit of %i s',
    (seconds) => {
      const slow = synthesized({
        settings: {
          parallel_processing: { task_timeout_seconds: seconds },
          analyzer: { check_timeout_ms: 500 },
        },
      });
      const { VisibilityTimeout, MessageRetentionPeriod } =
        slow.resources[outputRef(slow, 'TokensQueueUrl')]!.Properties;
      expect(VisibilityTimeout).toBe(6 * seconds);
      expect(MessageRetentionPeriod).toBeGreaterThan(5 * Number(VisibilityTimeout));
    },
  );

  it('is encrypted, and refuses what does not come over TLS', () => {
    expect([queue['SqsManagedSseEnabled'], deadLetters['SqsManagedSseEnabled']]).toEqual([
      true,
      true,
    ]);
    for (const name of ['TokensQueueUrl', 'DeadLetterQueueUrl']) {
      pipelineTemplate.hasResourceProperties('AWS::SQS::QueuePolicy', {
        Queues: [{ Ref: outputRef(all, name) }],
        PolicyDocument: Match.objectLike({
          Statement: [
            Match.objectLike({
              Effect: 'Deny',
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            }),
          ],
        }),
      });
    }
  });
});

describe('the analyzer', () => {
  const { properties } = functionOf(all, 'analyzer');
  const mapping = mappingOf(all, 'analyzer');

  it('runs pool_size at a time, and never more than are reserved for it', () => {
    const { MaximumConcurrency } = mapping['ScalingConfig'] as { MaximumConcurrency: number };
    expect(MaximumConcurrency).toBe(poolSize);
    expect(properties['ReservedConcurrentExecutions']).toBeGreaterThanOrEqual(MaximumConcurrency);
  });

  it('gets one token a message, at once', () => {
    expect(mapping['BatchSize']).toBe(1);
    expect(mapping['MaximumBatchingWindowInSeconds'] ?? 0).toBe(0);
  });

  it('reports its failures, so that Lambda does not poll less after one', () => {
    expect(mapping['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
  });

  it('reads the tokens queue within task_timeout_seconds', () => {
    expect(mapping['EventSourceArn']).toEqual({
      'Fn::GetAtt': [outputRef(all, 'TokensQueueUrl'), 'Arn'],
    });
    expect(properties['Timeout']).toBe(config.parallel_processing.task_timeout_seconds);
    expect(properties['MemorySize']).toBe(config.analyzer.memory_mb);
  });

  it('leaves the loop detection of Lambda on', () => {
    expect(properties).not.toHaveProperty('RecursiveLoop');
  });
});

describe('the executor', () => {
  const mapping = mappingOf(all, 'executor');

  it('is woken by new decisions to buy, and by nothing else', () => {
    const { Filters } = mapping['FilterCriteria'] as { Filters: { Pattern: string }[] };
    expect(Filters.map(({ Pattern }): unknown => JSON.parse(Pattern))).toEqual([
      { eventName: ['INSERT'], dynamodb: { NewImage: { verdict: { S: ['BUY'] } } } },
    ]);
    expect(mapping['EventSourceArn']).toEqual({
      'Fn::GetAtt': [outputRef(all, 'DecisionsTable'), 'StreamArn'],
    });
  });

  it('misses no decision while the mapping is made', () => {
    expect(mapping['StartingPosition']).toBe('TRIM_HORIZON');
  });

  it('isolates a failing record, and gives up after three retries or a minute', () => {
    expect(mapping).toMatchObject({
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 3,
      MaximumRecordAgeInSeconds: 60,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('keeps what it gave up on, whole, in the bucket', () => {
    expect(mapping['DestinationConfig']).toEqual({
      OnFailure: {
        Destination: { 'Fn::GetAtt': [outputRef(all, 'StreamFailuresBucket'), 'Arn'] },
      },
    });
  });

  it('does not wait to fill a batch', () => {
    expect(mapping['BatchSize']).toBeLessThanOrEqual(10);
    expect(mapping['MaximumBatchingWindowInSeconds'] ?? 0).toBe(0);
    expect(mapping['ParallelizationFactor']).toBe(10);
  });

  it('has a minute for a trade', () => {
    expect(functionOf(all, 'executor').properties).toMatchObject({
      Timeout: 60,
      MemorySize: config.execution.memory_mb,
    });
  });
});

describe('the detector', () => {
  it('answers on a public URL, with no more places than are kept for it', () => {
    const { id, properties } = functionOf(all, 'detector');
    pipelineTemplate.hasResourceProperties('AWS::Lambda::Url', {
      AuthType: 'NONE',
      TargetFunctionArn: { 'Fn::GetAtt': [id, 'Arn'] },
    });
    expect(properties).toMatchObject({
      Timeout: 10,
      ReservedConcurrentExecutions: config.detector.reserved_concurrency,
    });
  });

  it('has the only public URL', () => {
    expect(resourcesOf(all, 'AWS::Lambda::Url')).toHaveLength(1);
  });

  it('sweeps once a minute, and never makes up for a missed sweep', () => {
    const { id, properties } = functionOf(all, 'sweep');
    expect(properties['Timeout']).toBe(60);
    pipelineTemplate.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Target: Match.objectLike({
        Arn: { 'Fn::GetAtt': [id, 'Arn'] },
        RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
      }),
    });
    // The scheduler invokes asynchronously: Lambda's own two retries would sweep again.
    pipelineTemplate.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: id },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });
});

describe.each(SERVICES)('the function %s', (service) => {
  const { properties } = functionOf(all, service);

  it('is an ES module on Node 24 and arm64', () => {
    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
    });
  });

  it('logs JSON into a group of its own that forgets', () => {
    const { LogFormat, LogGroup } = properties['LoggingConfig'] as {
      LogFormat: string;
      LogGroup: { Ref: string };
    };
    expect(LogFormat).toBe('JSON');
    expect(resources[LogGroup.Ref]!.Properties['RetentionInDays']).toBe(
      config.deploy.log_retention_days,
    );
  });

  it('runs outside of any VPC', () => {
    expect(properties).not.toHaveProperty('VpcConfig');
  });

  it('knows its stage and its name', () => {
    expect(environmentOf(properties)).toMatchObject({
      STAGE: 'paper',
      POWERTOOLS_SERVICE_NAME: service,
      POWERTOOLS_METRICS_NAMESPACE: 'Volley',
      POWERTOOLS_LOG_LEVEL: 'INFO',
    });
  });
});

it('gives each function the names that it reads, and no others', () => {
  const shared = new Set([
    'STAGE',
    'POWERTOOLS_SERVICE_NAME',
    'POWERTOOLS_METRICS_NAMESPACE',
    'POWERTOOLS_LOG_LEVEL',
  ]);
  const names = Object.fromEntries(
    SERVICES.map((service) => [
      service,
      Object.keys(environmentOf(functionOf(all, service).properties))
        .filter((name) => !shared.has(name))
        .sort(),
    ]),
  );
  expect(names).toEqual({
    detector: ['STATE_TABLE', 'TOKENS_QUEUE_URL', 'WEBHOOK_SECRET_ARN'],
    exits: ['STATE_TABLE', 'TRADES_TABLE', 'UPSTREAM_SECRET_ARN', 'WALLET_KEY_ID'],
    sweep: ['DECISIONS_TABLE', 'STATE_TABLE', 'TOKENS_QUEUE_URL', 'UPSTREAM_SECRET_ARN'],
    analyzer: ['DECISIONS_TABLE', 'STATE_TABLE', 'TOKENS_QUEUE_URL', 'UPSTREAM_SECRET_ARN'],
    executor: ['STATE_TABLE', 'TRADES_TABLE', 'UPSTREAM_SECRET_ARN', 'WALLET_KEY_ID'],
  });
});

it('tells where everything is', () => {
  expect(Object.keys(outputs)).toEqual(
    expect.arrayContaining([
      'DetectorUrl',
      'TokensQueueUrl',
      'DeadLetterQueueUrl',
      'DecisionsTable',
      'TradesTable',
      'StateTable',
      'WebhookSecret',
      'UpstreamSecret',
      'WalletKey',
      'StreamFailuresBucket',
    ]),
  );
});

const subscriptionsOf = (from: Synthesized) =>
  resourcesOf(from, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties);

/** Red when there is too little. */
const isSilence = (alarm: Record<string, unknown>) =>
  String(alarm['ComparisonOperator']).startsWith('LessThan');

/** A metric of one detector, as a part of an alarm's expression. */
const countedBy = (metricName: string, service: string, periodSeconds: number) => ({
  MetricStat: {
    Metric: {
      Namespace: 'Volley',
      MetricName: metricName,
      Dimensions: [{ Name: 'service', Value: service }],
    },
    Period: periodSeconds,
    Stat: 'Sum',
  },
});

describe('alarms', () => {
  const alarms = resourcesOf(all, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
  /** One that compares an expression over several metrics has no metric's name. */
  const metrics = alarms.map((alarm) =>
    'MetricName' in alarm ? String(alarm['MetricName']) : 'an expression',
  );

  it('watch what is lost, what waits and what fails', () => {
    expect(metrics.sort()).toEqual([
      'ApproximateAgeOfOldestMessage',
      'ApproximateNumberOfMessagesVisible',
      'ApproximateNumberOfMessagesVisible',
      'DestinationDeliveryFailures',
      'DroppedEventCount',
      'Errors',
      'Errors',
      'Errors',
      'Errors',
      'IteratorAge',
      'OnFailureDestinationDeliveredEventCount',
      'PositionsStuck',
      'Throttles',
      'an expression',
      'an expression',
    ]);
  });

  it.each([
    { analyze_launches: true, minutes: 10 },
    { analyze_launches: false, minutes: 60 },
  ])(
    'go red when neither webhook nor sweep saw a pool for $minutes minutes (launches: $analyze_launches)',
    ({ analyze_launches, minutes }) => {
      const from = synthesized({ settings: { detector: { analyze_launches } } });
      const found = resourcesOf(from, 'AWS::CloudWatch::Alarm')
        .map(([, { Properties }]) => Properties)
        .filter(isSilence);
      expect(found).toMatchObject([
        {
          Metrics: [
            { Expression: 'FILL(webhook, 0) + FILL(sweep, 0)' },
            {
              Id: 'webhook',
              ...countedBy('PoolsDetected', 'detector', minutes * 60),
              ReturnData: false,
            },
            {
              Id: 'sweep',
              ...countedBy('PoolsDetected', 'sweep', minutes * 60),
              ReturnData: false,
            },
          ],
          Threshold: 1,
          EvaluationPeriods: 1,
          ComparisonOperator: 'LessThanThreshold',
          // A detector that does not run at all measures nothing.
          TreatMissingData: 'breaching',
        },
      ]);
    },
  );

  it('go red when either detector drops a token at a cap', () => {
    expect(
      alarms.filter(({ AlarmDescription }) => /A cap of tokens/.test(String(AlarmDescription))),
    ).toMatchObject([
      {
        Metrics: [
          { Expression: 'FILL(webhook, 0) + FILL(sweep, 0)' },
          { Id: 'webhook', ...countedBy('TokensDropped', 'detector', 60), ReturnData: false },
          { Id: 'sweep', ...countedBy('TokensDropped', 'sweep', 60), ReturnData: false },
        ],
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      },
    ]);
  });

  it('go red on the first dead letter', () => {
    expect(() =>
      pipelineTemplate.hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [
          {
            Name: 'QueueName',
            Value: { 'Fn::GetAtt': [outputRef(all, 'DeadLetterQueueUrl'), 'QueueName'] },
          },
        ],
        Threshold: 1,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      }),
    ).not.toThrow();
  });

  it('can count what the stream gave up on: the mapping publishes it', () => {
    expect(mappingOf(all, 'executor')['MetricsConfig']).toEqual({ Metrics: ['EventCount'] });
  });

  it.each(alarms.map((alarm) => [String(alarm['AlarmDescription']), alarm] as const))(
    'tell somebody: %s',
    (description, alarm) => {
      expect(description).toMatch(/^[A-Z][^.]+\. What to do: docs\/operations\.md#[a-z-]+$/);
      expect(alarm['AlarmActions']).toHaveLength(1);
      expect(alarm['TreatMissingData']).toBe(isSilence(alarm) ? 'breaching' : 'notBreaching');
    },
  );

  it('may publish to their topic, though the topic has a policy', () => {
    expect(() =>
      pipelineTemplate.hasResourceProperties('AWS::SNS::TopicPolicy', {
        PolicyDocument: Match.objectLike({
          Statement: Match.arrayWith([
            Match.objectLike({
              Action: 'sns:Publish',
              Effect: 'Allow',
              Principal: { Service: 'cloudwatch.amazonaws.com' },
            }),
          ]),
        }),
      }),
    ).not.toThrow();
  });

  it('write a mail to the address of the configuration, where there is one', () => {
    const told = synthesized({ settings: { deploy: { alarm_email: 'desk@example.com' } } });
    expect(subscriptionsOf(all)).toEqual([]);
    expect(subscriptionsOf(told)).toMatchObject([
      { Protocol: 'email', Endpoint: 'desk@example.com' },
    ]);
  });
});
