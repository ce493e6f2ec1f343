import { readFileSync } from 'node:fs';
import { connect as openSocket } from 'node:net';
import { fileURLToPath } from 'node:url';

import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';

import { CLIENT_DEFAULTS } from '#shared/adapters/aws/client-defaults.ts';
import { CommandError } from './command-error.ts';
import { plain } from './terminal.ts';

/** A running Volley, on this machine or in AWS, as the commands see it. */
export type Connection = {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  /** Made when it is asked for: most commands read no secret. */
  readonly secrets: () => SecretsManagerClient;
  readonly kms: () => KMSClient;
  /** Value of a CfnOutput, such as `TradesTable`. @throws {CommandError} when there is none. */
  readonly output: (name: string) => string;
  /** Where it runs, in words for people. */
  readonly where: string;
};

/** `.volley/local.json`: written by the local stack while it runs, removed when it ends. */
export const localStackSchema = z.object({
  /** Value of each CfnOutput of the template. */
  outputs: z.record(z.string(), z.string()),
  /** What an AWS client needs to reach it: `AWS_ENDPOINT_URL_*`, region and credentials. */
  environment: z.record(z.string(), z.string()),
  /** Address of the local market; absent when the upstreams are real ones. */
  market: z.url().optional(),
  /** Address of the live page. */
  page: z.url().optional(),
});
export type LocalStack = z.infer<typeof localStackSchema>;

/** Where the local stack says how to reach it; `VOLLEY_LOCAL_FILE` names another place. */
export const LOCAL_STACK_FILE =
  process.env['VOLLEY_LOCAL_FILE'] ??
  fileURLToPath(new URL('../.volley/local.json', import.meta.url));

const NOT_RUNNING =
  'no local stack is running: start it with `npm start`, or name a deployed stage with --stage';

/**
 * The running local stack, or the deployed stage that `stage` names (credentials and region by the
 * usual AWS chain).
 * @throws {CommandError} a sentence that says what is missing.
 */
export const connect = async ({
  stage,
  localFile = LOCAL_STACK_FILE,
}: {
  readonly stage?: string | undefined;
  readonly localFile?: string;
} = {}): Promise<Connection> =>
  stage === undefined ? connectLocal(localFile) : connectStage(stage);

async function connectLocal(path: string): Promise<Connection> {
  const { outputs, environment } = readLocalStack(path);
  const endpointOf = (service: string): string => {
    const url = environment[`AWS_ENDPOINT_URL_${service}`] ?? environment['AWS_ENDPOINT_URL'];
    if (url === undefined) throw new CommandError(`${path} names no endpoint for ${service}`);
    return url;
  };
  const settings = {
    ...CLIENT_DEFAULTS,
    region: environment['AWS_REGION'] ?? 'us-east-1',
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? 'local',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? 'local',
    },
  };
  const endpoint = endpointOf('DYNAMODB');
  // The file outlives a stack that was killed: only an open port says that it runs.
  if (!(await answers(new URL(endpoint)))) throw new CommandError(NOT_RUNNING);
  return {
    dynamodb: new DynamoDBClient({ ...settings, endpoint }),
    sqs: new SQSClient({ ...settings, endpoint: endpointOf('SQS') }),
    secrets: () =>
      new SecretsManagerClient({ ...settings, endpoint: endpointOf('SECRETS_MANAGER') }),
    kms: () => new KMSClient({ ...settings, endpoint: endpointOf('KMS') }),
    output: outputOf(outputs, 'the local stack'),
    where: 'the local stack',
  };
}

function readLocalStack(path: string): LocalStack {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CommandError(NOT_RUNNING, { cause });
  }
  try {
    return localStackSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new CommandError(`${path} cannot be read: start the local stack again`, { cause });
  }
}

const PROBE_MS = 1_000;

const answers = async ({ hostname, port }: URL): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = openSocket({ host: hostname, port: Number(port || 80), timeout: PROBE_MS });
    const settle = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => settle(true));
    socket.once('timeout', () => settle(false));
    socket.once('error', () => settle(false));
  });

const STAGE = /^[a-zA-Z][a-zA-Z0-9-]{0,40}$/;

async function connectStage(stage: string): Promise<Connection> {
  if (!STAGE.test(stage)) throw new CommandError(`"${stage}" is no name of a stage`);
  const cloudFormation = new CloudFormationClient(CLIENT_DEFAULTS);
  const outputs: Record<string, string> = {};
  for (const stackName of [`Volley-${stage}-State`, `Volley-${stage}-Pipeline`]) {
    Object.assign(outputs, await stackOutputs(cloudFormation, stackName));
  }
  const where = `stage ${stage}`;
  return {
    dynamodb: new DynamoDBClient(CLIENT_DEFAULTS),
    sqs: new SQSClient(CLIENT_DEFAULTS),
    secrets: () => new SecretsManagerClient(CLIENT_DEFAULTS),
    kms: () => new KMSClient(CLIENT_DEFAULTS),
    output: outputOf(outputs, where),
    where,
  };
}

async function stackOutputs(
  client: CloudFormationClient,
  stackName: string,
): Promise<Record<string, string>> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    return Object.fromEntries(
      (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [
        OutputKey ?? '',
        OutputValue ?? '',
      ]),
    );
  } catch (cause) {
    // CloudFormation says "Stack with id … does not exist"; credentials and region speak likewise.
    const why = plain(cause instanceof Error ? cause.message : String(cause));
    throw new CommandError(`cannot read the stack ${stackName}: ${why}`, { cause });
  }
}

const outputOf =
  (outputs: Readonly<Record<string, string>>, where: string) =>
  (name: string): string => {
    const value = outputs[name];
    if (value === undefined) throw new CommandError(`${where} has no output ${name}`);
    return value;
  };
