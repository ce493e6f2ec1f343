import { randomUUID } from 'node:crypto';

import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { startDynamoDbLocal } from '#infra/local/cloud/emulators/dynamodb-local.ts';

export type TestDatabase = {
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  /** Makes an empty table with string keys and returns its name. */
  readonly table: (partitionKey: string, sortKey?: string) => Promise<string>;
  readonly stop: () => Promise<void>;
};

/** DynamoDB Local in memory, for the tests of one file. */
export async function testDatabase(): Promise<TestDatabase> {
  const { endpoint, stop } = await startDynamoDbLocal();
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    endpoint,
    client,
    async table(partitionKey, sortKey) {
      const name = `t-${randomUUID()}`;
      const keys = [partitionKey, ...(sortKey === undefined ? [] : [sortKey])];
      await client.send(
        new CreateTableCommand({
          TableName: name,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: keys.map((AttributeName) => ({
            AttributeName,
            AttributeType: 'S',
          })),
          KeySchema: keys.map((AttributeName, at) => ({
            AttributeName,
            KeyType: at === 0 ? 'HASH' : 'RANGE',
          })),
        }),
      );
      return name;
    },
    async stop() {
      client.destroy();
      await stop();
    },
  };
}
