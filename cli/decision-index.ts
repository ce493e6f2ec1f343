import {
  type AttributeValue,
  type DynamoDBClient,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';

import { DECISIONS } from '#shared/domain/table-keys.ts';

export type IndexItem = Record<string, AttributeValue>;
export type IndexKey = Record<string, AttributeValue>;

/** One page of the index; `next` is undefined on the last one. */
export type IndexPage = {
  readonly items: readonly IndexItem[];
  readonly next: IndexKey | undefined;
};

export type PageRequest = {
  readonly partition: string;
  /** Bounds of the sort key, both inclusive. */
  readonly bounds: readonly [string, string];
  readonly pageSize: number;
  readonly from?: IndexKey | undefined;
};

/** The index by verdict, and the table behind it, page by page. Reads are eventually consistent. */
export type DecisionIndex = {
  /** Rows of one partition, newest first. */
  readonly page: (request: PageRequest) => Promise<IndexPage>;
  /** How many rows one partition has within the bounds. */
  readonly count: (request: Omit<PageRequest, 'pageSize' | 'from'>) => Promise<number>;
  /** The whole index, in no order: one of `segments` parts. */
  readonly scan: (segment: number, segments: number, from?: IndexKey) => Promise<IndexPage>;
  /** All looks at one mint, whole rows, in the order of pools and looks. */
  readonly looks: (mint: string) => Promise<readonly IndexItem[]>;
};

const { byVerdict } = DECISIONS;

/** `DecisionIndex` on DynamoDB. */
export function dynamoDecisionIndex(client: DynamoDBClient, tableName: string): DecisionIndex {
  const index = { TableName: tableName, IndexName: byVerdict.indexName };
  const within = ({
    partition,
    bounds: [from, to],
  }: Pick<PageRequest, 'partition' | 'bounds'>) => ({
    ...index,
    KeyConditionExpression: '#partition = :partition AND #at BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#partition': byVerdict.partitionKey, '#at': byVerdict.sortKey },
    ExpressionAttributeValues: {
      ':partition': { S: partition },
      ':from': { S: from },
      ':to': { S: to },
    },
  });
  return {
    async page({ pageSize, from, ...request }) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          ...within(request),
          ScanIndexForward: false,
          Limit: pageSize,
          ExclusiveStartKey: from,
        }),
      );
      return { items: Items, next: LastEvaluatedKey };
    },

    async count(request) {
      let counted = 0;
      let from: IndexKey | undefined;
      do {
        const { Count = 0, LastEvaluatedKey } = await client.send(
          new QueryCommand({ ...within(request), Select: 'COUNT', ExclusiveStartKey: from }),
        );
        counted += Count;
        from = LastEvaluatedKey;
      } while (from !== undefined);
      return counted;
    },

    async scan(segment, segments, from) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({
          ...index,
          Segment: segment,
          TotalSegments: segments,
          ExclusiveStartKey: from,
        }),
      );
      return { items: Items, next: LastEvaluatedKey };
    },

    async looks(mint) {
      const items: IndexItem[] = [];
      let from: IndexKey | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: '#mint = :mint',
            ExpressionAttributeNames: { '#mint': DECISIONS.partitionKey },
            ExpressionAttributeValues: { ':mint': { S: mint } },
            ConsistentRead: true,
            ExclusiveStartKey: from,
          }),
        );
        items.push(...Items);
        from = LastEvaluatedKey;
      } while (from !== undefined);
      return items;
    },
  };
}
