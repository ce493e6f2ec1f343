import { type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  type Conditions,
  type IRole,
  Policy,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import { functionBundle } from './function-bundle.ts';

/** What all functions of a stage share. */
export type FunctionDefaults = {
  readonly stage: string;
  /** Path of the resolved configuration, copied beside each bundle as `trading.json`. */
  readonly configPath: string;
  readonly logRetentionDays: number;
};

export type VolleyFunctionProps = {
  readonly defaults: FunctionDefaults;
  /** The file that exports `handler`, from the project's root. */
  readonly entry: string;
  /** `service` of its logs and metrics. */
  readonly service: 'detector' | 'sweep' | 'analyzer' | 'executor' | 'exits';
  readonly description: string;
  readonly timeout: Duration;
  /** Megabytes; Lambda gives CPU in proportion. */
  readonly memoryMb: number;
  /** Environments kept for this function and never exceeded; undefined: it shares the account's. */
  readonly reservedConcurrency: number | undefined;
  /** `info` also logs start and report of each invocation. */
  readonly systemLogs: 'info' | 'warn';
  readonly environment: Readonly<Record<string, string>>;
  /** A role of another stack, where a policy there names it; else the function gets its own. */
  readonly role?: IRole;
};

/** One of Volley's functions: ES module on Node 24 and arm64, JSON logs that expire, no right but those given. */
export class VolleyFunction extends Construct {
  readonly function: LambdaFunction;
  readonly #policy: Policy;

  constructor(scope: Construct, id: string, props: VolleyFunctionProps) {
    super(scope, id);
    const { defaults } = props;
    const role =
      props.role ??
      new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new LogGroup(this, 'Logs', {
      retention: defaults.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // In the function's own stack, wherever its role lives: rights stand beside what they are for.
    this.#policy = new Policy(this, 'Policy', { roles: [role] });
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn);

    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      handler: 'index.handler',
      code: functionBundle({ entry: props.entry, configPath: defaults.configPath }),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: props.memoryMb,
      ...(props.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: props.systemLogs === 'info' ? SystemLogLevel.INFO : SystemLogLevel.WARN,
      environment: {
        STAGE: defaults.stage,
        POWERTOOLS_SERVICE_NAME: props.service,
        POWERTOOLS_METRICS_NAMESPACE: 'Volley',
        POWERTOOLS_LOG_LEVEL: 'INFO',
        ...props.environment,
      },
    });
    // Event sources try the rights when they are made: not before the policy is there.
    this.function.node.addDependency(this.#policy);
    Validations.of(this.function).acknowledge(
      {
        id: 'Serverless::Serverless-LambdaDLQ',
        reason:
          'What invokes it keeps what failed: the sender of a webhook gets the error, queue and stream have destinations of their own, and a sweep is made again.',
      },
      {
        id: 'Serverless::Serverless-LambdaTracing',
        reason:
          'A trace ends at the table, so it would say no more than the timings on each log line, and would double the cost of a token at one token a second.',
      },
    );
  }

  /** Lets the function do these actions on these resources, and nothing besides. */
  allow(actions: readonly string[], resource: string, conditions: Conditions = {}): void {
    this.#policy.addStatements(
      new PolicyStatement({ actions: [...actions], resources: [resource], conditions }),
    );
  }
}
