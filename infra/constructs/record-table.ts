import { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  Billing,
  type GlobalSecondaryIndexPropsV2,
  type StreamViewType,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

/**
 * Write units a second beyond which DynamoDB refuses: a fuse for the bill, ten times what 100
 * tokens a second need.
 */
const MAX_WRITE_UNITS = 1_000;

/** Days one can go back to. */
const RECOVERY_DAYS = 7;

export type RecordTableProps = {
  readonly partitionKey: string;
  readonly sortKey?: string;
  /** Attribute with the Unix seconds at which a row may go; none: rows stay. */
  readonly ttl?: string;
  readonly stream?: StreamViewType;
  readonly indexes?: GlobalSecondaryIndexPropsV2[];
  /** True where real money is recorded: not even a console click deletes the table. */
  readonly deletionProtection: boolean;
};

/** A table with string keys that outlives its stack, can be set back in time, and idles for nothing. */
export class RecordTable extends TableV2 {
  constructor(scope: Construct, id: string, props: RecordTableProps) {
    super(scope, id, {
      partitionKey: stringKey(props.partitionKey),
      ...(props.sortKey === undefined ? {} : { sortKey: stringKey(props.sortKey) }),
      ...(props.ttl === undefined ? {} : { timeToLiveAttribute: props.ttl }),
      ...(props.stream === undefined ? {} : { dynamoStream: props.stream }),
      globalSecondaryIndexes: props.indexes ?? [],
      billing: Billing.onDemand({ maxWriteRequestUnits: MAX_WRITE_UNITS }),
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: RECOVERY_DAYS,
      },
      // A first deployment that fails may still clean up after itself: no orphan blocks the next.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      deletionProtection: props.deletionProtection,
    });
  }
}

/** A key attribute: all of ours are strings. */
export const stringKey = (name: string): Attribute => ({ name, type: AttributeType.STRING });
