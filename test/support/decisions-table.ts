import { randomUUID } from 'node:crypto';

import {
  BatchWriteItemCommand,
  CreateTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

import { type DecisionItem, decisionItem } from '#shared/adapters/aws/decision-item.ts';
import type { Decision } from '#shared/domain/decision.ts';
import { DECISIONS } from '#shared/domain/table-keys.ts';

const { partitionKey, sortKey, byVerdict } = DECISIONS;
const key = (name: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName: name, KeyType });

/** An empty decisions table with its index, as the template declares it. Resolves with its name. */
export async function makeDecisionsTable(client: DynamoDBClient): Promise<string> {
  const name = `decisions-${randomUUID()}`;
  const names = [partitionKey, sortKey, byVerdict.partitionKey, byVerdict.sortKey];
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [key(partitionKey, 'HASH'), key(sortKey, 'RANGE')],
      GlobalSecondaryIndexes: [
        {
          IndexName: byVerdict.indexName,
          KeySchema: [key(byVerdict.partitionKey, 'HASH'), key(byVerdict.sortKey, 'RANGE')],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...byVerdict.projected] },
        },
      ],
    }),
  );
  return name;
}

const BATCH = 25;

/** Writes decisions, 25 at a time. */
export async function putDecisions(
  client: DynamoDBClient,
  table: string,
  decisions: readonly Decision[],
): Promise<void> {
  await putItems(
    client,
    table,
    decisions.map((decision) => decisionItem(decision, 30)),
  );
}

export async function putItems(
  client: DynamoDBClient,
  table: string,
  items: readonly DecisionItem[],
): Promise<void> {
  for (let at = 0; at < items.length; at += BATCH) {
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [table]: items.slice(at, at + BATCH).map((Item) => ({ PutRequest: { Item } })),
        },
      }),
    );
  }
}
