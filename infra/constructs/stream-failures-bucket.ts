import { Aws, CfnElement, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/** Days in which a person looks at what was given up on. */
const KEEP_DAYS = 30;

export type StreamFailuresBucketProps = {
  /** Role of the function whose event source gives up on records. */
  readonly writer: Role;
};

/** Bucket of the stream records that a function gave up on: whole, so that they can be looked at. */
export class StreamFailuresBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { writer }: StreamFailuresBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      lifecycleRules: [{ expiration: Duration.days(KEEP_DAYS) }],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });

    // The two rights that Lambda asks for (Lambda guide, "Retaining discarded records"), on a bucket
    // of this account only: after a deletion its name could become somebody else's.
    const conditions = { StringEquals: { 's3:ResourceAccount': Aws.ACCOUNT_ID } };
    writer.addToPolicy(
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [this.bucket.bucketArn],
        conditions,
      }),
    );
    writer.addToPolicy(
      new PolicyStatement({
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects('*')],
        conditions,
      }),
    );

    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason:
        'Lambda writes here a few times a year and a person reads: access logs would tell nothing.',
    });
    const { defaultChild } = this.bucket.node;
    if (CfnElement.isCfnElement(defaultChild)) {
      Validations.of(writer).acknowledge({
        id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${this.bucket.stack.getLogicalId(defaultChild)}.Arn>/*]`,
        reason: 'Lambda chooses the names of the objects that it writes.',
      });
    }
  }
}
