import { describe, expect, it } from 'vitest';

import {
  type Json,
  SERVICES,
  functionOf,
  mappingOf,
  outputRef,
  resourcesOf,
  synthesized,
} from './synthesized.ts';

type Statement = {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Principal?: Json;
  readonly Condition?: Json;
  readonly Sid?: string;
};

const all = synthesized();
const { resources } = all;
const list = <Item>(value: Item | readonly Item[]): readonly Item[] =>
  Array.isArray(value) ? (value as Item[]) : [value as Item];
const statementsOf = (document: unknown) => (document as { Statement: Statement[] }).Statement;

/** Readable names of what the outputs point at. */
const nameOf = new Map(
  [
    'TokensQueueUrl',
    'DecisionsTable',
    'TradesTable',
    'StateTable',
    'WebhookSecret',
    'UpstreamSecret',
    'WalletKey',
    'StreamFailuresBucket',
  ].map((output) => [outputRef(all, output), output]),
);

/** `TradesTable`, `DecisionsTable.StreamArn`, `own logs`: what a statement's resource is. */
function resourceName(resource: unknown, service: string): string {
  const { LogGroup } = functionOf(all, service).properties['LoggingConfig'] as {
    LogGroup: { Ref: string };
  };
  const text = JSON.stringify(resource);
  const ids = [...nameOf.keys()].filter((id) => text.includes(`"${id}"`));
  if (text.includes(`"${LogGroup.Ref}"`)) return 'own logs';
  if (ids.length !== 1) return text;
  const suffix = text.includes('StreamArn') ? ' stream' : text.includes('/*') ? ' objects' : '';
  return `${nameOf.get(ids[0]!)}${suffix}`;
}

/** What the role of a function allows: actions by resource. */
function rightsOf(service: string): Record<string, readonly string[]> {
  const { 'Fn::GetAtt': role } = functionOf(all, service).properties['Role'] as {
    'Fn::GetAtt': [string, string];
  };
  const rights: Record<string, string[]> = {};
  for (const [, { Properties }] of resourcesOf(all, 'AWS::IAM::Policy')) {
    const roles = (Properties['Roles'] as { Ref: string }[]).map(({ Ref }) => Ref);
    if (!roles.includes(role[0])) continue;
    for (const statement of statementsOf(Properties['PolicyDocument'])) {
      for (const resource of list(statement.Resource)) {
        const name = resourceName(resource, service);
        rights[name] = [...(rights[name] ?? []), ...list(statement.Action)].sort();
      }
    }
  }
  return rights;
}

const OWN_LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const READ_SECRET = ['secretsmanager:GetSecretValue'];

describe('each function may do what its work asks for, and nothing else', () => {
  it('detector: queues tokens, counts them against the caps, knows the webhook secret', () => {
    expect(rightsOf('detector')).toEqual({
      'own logs': OWN_LOGS,
      TokensQueueUrl: ['sqs:SendMessage'],
      StateTable: ['dynamodb:UpdateItem'],
      WebhookSecret: READ_SECRET,
    });
  });

  it('sweep: queues tokens, looks up decisions, keeps its cursors', () => {
    expect(rightsOf('sweep')).toEqual({
      'own logs': OWN_LOGS,
      TokensQueueUrl: ['sqs:SendMessage'],
      DecisionsTable: ['dynamodb:BatchGetItem', 'dynamodb:GetItem'],
      StateTable: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      UpstreamSecret: READ_SECRET,
    });
  });

  it('analyzer: empties the queue, adds decisions, queues later looks', () => {
    expect(rightsOf('analyzer')).toEqual({
      'own logs': OWN_LOGS,
      TokensQueueUrl: [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ],
      DecisionsTable: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      StateTable: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      UpstreamSecret: READ_SECRET,
    });
  });

  it('executor: follows decisions, writes trades, reads the halt switch, signs', () => {
    expect(rightsOf('executor')).toEqual({
      'own logs': OWN_LOGS,
      'DecisionsTable stream': [
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
      ],
      TradesTable: [
        'dynamodb:ConditionCheckItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
      ],
      StateTable: ['dynamodb:ConditionCheckItem', 'dynamodb:GetItem'],
      UpstreamSecret: READ_SECRET,
      WalletKey: ['kms:GetPublicKey', 'kms:Sign'],
      StreamFailuresBucket: ['s3:ListBucket'],
      'StreamFailuresBucket objects': ['s3:PutObject'],
    });
  });
});

it('exits: reads and writes trades, reads the halt switch, signs', () => {
  expect(rightsOf('exits')).toEqual({
    'own logs': OWN_LOGS,
    TradesTable: [
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
    ],
    StateTable: ['dynamodb:GetItem'],
    UpstreamSecret: READ_SECRET,
    WalletKey: ['kms:GetPublicKey', 'kms:Sign'],
  });
});

describe('policies', () => {
  const roleStatements = resourcesOf(all, 'AWS::IAM::Policy').flatMap(([, { Properties }]) =>
    statementsOf(Properties['PolicyDocument']),
  );

  it('name every action', () => {
    const documents = [
      ...roleStatements,
      ...statementsOf(resources[outputRef(all, 'WalletKey')]!.Properties['KeyPolicy']),
    ];
    const actions = documents.flatMap(({ Action }) => list(Action));
    expect(actions.length).toBeGreaterThan(30);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  it('name every resource', () => {
    expect(roleStatements.filter(({ Resource }) => list(Resource).includes('*'))).toEqual([]);
  });

  it('are all our own: no role carries one that AWS manages', () => {
    for (const [id, { Properties }] of resourcesOf(all, 'AWS::IAM::Role')) {
      expect([id, Properties['ManagedPolicyArns'], Properties['Policies']]).toEqual([
        id,
        undefined,
        undefined,
      ]);
    }
  });

  it('of a schedule reach the function that it starts, and nothing else', () => {
    const schedules = resourcesOf(all, 'AWS::Scheduler::Schedule');
    const reached = schedules.map(([, { Properties }]) => {
      const { Target } = Properties as {
        Target: { Arn: unknown; RoleArn: { 'Fn::GetAtt': [string] } };
      };
      const policies = resourcesOf(all, 'AWS::IAM::Policy').filter(([, policy]) =>
        JSON.stringify(policy.Properties['Roles']).includes(Target.RoleArn['Fn::GetAtt'][0]),
      );
      expect(
        policies.map(([, policy]) => statementsOf(policy.Properties['PolicyDocument'])),
      ).toEqual([[{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: Target.Arn }]]);
      return Target.Arn;
    });
    expect(reached).toEqual(
      ['sweep', 'exits'].map((service) => ({
        'Fn::GetAtt': [functionOf(all, service).id, 'Arn'],
      })),
    );
  });
});

it('lets executor and exits alone write trades', () => {
  const writers = SERVICES.filter((service) => 'TradesTable' in rightsOf(service));
  expect(writers).toEqual(['executor', 'exits']);
});

it('lets the analyzer alone write decisions', () => {
  const writers = SERVICES.filter((service) =>
    rightsOf(service)['DecisionsTable']?.some((action) => /Put|Update|Delete|Write/.test(action)),
  );
  expect(writers).toEqual(['analyzer']);
});

describe('signing', () => {
  const statements = statementsOf(resources[outputRef(all, 'WalletKey')]!.Properties['KeyPolicy']);
  const roles = ['executor', 'exits'].map(
    (service) => functionOf(all, service).properties['Role'] as { 'Fn::GetAtt': [string, string] },
  );
  const onlySolana = {
    StringEquals: { 'kms:SigningAlgorithm': 'ED25519_SHA_512', 'kms:MessageType': 'RAW' },
  };
  const allowing = (action: string) =>
    statements.filter(({ Effect, Action }) => Effect === 'Allow' && list(Action).includes(action));

  it('is for executor and exits alone, and only in the way of Solana, by the key policy', () => {
    expect(
      allowing('kms:Sign').map(({ Principal, Condition }) => ({ Principal, Condition })),
    ).toEqual([{ Principal: { AWS: roles }, Condition: onlySolana }]);
  });

  it('is for executor and exits alone, and only in the way of Solana, by the role policies', () => {
    const signers = resourcesOf(all, 'AWS::IAM::Policy').flatMap(([, { Properties }]) =>
      statementsOf(Properties['PolicyDocument'])
        .filter(({ Action }) => list(Action).includes('kms:Sign'))
        .map(({ Condition }) => ({ roles: Properties['Roles'], Condition })),
    );
    expect(signers).toEqual(
      roles.map(({ 'Fn::GetAtt': [Ref] }) => ({ roles: [{ Ref }], Condition: onlySolana })),
    );
  });

  it('is denied to everybody else, administrators included', () => {
    const denied = statements.filter(({ Effect }) => Effect === 'Deny');
    expect(denied).toMatchObject([
      {
        Principal: { AWS: '*' },
        Action: ['kms:CreateGrant', 'kms:Sign'],
        Condition: { ArnNotEquals: { 'aws:PrincipalArn': roles } },
      },
    ]);
  });

  it('leaves the account its administration, or nobody could ever change the policy', () => {
    expect(allowing('kms:PutKeyPolicy')).toHaveLength(1);
    expect(JSON.stringify(allowing('kms:PutKeyPolicy')[0]!.Principal)).toContain(':root');
  });
});

it('lets the scheduler and Lambda alone take on our roles', () => {
  const principals = resourcesOf(all, 'AWS::IAM::Role').flatMap(([, { Properties }]) =>
    statementsOf(Properties['AssumeRolePolicyDocument']).map(
      ({ Principal }) => Principal!['Service'],
    ),
  );
  expect(new Set(principals)).toEqual(new Set(['lambda.amazonaws.com', 'scheduler.amazonaws.com']));
});

it('makes a mapping only after the rights that it needs', () => {
  for (const service of ['analyzer', 'executor']) {
    const { DependsOn } = resources[
      (mappingOf(all, service)['FunctionName'] as { Ref: string }).Ref
    ] as unknown as { DependsOn: string[] };
    expect(DependsOn.some((id) => resources[id]!.Type === 'AWS::IAM::Policy')).toBe(true);
  }
});
