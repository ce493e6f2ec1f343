import { createPublicKey, verify } from 'node:crypto';
import { connect } from 'node:net';

import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  SignCommand,
} from '@aws-sdk/client-kms';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import {
  type DynamoDbEndpoint,
  startDynamoDbLocal,
} from '#infra/local/cloud/emulators/dynamodb-local.ts';
import { startLocalCloud } from '#infra/local/cloud/local-cloud.ts';
import { containing, having, matching } from './matching.ts';
import { type RunningCloud, runCloud } from './running-cloud.ts';
import { arnOf, itemsTable, lambda, resource, writeSmallApp } from './small-app.ts';

const WEB = `
export const handler = async (event) => {
  const { path } = event.requestContext.http;
  if (path === '/throw') throw new Error('no');
  if (path === '/huge') return { statusCode: 200, body: 'x'.repeat(7 * 1024 * 1024) };
  if (path === '/slow') await new Promise((resolve) => setTimeout(resolve, 1500));
  if (path === '/binary') return { statusCode: 201, headers: { 'Content-Type': 'image/png' }, body: Buffer.from([0, 255]).toString('base64'), isBase64Encoded: true, cookies: ['a=1'] };
  return { statusCode: 200, body: JSON.stringify(event) };
};
`;
const CALLBACK = `export const handler = (event, context, callback) => callback(null, 1);`;
const BROKEN = `throw new Error('broken at import');`;

const CREDENTIALS = { accessKeyId: 'any', secretAccessKey: 'any' };
const WALLET = { KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY', KeyPolicy: {} };

let dynamodb: DynamoDbEndpoint;
let running: RunningCloud;
let url: string;

const publicUrl = (name: string) =>
  resource('AWS::Lambda::Url', { AuthType: 'NONE', TargetFunctionArn: arnOf(name) });
const urlOf = (name: string) => ({ 'Fn::GetAtt': [name, 'FunctionUrl'] });

beforeAll(async () => {
  dynamodb = await startDynamoDbLocal();
  running = await runCloud(
    {
      bundles: { web: WEB, callback: CALLBACK, broken: BROKEN },
      state: {
        Wallet: resource('AWS::KMS::Key', WALLET),
        WalletAlias: resource('AWS::KMS::Alias', {
          AliasName: 'alias/wallet',
          TargetKeyId: arnOf('Wallet'),
        }),
        Webhook: resource('AWS::SecretsManager::Secret', {
          GenerateSecretString: { PasswordLength: 40, ExcludePunctuation: true },
        }),
        Upstream: resource('AWS::SecretsManager::Secret', {
          GenerateSecretString: { SecretStringTemplate: '{"a":"b"}', GenerateStringKey: 'k' },
        }),
      },
      stateOutputs: {
        WalletKey: { Ref: 'Wallet' },
        WebhookSecret: { Ref: 'Webhook' },
        UpstreamSecret: { Ref: 'Upstream' },
      },
      pipeline: {
        Web: lambda('web', { ReservedConcurrentExecutions: 2 }),
        WebUrl: publicUrl('Web'),
        Callback: lambda('callback'),
        CallbackUrl: publicUrl('Callback'),
        Broken: lambda('broken'),
        BrokenUrl: publicUrl('Broken'),
        Role: resource('AWS::IAM::Role'),
      },
      outputs: {
        DetectorUrl: urlOf('WebUrl'),
        CallbackUrl: urlOf('CallbackUrl'),
        BrokenUrl: urlOf('BrokenUrl'),
        RoleArn: arnOf('Role'),
      },
    },
    { dynamodbEndpoint: dynamodb.endpoint, secrets: { WebhookSecret: 'given' } },
  );
  url = running.cloud.outputs.get('DetectorUrl') ?? '';
});
afterAll(async () => {
  await running.stop();
  await dynamodb.stop();
});

describe('a function URL', () => {
  it('hands a request over as payload format 2.0', async () => {
    const response = await fetch(`${url}hook/one?a=1&a=2&b=x%20y`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Own': 'Value', Cookie: 'c=1; d=2' },
      body: '{"ż":1}',
    });

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/hook/one',
      rawQueryString: 'a=1&a=2&b=x%20y',
      cookies: ['c=1', 'd=2'],
      headers: { 'content-type': 'application/json', 'x-own': 'Value' },
      queryStringParameters: { a: '1,2', b: 'x y' },
      requestContext: {
        http: { method: 'POST', path: '/hook/one', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
        stage: '$default',
        time: matching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      },
      body: '{"ż":1}',
      isBase64Encoded: false,
    });
  });

  it.each([
    { says: 'encodes', type: 'application/octet-stream', encoding: 'identity', base64: true },
    { says: 'encodes', type: 'application/json', encoding: 'gzip', base64: true },
    { says: 'leaves', type: 'text/plain; charset=utf-8', encoding: 'identity', base64: false },
  ])('$says a body of $type ($encoding)', async ({ type, encoding, base64 }) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': type, 'content-encoding': encoding },
      body: 'body',
    });

    expect(await response.json()).toMatchObject({
      body: base64 ? Buffer.from('body').toString('base64') : 'body',
      isBase64Encoded: base64,
    });
  });

  it('answers with the status, headers, cookies and bytes that the function returned', async () => {
    const response = await fetch(`${url}binary`);

    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.getSetCookie()).toEqual(['a=1']);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255]);
  });

  it.each([
    { path: 'throw', when: 'the function throws' },
    { path: 'huge', when: 'the answer is larger than Lambda allows' },
  ])('answers 502 when $when', async ({ path }) => {
    const response = await fetch(url + path);

    expect(response.status).toBe(502);
    expect(await response.text()).toBe('Internal Server Error');
  });

  it('refuses a body beyond 6 MB with 413, without invoking the function', async () => {
    const before = running.cloud.stats().functions['Web']?.invocations;

    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'x'.repeat(6 * 1024 * 1024),
    });

    expect(response.status).toBe(413);
    expect(running.cloud.stats().functions['Web']?.invocations).toBe(before);
  });

  it('answers 429 beyond the reserved concurrency', async () => {
    const invocations = (): number => running.cloud.stats().functions['Web']?.invocations ?? 0;
    const before = invocations();
    const slow = [fetch(`${url}slow`), fetch(`${url}slow`)];
    await running.until(() => invocations() === before + 2);

    const third = await fetch(url);

    expect(third.status).toBe(429);
    const statuses = (await Promise.all(slow)).map(({ status }) => status);
    expect(statuses).toEqual([200, 200]);
    expect(running.cloud.stats().functions['Web']?.throttles).toBe(1);
  });

  it.each([
    { name: 'CallbackUrl', error: 'Runtime.CallbackHandlerDeprecated' },
    { name: 'BrokenUrl', error: 'broken at import' },
  ])('answers 502 for a bundle that cannot start: $error', async ({ name, error }) => {
    const response = await fetch(running.cloud.outputs.get(name) ?? '');

    expect(response.status).toBe(502);
    expect(running.events).toContainEqual(having({ type: 'crash', reason: containing(error) }));
  });
});

describe('the KMS endpoint', () => {
  let kms: KMSClient;
  let KeyId: string;

  beforeAll(() => {
    kms = new KMSClient({
      endpoint: running.cloud.endpoints.aws,
      region: 'us-east-1',
      credentials: CREDENTIALS,
      maxAttempts: 1,
    });
    KeyId = running.cloud.outputs.get('WalletKey') ?? '';
  });
  afterAll(() => {
    kms.destroy();
  });

  const sign = (more: object = {}) =>
    kms.send(
      new SignCommand({
        KeyId,
        Message: Buffer.from('message'),
        MessageType: 'RAW',
        SigningAlgorithm: 'ED25519_SHA_512',
        ...more,
      }),
    );

  it('signs with an Ed25519 key that its public key verifies', async () => {
    const { Signature, KeyId: arn } = await sign();
    const { PublicKey, KeySpec } = await kms.send(new GetPublicKeyCommand({ KeyId }));

    expect(KeySpec).toBe('ECC_NIST_EDWARDS25519');
    expect(arn).toBe(`arn:aws:kms:us-east-1:000000000000:key/${KeyId}`);
    const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
    expect(verify(null, Buffer.from('message'), key, Signature ?? Buffer.alloc(0))).toBe(true);
    expect(verify(null, Buffer.from('another'), key, Signature ?? Buffer.alloc(0))).toBe(false);
  });

  it('finds the key by its alias', async () => {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/wallet' }));

    expect(KeyMetadata).toMatchObject({ KeyId, Enabled: true, KeyUsage: 'SIGN_VERIFY' });
  });

  it.each([
    { name: 'NotFoundException', more: { KeyId: 'another' } },
    { name: 'InvalidKeyUsageException', more: { SigningAlgorithm: 'ECDSA_SHA_256' } },
    { name: 'ValidationException', more: { MessageType: 'DIGEST' } },
    { name: 'ValidationException', more: { Message: Buffer.alloc(4_097) } },
  ])('refuses with $name what KMS refuses: $more', async ({ name, more }) => {
    await expect(sign(more)).rejects.toMatchObject({ name });
  });
});

describe('the Secrets Manager endpoint', () => {
  let secrets: SecretsManagerClient;

  beforeAll(() => {
    secrets = new SecretsManagerClient({
      endpoint: running.cloud.endpoints.aws,
      region: 'us-east-1',
      credentials: CREDENTIALS,
      maxAttempts: 1,
    });
  });
  afterAll(() => {
    secrets.destroy();
  });

  it('gives the value from outside precedence over the generated one', async () => {
    const SecretId = running.cloud.outputs.get('WebhookSecret');

    const current = await secrets.send(new GetSecretValueCommand({ SecretId }));
    const previous = await secrets.send(
      new GetSecretValueCommand({ SecretId, VersionStage: 'AWSPREVIOUS' }),
    );

    expect(current).toMatchObject({ ARN: SecretId, SecretString: 'given' });
    expect(previous.SecretString).toMatch(/^[a-zA-Z\d]{40}$/);
  });

  it('generates a string into the template, and takes a new value', async () => {
    const SecretId = running.cloud.outputs.get('UpstreamSecret');

    const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    expect(JSON.parse(SecretString)).toEqual({ a: 'b', k: matching(/^.{32}$/) });

    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: 'new' }));
    const now = await secrets.send(new GetSecretValueCommand({ SecretId }));
    expect(now).toMatchObject({ SecretString: 'new', VersionStages: ['AWSCURRENT'] });
    const { VersionIdsToStages } = await secrets.send(new DescribeSecretCommand({ SecretId }));
    expect(VersionIdsToStages?.[now.VersionId ?? '']).toEqual(['AWSCURRENT']);
  });

  it('answers ResourceNotFoundException for a secret that is not there', async () => {
    await expect(
      secrets.send(new GetSecretValueCommand({ SecretId: 'another' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('starting and stopping', () => {
  const apps: { remove: () => void }[] = [];
  afterEach(() => {
    for (const app of apps.splice(0)) app.remove();
  });

  function write(pipeline: Parameters<typeof writeSmallApp>[0]['pipeline']): string {
    const app = writeSmallApp({ bundles: { web: WEB }, pipeline });
    apps.push(app);
    return app.directory;
  }

  it('starts DynamoDB by itself, and leaves no port and no process behind', async () => {
    const cloud = await startLocalCloud({
      assemblyDirectory: write({ Items: itemsTable, Web: lambda('web'), WebUrl: publicUrl('Web') }),
      environmentHost: 'process',
    });
    await cloud.warm('Web', 2);
    const client = new DynamoDBClient({
      endpoint: cloud.endpoints.dynamodb,
      region: 'us-east-1',
      credentials: CREDENTIALS,
    });
    const { TableNames } = await client.send(new ListTablesCommand({}));
    client.destroy();
    expect(TableNames).toEqual([matching(/^Small-Pipeline-Items-[A-Z2-7]{12}$/)]);
    expect(cloud.stats().functions['Web']?.environments).toBe(2);

    await cloud.stop();
    await cloud.stop();

    expect(cloud.stats().functions['Web']?.environments).toBe(0);
    const open = await Promise.all(Object.values(cloud.endpoints).map(listens));
    expect(open).toEqual([false, false, false, false]);
  });

  it('names every resource type that it does not know, before anything starts', async () => {
    await expect(
      startLocalCloud({
        assemblyDirectory: write({
          Bus: resource('AWS::Events::EventBus'),
          Net: resource('AWS::EC2::VPC'),
        }),
        environmentHost: 'process',
      }),
    ).rejects.toThrow(/Small-Pipeline\/Bus has the type AWS::Events::EventBus[^]*AWS::EC2::VPC/);
  });

  it.each([
    {
      what: 'a KMS key of another kind',
      pipeline: {
        Key: resource('AWS::KMS::Key', { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }),
      },
      says: /Small-Pipeline\/Key is a KMS key of spec RSA_2048/,
    },
    {
      what: 'a function on another runtime',
      pipeline: { Old: lambda('web', { Runtime: 'nodejs20.x' }) },
      says: /Function Old runs on nodejs20\.x/,
    },
    {
      what: 'a schedule that is no rate',
      pipeline: {
        Web: lambda('web'),
        Cron: resource('AWS::Scheduler::Schedule', {
          ScheduleExpression: 'cron(0 * * * ? *)',
          Target: { Arn: arnOf('Web') },
        }),
      },
      says: /rate\(N minutes\|hours\|days\), not cron/,
    },
    {
      what: 'an event source property that it cannot play',
      pipeline: {
        Web: lambda('web'),
        Queue: resource('AWS::SQS::Queue'),
        Source: resource('AWS::Lambda::EventSourceMapping', {
          EventSourceArn: arnOf('Queue'),
          FunctionName: arnOf('Web'),
          ProvisionedPollerConfig: { MinimumPollers: 2 },
        }),
      },
      says: /ProvisionedPollerConfig/,
    },
    {
      what: 'a function that may outlive the visibility of its messages',
      pipeline: {
        Web: lambda('web', { Timeout: 31 }),
        Queue: resource('AWS::SQS::Queue', { VisibilityTimeout: 30 }),
        Source: resource('AWS::Lambda::EventSourceMapping', {
          EventSourceArn: arnOf('Queue'),
          FunctionName: arnOf('Web'),
        }),
      },
      says: /timeout \(31 s\) exceeds the queue's visibility timeout \(30 s\)/,
    },
  ])('refuses $what', async ({ pipeline, says }) => {
    await expect(
      startLocalCloud({
        assemblyDirectory: write(pipeline),
        environmentHost: 'process',
        dynamodbEndpoint: dynamodb.endpoint,
      }),
    ).rejects.toThrow(says);
  });

  it('says when a port is taken', async () => {
    const { port } = new URL(dynamodb.endpoint);

    await expect(startDynamoDbLocal(Number(port))).rejects.toThrow(
      `Port ${port} for DynamoDB Local is taken`,
    );
  });
});

function listens(endpoint: string): Promise<boolean> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname)
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      })
      .once('error', () => {
        resolve(false);
      });
  });
}
