import { type DynamoDBClient, GetItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';

import { isFault } from '../../domain/fault.ts';
import { TRADES } from '../../domain/table-keys.ts';
import { POSITIONS_KEY, dayKey } from '../../domain/trade-keys.ts';
import type { Trade } from '../../domain/trade.ts';
import { unavailable } from './dynamo-transact.ts';
import { type Item, tradeOfItem } from './trade-item.ts';

/** A row that is no trade as this version knows it. */
export type UnreadableTrade = { readonly state: 'UNREADABLE'; readonly mint: string };

/**
 * Every trade, in no order. Reads the whole table: for people and for the sweep of a few thousand
 * rows, not for the hot path.
 * @throws {Fault} `ledger.unavailable`
 */
export async function* listTrades(
  client: DynamoDBClient,
  tradesTable: string,
): AsyncGenerator<Trade | UnreadableTrade> {
  const pages = paginateScan(
    { client },
    {
      TableName: tradesTable,
      // The books lie beside the trades and have no state.
      FilterExpression: 'attribute_exists(#state)',
      ExpressionAttributeNames: { '#state': 'state' },
    },
  );
  try {
    for await (const { Items } of pages) yield* (Items ?? []).map(readable);
  } catch (error) {
    throw unavailable(error);
  }
}

function readable(item: Item): Trade | UnreadableTrade {
  try {
    return tradeOfItem(item);
  } catch (error) {
    if (!isFault(error)) throw error;
    return { state: 'UNREADABLE', mint: item[TRADES.partitionKey]?.S ?? '' };
  }
}

/** What the books say: open positions, and what the UTC day of `at` has spent. */
export async function readBooks(
  client: DynamoDBClient,
  tradesTable: string,
  at: number,
): Promise<{ readonly openPositions: number; readonly spentLamports: bigint }> {
  const number = async (key: string, attribute: string): Promise<string> => {
    const Key = { [TRADES.partitionKey]: { S: key } };
    const command = new GetItemCommand({ TableName: tradesTable, Key, ConsistentRead: true });
    const { Item } = await client.send(command).catch((error: unknown) => {
      throw unavailable(error);
    });
    return Item?.[attribute]?.N ?? '0';
  };
  return {
    openPositions: Number(await number(POSITIONS_KEY, 'openPositions')),
    spentLamports: BigInt(await number(dayKey(at), 'spentLamports')),
  };
}
