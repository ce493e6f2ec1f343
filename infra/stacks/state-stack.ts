import { CfnOutput, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { ProjectionType, StreamViewType, type TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';

import { DECISIONS, STATE, TRADES } from '#shared/domain/table-keys.ts';
import { RecordTable, stringKey } from '../constructs/record-table.ts';
import { SigningKey } from '../constructs/signing-key.ts';
import { StreamFailuresBucket } from '../constructs/stream-failures-bucket.ts';

/** Stages that trade with real money: their tables cannot be deleted by hand either. */
const PROTECTED_STAGES: ReadonlySet<string> = new Set(['live', 'prod']);

export type StateStackProps = { readonly stage: string };

/** What must outlive every deployment: records, wallet, secrets. */
export class StateStack extends Stack {
  readonly decisions: RecordTable;
  readonly decisionsStreamArn: string;
  readonly trades: RecordTable;
  readonly state: RecordTable;
  readonly webhookSecret: Secret;
  readonly upstreamSecret: Secret;
  readonly wallet: SigningKey;
  readonly streamFailures: StreamFailuresBucket;
  /** Made here, since the wallet's key policy names it. Its other rights stand with the executor. */
  readonly executorRole: Role;
  /** As the executor's: it signs sells. */
  readonly exitsRole: Role;

  constructor(scope: Construct, id: string, { stage }: StateStackProps) {
    super(scope, id, {
      description: `Volley ${stage}: tables, wallet and secrets`,
      terminationProtection: true,
      tags: { application: 'volley', stage },
    });
    const deletionProtection = PROTECTED_STAGES.has(stage);
    const { byVerdict } = DECISIONS;

    this.decisions = new RecordTable(this, 'Decisions', {
      partitionKey: DECISIONS.partitionKey,
      sortKey: DECISIONS.sortKey,
      ttl: DECISIONS.ttl,
      stream: StreamViewType.NEW_IMAGE,
      indexes: [
        {
          indexName: byVerdict.indexName,
          partitionKey: stringKey(byVerdict.partitionKey),
          sortKey: stringKey(byVerdict.sortKey),
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: [...byVerdict.projected],
        },
      ],
      deletionProtection,
    });
    this.decisionsStreamArn = streamArnOf(this.decisions);
    this.trades = new RecordTable(this, 'Trades', {
      partitionKey: TRADES.partitionKey,
      deletionProtection,
    });
    this.state = new RecordTable(this, 'State', {
      partitionKey: STATE.partitionKey,
      ttl: STATE.ttl,
      deletionProtection,
    });

    this.executorRole = new Role(this, 'ExecutorRole', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: 'The executor function: it and the exits alone may sign',
    });
    this.exitsRole = new Role(this, 'ExitsRole', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: 'The exits function: it and the executor alone may sign',
    });
    this.wallet = new SigningKey(this, 'Wallet', {
      signers: [this.executorRole, this.exitsRole],
    });

    this.webhookSecret = new Secret(this, 'WebhookAuthorization', {
      description: 'Value of the Authorization header that the detector accepts',
      generateSecretString: { passwordLength: 40, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    Validations.of(this.webhookSecret).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason: 'The senders of webhooks hold it too: a change has to be made on both sides by hand.',
    });
    this.upstreamSecret = new Secret(this, 'UpstreamKeys', {
      description:
        'Keys of the upstreams as a JSON object; the configuration names them as ${NAME}',
      // Never change this template: CloudFormation would then write over the keys put in by hand.
      // It starts empty, but CloudFormation wants one generated member; nobody reads that one.
      generateSecretString: {
        secretStringTemplate: JSON.stringify({
          HELIUS_API_KEY: '',
          JUPITER_API_KEY: '',
          X_BEARER_TOKEN: '',
        }),
        generateStringKey: 'UNUSED',
        excludePunctuation: true,
      },
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    Validations.of(this.upstreamSecret).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason:
        'The upstreams issue these keys on their web pages: no function of ours could renew them.',
    });
    this.streamFailures = new StreamFailuresBucket(this, 'StreamFailures', {
      writer: this.executorRole,
    });

    const outputs = {
      DecisionsTable: this.decisions.tableName,
      TradesTable: this.trades.tableName,
      StateTable: this.state.tableName,
      WebhookSecret: this.webhookSecret.secretArn,
      UpstreamSecret: this.upstreamSecret.secretArn,
      WalletKey: this.wallet.key.keyId,
      StreamFailuresBucket: this.streamFailures.bucket.bucketName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}

function streamArnOf({ tableStreamArn, node }: TableV2): string {
  if (tableStreamArn === undefined) throw new TypeError(`${node.path} was made without a stream`);
  return tableStreamArn;
}
