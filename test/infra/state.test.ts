import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';

import { DECISIONS, STATE, TRADES } from '#shared/domain/table-keys.ts';
import { type Json, outputRef, synthesized } from './synthesized.ts';

const all = synthesized();
const { resources, stateTemplate } = all;
const replica = (properties: Json) => (properties['Replicas'] as Json[])[0]!;

describe.each(['DecisionsTable', 'TradesTable', 'StateTable'])('the %s', (name) => {
  const table = resources[outputRef(all, name)]!;

  it('outlives its stack, but leaves no orphan of a failed first deployment', () => {
    expect(table).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('can be set back in time', () => {
    expect(replica(table.Properties)['PointInTimeRecoverySpecification']).toMatchObject({
      PointInTimeRecoveryEnabled: true,
    });
  });

  it('costs nothing when idle, and has a fuse for when it is not', () => {
    expect(table.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      WriteOnDemandThroughputSettings: { MaxWriteRequestUnits: expect.any(Number) as number },
    });
  });
});

it.each([
  { stage: 'paper', isProtected: false },
  { stage: 'live', isProtected: true },
  { stage: 'prod', isProtected: true },
])('protects tables from deletion by hand in $stage: $isProtected', ({ stage, isProtected }) => {
  const other = synthesized({ stage });
  const flags = ['DecisionsTable', 'TradesTable', 'StateTable'].map(
    (name) =>
      replica(other.resources[outputRef(other, name)]!.Properties)['DeletionProtectionEnabled'],
  );
  expect(flags).toEqual([isProtected, isProtected, isProtected]);
});

const keysOf = (name: string) =>
  (resources[outputRef(all, name)]!.Properties['KeySchema'] as Json[]).map((key) => [
    key['AttributeName'],
    key['KeyType'],
  ]);

describe('keys', () => {
  it('are those that the code uses', () => {
    expect({
      decisions: keysOf('DecisionsTable'),
      trades: keysOf('TradesTable'),
      state: keysOf('StateTable'),
    }).toEqual({
      decisions: [
        [DECISIONS.partitionKey, 'HASH'],
        [DECISIONS.sortKey, 'RANGE'],
      ],
      trades: [[TRADES.partitionKey, 'HASH']],
      state: [[STATE.partitionKey, 'HASH']],
    });
  });

  it('of the index by verdict are single strings, with what a list shows beside them', () => {
    const { byVerdict } = DECISIONS;
    expect(
      resources[outputRef(all, 'DecisionsTable')]!.Properties['GlobalSecondaryIndexes'],
    ).toEqual([
      {
        IndexName: byVerdict.indexName,
        KeySchema: [
          { AttributeName: byVerdict.partitionKey, KeyType: 'HASH' },
          { AttributeName: byVerdict.sortKey, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...byVerdict.projected] },
      },
    ]);
  });
});

it('streams the new image of decisions, and streams no other table', () => {
  const streams = ['DecisionsTable', 'TradesTable', 'StateTable'].map(
    (name) => resources[outputRef(all, name)]!.Properties['StreamSpecification'],
  );
  expect(streams).toEqual([{ StreamViewType: 'NEW_IMAGE' }, undefined, undefined]);
});

it('lets decisions and state expire, and keeps trades for ever', () => {
  const ttl = ['DecisionsTable', 'TradesTable', 'StateTable'].map(
    (name) => resources[outputRef(all, name)]!.Properties['TimeToLiveSpecification'],
  );
  expect(ttl).toEqual([
    { AttributeName: DECISIONS.ttl, Enabled: true },
    undefined,
    { AttributeName: STATE.ttl, Enabled: true },
  ]);
});

it('cannot be deleted without switching the protection of the stack off', () => {
  expect(all.state.terminationProtection).toBe(true);
});

describe('the wallet', () => {
  const key = resources[outputRef(all, 'WalletKey')]!;

  it('is an Ed25519 key for signatures', () => {
    expect(key.Properties).toMatchObject({
      KeySpec: 'ECC_NIST_EDWARDS25519',
      KeyUsage: 'SIGN_VERIFY',
    });
  });

  it('stays when the stack goes, and waits a month when it is deleted by hand', () => {
    expect(key).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(key.Properties['PendingWindowInDays']).toBe(30);
  });
});

describe('secrets', () => {
  it('start with a long random word for the webhook, fit for a header', () => {
    expect(resources[outputRef(all, 'WebhookSecret')]!.Properties['GenerateSecretString']).toEqual({
      PasswordLength: 40,
      ExcludePunctuation: true,
    });
  });

  it('start with an empty place for each key that the configuration names', () => {
    const { SecretStringTemplate } = resources[outputRef(all, 'UpstreamSecret')]!.Properties[
      'GenerateSecretString'
    ] as { SecretStringTemplate: string };
    const places = JSON.parse(SecretStringTemplate) as Json;
    const named = [...JSON.stringify(all.config).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name!);
    expect(Object.keys(places).sort()).toEqual([...new Set(named)].sort());
    expect(new Set(Object.values(places))).toEqual(new Set(['']));
  });
});

describe('the bucket of stream failures', () => {
  const bucket = resources[outputRef(all, 'StreamFailuresBucket')]!;

  it('is encrypted, closed to the public, and forgets after a month', () => {
    expect(bucket.Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
        ],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 30, Status: 'Enabled' }] },
    });
  });

  it('refuses what does not come over TLS', () => {
    expect(() =>
      stateTemplate.hasResourceProperties('AWS::S3::BucketPolicy', {
        Bucket: { Ref: outputRef(all, 'StreamFailuresBucket') },
        PolicyDocument: Match.objectLike({
          Statement: Match.arrayWith([
            Match.objectLike({
              Effect: 'Deny',
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            }),
          ]),
        }),
      }),
    ).not.toThrow();
  });
});
