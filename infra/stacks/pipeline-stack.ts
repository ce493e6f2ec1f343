import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

import { longestLookDelaySeconds } from '#config/look-delays.ts';
import type { TradingConfig } from '#config/trading-config.ts';
import { Alarms } from '../constructs/alarms.ts';
import { Analyzer } from '../constructs/analyzer.ts';
import { Detector } from '../constructs/detector.ts';
import { Executor } from '../constructs/executor.ts';
import { Exits } from '../constructs/exits.ts';
import { addPipelineAlarms } from '../constructs/add-pipeline-alarms.ts';
import { TokensQueue } from '../constructs/tokens-queue.ts';
import type { FunctionDefaults } from '../constructs/volley-function.ts';
import type { StateStack } from './state-stack.ts';

export type PipelineStackProps = {
  readonly stage: string;
  readonly config: TradingConfig;
  /** Path of the resolved configuration that each bundle carries. */
  readonly configPath: string;
  /** Where the records, the wallet and the secrets are. */
  readonly state: StateStack;
};

/** What runs: detector, tokens queue, analyzer, executor, exits. It can be thrown away and made again. */
export class PipelineStack extends Stack {
  readonly tokens: TokensQueue;
  readonly detector: Detector;
  readonly analyzer: Analyzer;
  readonly executor: Executor;
  readonly exits: Exits;
  readonly alarms: Alarms;

  constructor(scope: Construct, id: string, props: PipelineStackProps) {
    const { stage, config, configPath, state } = props;
    super(scope, id, {
      description: `Volley ${stage}: functions, queues and alarms`,
      tags: { application: 'volley', stage },
    });
    const { pool_size: poolSize, task_timeout_seconds: taskTimeoutSeconds } =
      config.parallel_processing;
    const reserveConcurrency = config.deploy.reserve_concurrency;
    const defaults: FunctionDefaults = {
      stage,
      configPath,
      logRetentionDays: config.deploy.log_retention_days,
    };

    const longestDelaySeconds = longestLookDelaySeconds(config.synthesis.looks_after_seconds);
    this.tokens = new TokensQueue(this, 'Tokens', {
      functionTimeoutSeconds: taskTimeoutSeconds,
      longestDelaySeconds,
    });
    const tokensQueue = this.tokens.queue;
    this.detector = new Detector(this, 'Detector', {
      defaults,
      state,
      tokensQueue,
      reservedConcurrency: reserveConcurrency ? config.detector.reserved_concurrency : undefined,
    });
    this.analyzer = new Analyzer(this, 'Analyzer', {
      defaults,
      state,
      tokensQueue,
      poolSize,
      reserveConcurrency,
      taskTimeoutSeconds,
      memoryMb: config.analyzer.memory_mb,
    });
    this.executor = new Executor(this, 'Executor', {
      defaults,
      state,
      memoryMb: config.execution.memory_mb,
    });
    this.exits = new Exits(this, 'Exits', {
      defaults,
      state,
      memoryMb: config.exits.memory_mb,
    });

    this.alarms = new Alarms(this, 'Alarms', { email: config.deploy.alarm_email });
    addPipelineAlarms({
      alarms: this.alarms,
      tokens: this.tokens,
      webhook: this.detector.webhook,
      analyzer: this.analyzer.analyzer,
      executor: this.executor,
      exits: this.exits.exits,
      poolSize,
      maxAgeSeconds: config.analyzer.max_age_seconds,
      longestDelaySeconds,
      analyzeLaunches: config.detector.analyze_launches,
    });

    const outputs = {
      DetectorUrl: this.detector.url.url,
      TokensQueueUrl: tokensQueue.queueUrl,
      DeadLetterQueueUrl: this.tokens.deadLetterQueue.queueUrl,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
