import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';

import { listTrades } from '#shared/adapters/aws/dynamo-trade-list.ts';
import type { Trade } from '#shared/domain/trade.ts';
import { VERDICTS } from '#shared/domain/decision.ts';
import type { DecidedRow } from './run-summary.ts';

const rowSchema = z
  .object({
    mint: z.string(),
    look: z.string(),
    pool: z.string(),
    verdict: z.enum(VERDICTS),
    latencyMs: z.number(),
  })
  .transform(({ look, ...row }) => ({
    ...row,
    look: Number(look.slice(look.lastIndexOf('#') + 1)),
  }));

/** All rows of the decisions table. A whole scan: for the tables of a local run only. */
export const allDecisions = async (client: DynamoDBClient, table: string): Promise<DecidedRow[]> =>
  scan(client, table, rowSchema);

const boughtSchema = z.object({ mint: z.string(), entry: z.unknown().optional() });

/** Mints whose trade has bought. The table's ledger items are no trades. A whole scan, as above. */
export async function boughtMints(client: DynamoDBClient, table: string): Promise<string[]> {
  const trades = await scan(client, table, boughtSchema);
  return trades.flatMap(({ mint, entry }) => (entry === undefined ? [] : [mint]));
}

/** Every trade of a local run. */
export async function allTrades(client: DynamoDBClient, table: string): Promise<Trade[]> {
  const trades: Trade[] = [];
  for await (const trade of listTrades(client, table)) {
    if (trade.state !== 'UNREADABLE') trades.push(trade);
  }
  return trades;
}

async function scan<Row>(
  client: DynamoDBClient,
  table: string,
  schema: z.ZodType<Row>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    for (const item of page.Items ?? []) rows.push(schema.parse(unmarshall(item)));
  }
  return rows;
}
