import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';

import { Fault, reasonOf } from '../../domain/fault.ts';
import { STATE } from '../../domain/table-keys.ts';
import type { BudgetStore } from '../../ports/budget-store.ts';
import { type Clock, systemClock } from '../../ports/clock.ts';
import { type BudgetLedger, EMPTY_LEDGER } from '../../upstream/budget-ledger.ts';
import { CLIENT_DEFAULTS } from './client-defaults.ts';

export type DynamoBudgetStoreOptions = {
  readonly tableName: string;
  readonly client?: DynamoDBClient;
  /** Stands in where an answer does not say when it was given. */
  readonly clock?: Clock;
};

const holdingSchema = z.object({
  units: z.number().int().nonnegative(),
  untilMs: z.number().int().nonnegative(),
});
const ledgerSchema = z.object({
  holders: z.record(z.string(), holdingSchema),
  cooling: z.array(holdingSchema),
});
const itemSchema = z.object({
  version: z.object({ N: z.coerce.number().int() }),
  ledger: z.object({
    S: z.string().transform((text): BudgetLedger => ledgerSchema.parse(JSON.parse(text))),
  }),
});
const responseSchema = z.object({ headers: z.object({ date: z.string() }) });

/** A day without a request, and nobody holds anything. */
const KEEP_SECONDS = 86_400;

/**
 * One item for each upstream in the state table, some 50 bytes for each holder. Written with the
 * version that was read, so that two who agree at the same time do not overwrite each other.
 */
export function dynamoBudgetStore({
  tableName,
  client = new DynamoDBClient(CLIENT_DEFAULTS),
  clock = systemClock,
}: DynamoBudgetStoreOptions): BudgetStore {
  return {
    async read(upstream) {
      const command = new GetItemCommand({
        TableName: tableName,
        Key: keyOf(upstream),
        ConsistentRead: true,
      });
      let answeredMs: number | undefined;
      command.middlewareStack.add(
        (next) => async (args) => {
          const result = await next(args);
          answeredMs = answerTimeMs(result.response);
          return result;
        },
        { step: 'deserialize', name: 'answerTime' },
      );
      try {
        const { Item } = await client.send(command);
        const item = Item && itemSchema.parse(Item);
        return {
          ledger: item?.ledger.S ?? EMPTY_LEDGER,
          version: item?.version.N ?? 0,
          nowMs: answeredMs ?? clock.now(),
        };
      } catch (cause) {
        throw unavailable(cause);
      }
    },

    async write(upstream, ledger, version) {
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: {
              ...keyOf(upstream),
              version: { N: String(version + 1) },
              ledger: { S: JSON.stringify(ledger) },
              [STATE.ttl]: { N: String(Math.floor(clock.now() / 1_000) + KEEP_SECONDS) },
            },
            ConditionExpression:
              version === 0 ? 'attribute_not_exists(#key)' : '#version = :version',
            ...(version === 0
              ? { ExpressionAttributeNames: { '#key': STATE.partitionKey } }
              : {
                  ExpressionAttributeNames: { '#version': 'version' },
                  ExpressionAttributeValues: { ':version': { N: String(version) } },
                }),
          }),
        );
        return 'stored';
      } catch (cause) {
        if (cause instanceof ConditionalCheckFailedException) return 'conflict';
        throw unavailable(cause);
      }
    },
  };
}

const keyOf = (upstream: string) => ({ [STATE.partitionKey]: { S: `budget#${upstream}` } });

/** When DynamoDB answered, by the `Date` header: whole seconds, taken at their middle. */
function answerTimeMs(response: unknown): number | undefined {
  const parsed = responseSchema.safeParse(response);
  const ms = parsed.success ? Date.parse(parsed.data.headers.date) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms + 500;
}

const unavailable = (cause: unknown): Fault =>
  new Fault(
    'upstream.unavailable',
    { upstream: 'dynamodb', reason: reasonOf(cause).slice(0, 120) },
    { cause },
  );
