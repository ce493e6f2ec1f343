import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';

import { type Results, resultsSchema } from '../../domain/results.ts';
import { TRADES } from '../../domain/table-keys.ts';
import { POSITIONS_KEY, RESULTS_KEY, dayKey } from '../../domain/trade-keys.ts';
import { type Trade, type TradeIn, bookChange } from '../../domain/trade.ts';
import { buysRunning } from './dynamo-halt-switch.ts';
import { itemOfTrade } from './trade-item.ts';

type Tables = { readonly tradesTable: string; readonly stateTable: string };
/** What the books may still take. */
type Room = { readonly roomLamports: bigint; readonly maxOpenPositions: number };

/** A claim: the trade, its day, the open positions, the halt switch, the breakers, in this order. */
export function claimWrites(
  { tradesTable, stateTable }: Tables,
  intent: TradeIn<'BUY_INTENT'>,
  { roomLamports, maxOpenPositions }: Room,
): TransactWriteItem[] {
  return [
    {
      Put: {
        TableName: tradesTable,
        Item: itemOfTrade(intent),
        ConditionExpression: 'attribute_not_exists(#mint)',
        ExpressionAttributeNames: { '#mint': TRADES.partitionKey },
      },
    },
    {
      Update: {
        TableName: tradesTable,
        Key: keyOf(dayKey(intent.claimedAt)),
        UpdateExpression: 'ADD spentLamports :stake, claims :one',
        ConditionExpression: 'attribute_not_exists(spentLamports) OR spentLamports <= :room',
        ExpressionAttributeValues: {
          ':stake': number(intent.plan.stakeLamports),
          ':one': number(1n),
          ':room': number(roomLamports),
        },
      },
    },
    {
      Update: {
        TableName: tradesTable,
        Key: keyOf(POSITIONS_KEY),
        UpdateExpression: 'ADD openPositions :one, mints :mint',
        ConditionExpression: 'attribute_not_exists(openPositions) OR openPositions < :max',
        ExpressionAttributeValues: {
          ':one': number(1n),
          ':mint': { SS: [intent.mint] },
          ':max': number(BigInt(maxOpenPositions)),
        },
      },
    },
    { ConditionCheck: buysRunning(stateTable) },
    {
      ConditionCheck: {
        TableName: tradesTable,
        Key: keyOf(RESULTS_KEY),
        ConditionExpression:
          'attribute_not_exists(#key) OR (attribute_type(tripped, :null) AND coolUntil <= :now)',
        ExpressionAttributeNames: { '#key': TRADES.partitionKey },
        ExpressionAttributeValues: {
          ':null': { S: 'NULL' },
          ':now': { N: String(intent.claimedAt) },
        },
      },
    },
  ];
}

/** A transition: the trade first, then what it changes in the books. */
export function moveWrites(tradesTable: string, from: Trade, next: Trade): TransactWriteItem[] {
  const writes: TransactWriteItem[] = [
    {
      Put: {
        TableName: tradesTable,
        Item: itemOfTrade(next),
        ConditionExpression: '#state = :from AND #version = :version',
        ExpressionAttributeNames: { '#state': 'state', '#version': 'version' },
        ExpressionAttributeValues: {
          ':from': { S: from.state },
          ':version': { N: String(from.version) },
        },
      },
    },
  ];
  const { openPositions, releasedLamports } = bookChange(next);
  if (openPositions !== 0) {
    writes.push({
      Update: {
        TableName: tradesTable,
        Key: keyOf(POSITIONS_KEY),
        UpdateExpression: 'ADD openPositions :less DELETE mints :mint',
        ConditionExpression: 'openPositions >= :one',
        ExpressionAttributeValues: {
          ':less': number(-1n),
          ':one': number(1n),
          ':mint': { SS: [next.mint] },
        },
      },
    });
  }
  if (releasedLamports > 0n) {
    const key = dayKey(next.claimedAt);
    writes.push(givenBack(tradesTable, key, 'spentLamports', releasedLamports));
  }
  return writes;
}

/** New results in place of those of the version before. */
export const resultsWrite = (tradesTable: string, next: Results): TransactWriteItem => ({
  Put: {
    TableName: tradesTable,
    Item: { ...keyOf(RESULTS_KEY), ...marshall(z.encode(resultsSchema, next)) },
    ConditionExpression: 'attribute_not_exists(#key) OR #version = :before',
    ExpressionAttributeNames: { '#key': TRADES.partitionKey, '#version': 'version' },
    ExpressionAttributeValues: { ':before': { N: String(next.version - 1) } },
  },
});

/** Takes `amount` off a book; the condition keeps a book from going below nothing. */
const givenBack = (
  tradesTable: string,
  key: string,
  attribute: string,
  amount: bigint,
): TransactWriteItem => ({
  Update: {
    TableName: tradesTable,
    Key: keyOf(key),
    UpdateExpression: 'ADD #book :less',
    ConditionExpression: '#book >= :amount',
    ExpressionAttributeNames: { '#book': attribute },
    ExpressionAttributeValues: { ':less': number(-amount), ':amount': number(amount) },
  },
});

const keyOf = (key: string) => ({ [TRADES.partitionKey]: { S: key } });
const number = (value: bigint) => ({ N: value.toString() });
