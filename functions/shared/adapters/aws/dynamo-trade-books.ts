import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

import { Fault } from '../../domain/fault.ts';
import { type Results, noResults, resetBreakers, resultsSchema } from '../../domain/results.ts';
import { TRADES } from '../../domain/table-keys.ts';
import { POSITIONS_KEY, RESULTS_KEY } from '../../domain/trade-keys.ts';
import type { Trade } from '../../domain/trade.ts';
import { transact, unavailable } from './dynamo-transact.ts';
import { tradeOfItem } from './trade-item.ts';
import { resultsWrite } from './trade-writes.ts';

/** Keys that one `BatchGetItem` takes. */
const BATCH_KEYS = 100;
const MAX_ROUNDS = 5;

const keyOf = (key: string) => ({ [TRADES.partitionKey]: { S: key } });

async function item(
  client: DynamoDBClient,
  TableName: string,
  key: string,
  signal: AbortSignal,
): Promise<Record<string, AttributeValue> | undefined> {
  const command = new GetItemCommand({ TableName, Key: keyOf(key), ConsistentRead: true });
  const { Item } = await client.send(command, { abortSignal: signal }).catch((error: unknown) => {
    throw unavailable(error);
  });
  return Item;
}

/** Results of closed trades. @throws {Fault} `ledger.unavailable`, `ledger.malformed` */
export async function readResults(
  client: DynamoDBClient,
  tradesTable: string,
  signal: AbortSignal,
): Promise<Results> {
  const found = await item(client, tradesTable, RESULTS_KEY, signal);
  if (found === undefined) return noResults;
  const parsed = resultsSchema.safeParse(unmarshall(found));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Fault('ledger.malformed', { key: RESULTS_KEY, issues });
}

/** Lets buys go on after a breaker has tripped. Nothing is written when none counts anything. */
export async function clearBreakers(
  client: DynamoDBClient,
  tradesTable: string,
  signal: AbortSignal,
): Promise<Results> {
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const before = await readResults(client, tradesTable, signal);
    if (before.version === 0) return before;
    const after = resetBreakers(before);
    const result = await transact(client, [resultsWrite(tradesTable, after)], signal);
    if (result.kind === 'written') return after;
  }
  throw new Fault('ledger.unavailable', { reason: 'the results change too fast to be reset' });
}

/**
 * The trades that the book of open positions names.
 * @throws {Fault} `ledger.unavailable`, `ledger.malformed`
 */
export async function readOccupying(
  client: DynamoDBClient,
  tradesTable: string,
  signal: AbortSignal,
): Promise<readonly Trade[]> {
  const mints = (await item(client, tradesTable, POSITIONS_KEY, signal))?.['mints']?.SS ?? [];
  const trades: Trade[] = [];
  let keys = mints.map(keyOf);
  for (let round = 1; keys.length > 0; round += 1) {
    if (round > MAX_ROUNDS + mints.length / BATCH_KEYS) {
      throw new Fault('ledger.unavailable', { reason: 'a batch of trades stays unanswered' });
    }
    const Keys = keys.slice(0, BATCH_KEYS);
    const command = new BatchGetItemCommand({
      RequestItems: { [tradesTable]: { Keys, ConsistentRead: true } },
    });
    const answer = await client.send(command, { abortSignal: signal }).catch((error: unknown) => {
      throw unavailable(error);
    });
    trades.push(...(answer.Responses?.[tradesTable] ?? []).map(tradeOfItem));
    const unanswered = answer.UnprocessedKeys?.[tradesTable]?.Keys ?? [];
    keys = [
      ...keys.slice(BATCH_KEYS),
      ...unanswered.map((key) => keyOf(key[TRADES.partitionKey]?.S ?? '')),
    ];
  }
  return trades;
}
