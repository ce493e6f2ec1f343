import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';

import type { Address } from '../../domain/address.ts';
import { Fault, reasonOf } from '../../domain/fault.ts';
import { STATE } from '../../domain/table-keys.ts';
import type { SweepCursors } from '../../ports/sweep-cursors.ts';
import { CLIENT_DEFAULTS } from './client-defaults.ts';

export type DynamoSweepCursorsOptions = {
  readonly tableName: string;
  readonly client?: DynamoDBClient;
};

const itemSchema = z.object({
  signature: z.object({ S: z.string() }).optional(),
  slot: z.object({ N: z.coerce.number().int().nonnegative() }),
});

const keyOf = (account: Address) => ({ [STATE.partitionKey]: { S: `cursor#${account}` } });

/** One item for each watched account in the state table. */
export function dynamoSweepCursors({
  tableName,
  client = new DynamoDBClient(CLIENT_DEFAULTS),
}: DynamoSweepCursorsOptions): SweepCursors {
  return {
    async read(account, signal) {
      try {
        const { Item } = await client.send(
          new GetItemCommand({ TableName: tableName, Key: keyOf(account), ConsistentRead: true }),
          { abortSignal: signal },
        );
        if (!Item) return undefined;
        const { signature, slot } = itemSchema.parse(Item);
        return { signature: signature?.S ?? null, slot: slot.N };
      } catch (cause) {
        throw unavailable(cause);
      }
    },

    async move(account, { signature, slot }, signal) {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: tableName,
            Key: keyOf(account),
            UpdateExpression:
              signature === null ? 'SET slot = :slot' : 'SET slot = :slot, signature = :signature',
            ConditionExpression: 'attribute_not_exists(slot) OR slot <= :slot',
            ExpressionAttributeValues: {
              ':slot': { N: String(slot) },
              ...(signature === null ? {} : { ':signature': { S: signature } }),
            },
          }),
          { abortSignal: signal },
        );
      } catch (cause) {
        // Another run is further on: what we have read, it has read too.
        if (cause instanceof ConditionalCheckFailedException) return;
        throw unavailable(cause);
      }
    },
  };
}

const unavailable = (cause: unknown): Fault =>
  new Fault(
    'upstream.unavailable',
    { upstream: 'dynamodb', reason: reasonOf(cause).slice(0, 120) },
    { cause },
  );
