import * as z from 'zod';

import { type AwsJsonTarget, awsJsonCall } from '../aws-json-call.ts';

const WAIT_ACTIVE_MS = 50;

const tableProperties = z.object({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.unknown()),
  KeySchema: z.array(z.unknown()),
  GlobalSecondaryIndexes: z
    .array(
      z.object({
        IndexName: z.string(),
        KeySchema: z.array(z.unknown()),
        Projection: z.unknown(),
      }),
    )
    .default([]),
  LocalSecondaryIndexes: z.array(z.unknown()).default([]),
  StreamSpecification: z.object({ StreamViewType: z.string() }).optional(),
  TimeToLiveSpecification: z
    .object({ AttributeName: z.string(), Enabled: z.coerce.boolean() })
    .optional(),
});

const description = z.object({
  TableStatus: z.string(),
  TableArn: z.string(),
  LatestStreamArn: z.string().optional(),
});

/** A table as it is there now. `streamArn` is `undefined` when the template declares no stream. */
export type MadeTable = {
  readonly name: string;
  readonly arn: string;
  readonly streamArn: string | undefined;
};

/** Makes one table with its keys, indexes, stream and time to live, and waits until it is active. */
export async function makeTable(
  target: AwsJsonTarget,
  defaultName: string,
  properties: unknown,
): Promise<MadeTable> {
  const table = tableProperties.parse(properties);
  const name = table.TableName ?? defaultName;
  await awsJsonCall(
    target,
    'CreateTable',
    {
      TableName: name,
      AttributeDefinitions: table.AttributeDefinitions,
      KeySchema: table.KeySchema,
      BillingMode: 'PAY_PER_REQUEST',
      ...(table.GlobalSecondaryIndexes.length === 0
        ? {}
        : { GlobalSecondaryIndexes: table.GlobalSecondaryIndexes }),
      ...(table.LocalSecondaryIndexes.length === 0
        ? {}
        : { LocalSecondaryIndexes: table.LocalSecondaryIndexes }),
      ...(table.StreamSpecification === undefined
        ? {}
        : {
            StreamSpecification: {
              StreamEnabled: true,
              StreamViewType: table.StreamSpecification.StreamViewType,
            },
          }),
    },
    z.object({ TableDescription: description }),
  );
  const { TableArn, LatestStreamArn } = await activeTable(target, name);
  if (table.TimeToLiveSpecification !== undefined)
    await awsJsonCall(
      target,
      'UpdateTimeToLive',
      { TableName: name, TimeToLiveSpecification: table.TimeToLiveSpecification },
      z.unknown(),
    );
  return { name, arn: TableArn, streamArn: LatestStreamArn };
}

/** Removes a table of this run from a DynamoDB that outlives it. */
export async function dropTable(target: AwsJsonTarget, name: string): Promise<void> {
  await awsJsonCall(target, 'DeleteTable', { TableName: name }, z.unknown());
}

async function activeTable(
  target: AwsJsonTarget,
  name: string,
): Promise<z.output<typeof description>> {
  for (;;) {
    const { Table } = await awsJsonCall(
      target,
      'DescribeTable',
      { TableName: name },
      z.object({ Table: description }),
    );
    if (Table.TableStatus === 'ACTIVE') return Table;
    await new Promise((resolve) => {
      setTimeout(resolve, WAIT_ACTIVE_MS);
    });
  }
}
