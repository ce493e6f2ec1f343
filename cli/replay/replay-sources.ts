import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { decisionOfItem } from '#shared/adapters/aws/decision-item.ts';
import { reasonOf } from '#shared/domain/fault.ts';
import { DECISIONS } from '#shared/domain/table-keys.ts';
import { systemPause } from '#shared/ports/pause.ts';
import { CommandError } from '../command-error.ts';
import type { IndexItem } from '../decision-index.ts';
import { lineOf, parseReplayLine } from './replay-line.ts';
import type { ReplaySource } from './run-replay.ts';

/** Enough that measuring the time of a batch costs nothing, and little memory. */
const LINES_AT_ONCE = 256;
/** BatchGetItem takes this many keys (DynamoDB API reference). */
const KEYS_AT_ONCE = 100;
const UNPROCESSED_PAUSE_MS = 100;

/** The lines of a file, or of standard input for "-". Holds a few hundred of them at a time. */
export async function* linesOf(
  file: string,
  standardInput: Readable = process.stdin,
): ReplaySource {
  const input = file === '-' ? standardInput : createReadStream(file);
  let batch: string[] = [];
  const taken = () => {
    const lines = batch;
    batch = [];
    return lines.map((line) => () => parseReplayLine(line));
  };
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const line of lines) {
      if (line.trim() === '') continue;
      batch.push(line);
      if (batch.length === LINES_AT_ONCE) yield taken();
    }
  } catch (cause) {
    throw new CommandError(`${file} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  yield taken();
}

/** Whole rows of the decisions table, for items that its index gave. */
export async function* storedLines(
  client: DynamoDBClient,
  tableName: string,
  items: AsyncIterable<IndexItem>,
): ReplaySource {
  let keys: IndexItem[] = [];
  for await (const item of items) {
    keys.push(keyOf(item));
    if (keys.length < KEYS_AT_ONCE) continue;
    yield await wholeRows(client, tableName, keys);
    keys = [];
  }
  if (keys.length > 0) yield await wholeRows(client, tableName, keys);
}

async function wholeRows(client: DynamoDBClient, tableName: string, keys: IndexItem[]) {
  const rows: IndexItem[] = [];
  let left = keys;
  while (left.length > 0) {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: left } } }),
    );
    for (const row of Responses?.[tableName] ?? []) rows.push(row);
    left = UnprocessedKeys?.[tableName]?.Keys ?? [];
    if (left.length > 0) await systemPause(UNPROCESSED_PAUSE_MS, new AbortController().signal);
  }
  return rows.map((row) => () => {
    try {
      return lineOf(decisionOfItem(row));
    } catch (error) {
      return { kind: 'unreadable' as const, reason: reasonOf(error) };
    }
  });
}

function keyOf(item: IndexItem): IndexItem {
  const { partitionKey, sortKey } = DECISIONS;
  const [mint, look] = [item[partitionKey], item[sortKey]];
  if (mint === undefined || look === undefined)
    throw new TypeError('an item of the index without keys');
  return { [partitionKey]: mint, [sortKey]: look };
}
