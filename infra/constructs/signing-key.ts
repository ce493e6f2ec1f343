import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  AnyPrincipal,
  Effect,
  Grant,
  type IRole,
  PolicyDocument,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** What the account may do with the key through its own policies: administer it, never sign. */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:GetPublicKey',
  'kms:ListAliases',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateKeyDescription',
];

/**
 * The only way Solana signs: Ed25519 over the message itself, not over its digest. With these as
 * conditions, a stolen role cannot make another kind of signature.
 */
const SOLANA_SIGNATURE = {
  'kms:SigningAlgorithm': 'ED25519_SHA_512',
  'kms:MessageType': 'RAW',
};

export type SigningKeyProps = {
  /** Who may sign. Everybody else is denied, whatever their own policies say. */
  readonly signers: readonly IRole[];
};

/** The wallet: an Ed25519 key that never leaves KMS. Its public key is the Solana address. */
export class SigningKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, { signers }: SigningKeyProps) {
    super(scope, id);
    const sign = {
      actions: ['kms:Sign'],
      conditions: { StringEquals: SOLANA_SIGNATURE },
    };

    this.key = new Key(this, 'Key', {
      description: `Wallet of ${Stack.of(this).stackName}: signs Solana transactions`,
      keySpec: KeySpec.ECC_NIST_EDWARDS25519,
      // Without it CloudFormation asks for an encryption key, and fails only when deployed.
      keyUsage: KeyUsage.SIGN_VERIFY,
      // Whoever deletes the key loses the wallet's money: it stays, and waits as long as KMS can.
      removalPolicy: RemovalPolicy.RETAIN,
      pendingWindow: Duration.days(30),
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'AccountAdministers',
            principals: [new AccountRootPrincipal()],
            actions: ADMINISTRATION,
            resources: ['*'],
          }),
          new PolicyStatement({
            sid: 'SignersSign',
            principals: [...signers],
            ...sign,
            resources: ['*'],
          }),
          new PolicyStatement({
            sid: 'SignersReadAddress',
            principals: [...signers],
            actions: ['kms:GetPublicKey'],
            resources: ['*'],
          }),
          new PolicyStatement({
            sid: 'NobodyElseSigns',
            effect: Effect.DENY,
            principals: [new AnyPrincipal()],
            // A grant would let somebody sign around this policy.
            actions: ['kms:Sign', 'kms:CreateGrant'],
            resources: ['*'],
            conditions: {
              ArnNotEquals: { 'aws:PrincipalArn': signers.map(({ roleArn }) => roleArn) },
            },
          }),
        ],
      }),
    });

    for (const grantee of signers) {
      Grant.addToPrincipal({ grantee, ...sign, resourceArns: [this.key.keyArn] });
      Grant.addToPrincipal({
        grantee,
        actions: ['kms:GetPublicKey'],
        resourceArns: [this.key.keyArn],
      });
    }
  }
}
