import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';

import { DECISIONS, lookKey } from '../../domain/table-keys.ts';
import type { DecisionLedger } from '../../ports/decision-ledger.ts';
import { decisionItem } from './decision-item.ts';
import { unavailable } from './dynamo-transact.ts';

export type DynamoDecisionLedgerOptions = {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Rows are deleted after this time. */
  readonly keepDays: number;
};

/** `DecisionLedger` on the decisions table. A row is written once, and never changed. */
export function dynamoDecisionLedger({
  client,
  tableName,
  keepDays,
}: DynamoDecisionLedgerOptions): DecisionLedger {
  return {
    async record(decision, signal) {
      const put = new PutItemCommand({
        TableName: tableName,
        Item: decisionItem(decision, keepDays),
        ConditionExpression: 'attribute_not_exists(#mint)',
        ExpressionAttributeNames: { '#mint': DECISIONS.partitionKey },
      });
      try {
        await client.send(put, { abortSignal: signal });
        return 'stored';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'duplicate';
        throw unavailable(error);
      }
    },

    async has(mint, pool, look, signal) {
      const get = new GetItemCommand({
        TableName: tableName,
        Key: {
          [DECISIONS.partitionKey]: { S: mint },
          [DECISIONS.sortKey]: { S: lookKey(pool, look) },
        },
        ProjectionExpression: '#mint',
        ExpressionAttributeNames: { '#mint': DECISIONS.partitionKey },
        ConsistentRead: true,
      });
      try {
        const { Item } = await client.send(get, { abortSignal: signal });
        return Item !== undefined;
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}
