import {
  type ConditionCheck,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

import { reasonOf } from '../../domain/fault.ts';
import { haltStateSchema, haltedBecause } from '../../domain/halt-state.ts';
import { STATE } from '../../domain/table-keys.ts';
import { HALT_KEY } from '../../domain/trade-keys.ts';
import type { HaltSwitch } from '../../ports/halt-switch.ts';
import { unavailable } from './dynamo-transact.ts';

/** The halt switch: one item of the state table. */
export const dynamoHaltSwitch = (client: DynamoDBClient, stateTable: string): HaltSwitch => ({
  async read(signal) {
    const command = new GetItemCommand({
      TableName: stateTable,
      Key: haltItemKey,
      ConsistentRead: true,
    });
    try {
      const { Item } = await client.send(command, { abortSignal: signal });
      if (Item === undefined) return haltedBecause('the switch was never set');
      const parsed = haltStateSchema.safeParse(unmarshall(Item));
      return parsed.success ? parsed.data : haltedBecause('the switch cannot be understood');
    } catch (error) {
      return haltedBecause(`the switch cannot be read: ${reasonOf(error)}`);
    }
  },

  async set(state, signal) {
    const command = new PutItemCommand({
      TableName: stateTable,
      Item: { ...haltItemKey, ...marshall(state) },
    });
    await client.send(command, { abortSignal: signal }).catch((error: unknown) => {
      throw unavailable(error);
    });
  },
});

const haltItemKey = { [STATE.partitionKey]: { S: HALT_KEY } };

/** Part of a transaction that fails unless the switch is there and says that buys run. */
export const buysRunning = (stateTable: string): ConditionCheck => ({
  TableName: stateTable,
  Key: haltItemKey,
  ConditionExpression: 'buys = :running',
  ExpressionAttributeValues: { ':running': { S: 'running' } },
});
