import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';

import { Fault, reasonOf } from '../../domain/fault.ts';
import { STATE } from '../../domain/table-keys.ts';
import type { BudgetStore, StoredBudget } from '../../ports/budget-store.ts';
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
const itemSchema = z.object({
  version: z.number().int(),
  holders: z.record(z.string(), holdingSchema),
  cooling: z.array(holdingSchema),
});
const responseSchema = z.object({ headers: z.object({ date: z.string() }) });

/** A day without a request, and nobody holds anything. */
const KEEP_SECONDS = 86_400;

/**
 * One item for each upstream in the state table, some 50 bytes for each holder. Units change hands
 * under the version that was read, so that two who do it at the same time do not undo each other.
 */
export function dynamoBudgetStore({
  tableName,
  client = new DynamoDBClient(CLIENT_DEFAULTS),
  clock = systemClock,
}: DynamoBudgetStoreOptions): BudgetStore {
  const itemOf = (upstream: string) => ({ TableName: tableName, Key: keyOf(upstream) });
  const expiresAt = () => ({ N: String(Math.floor(clock.now() / 1_000) + KEEP_SECONDS) });

  const sent = async (
    command: PutItemCommand | UpdateItemCommand,
  ): Promise<'stored' | 'conflict'> => {
    try {
      await (command instanceof PutItemCommand ? client.send(command) : client.send(command));
      return 'stored';
    } catch (cause) {
      if (cause instanceof ConditionalCheckFailedException) return 'conflict';
      throw unavailable(cause);
    }
  };

  const first = (upstream: string, { holders, cooling }: BudgetLedger): PutItemCommand =>
    new PutItemCommand({
      TableName: tableName,
      Item: {
        ...keyOf(upstream),
        ...marshall({ version: 1, holders, cooling }),
        [STATE.ttl]: expiresAt(),
      },
      ConditionExpression: 'attribute_not_exists(#key)',
      ExpressionAttributeNames: { '#key': STATE.partitionKey },
    });

  /** Touches only what changed: others may extend what they hold at the same time. */
  const change = (
    upstream: string,
    read: StoredBudget,
    ledger: BudgetLedger,
  ): UpdateItemCommand => {
    const before = read.ledger.holders;
    const set = Object.entries(ledger.holders).filter(([name, holding]) => {
      const was = before[name];
      return was?.units !== holding.units || was.untilMs !== holding.untilMs;
    });
    const gone = Object.keys(before).filter((name) => !(name in ledger.holders));
    const sets = set.map((_, at) => `holders.#set${at} = :set${at}`);
    const removes = gone.map((_, at) => `holders.#gone${at}`);
    return new UpdateItemCommand({
      ...itemOf(upstream),
      UpdateExpression: [
        `SET ${[...sets, 'cooling = :cooling', '#version = :next', '#ttl = :expiresAt'].join(', ')}`,
        ...(removes.length === 0 ? [] : [`REMOVE ${removes.join(', ')}`]),
      ].join(' '),
      ConditionExpression: '#version = :version',
      ExpressionAttributeNames: {
        '#version': 'version',
        '#ttl': STATE.ttl,
        ...Object.fromEntries(set.map(([name], at) => [`#set${at}`, name])),
        ...Object.fromEntries(gone.map((name, at) => [`#gone${at}`, name])),
      },
      ExpressionAttributeValues: {
        ...marshall({
          ':version': read.version,
          ':next': read.version + 1,
          ':cooling': ledger.cooling,
          ...Object.fromEntries(set.map(([, holding], at) => [`:set${at}`, holding])),
        }),
        ':expiresAt': expiresAt(),
      },
    });
  };

  return {
    async read(upstream) {
      const command = new GetItemCommand({ ...itemOf(upstream), ConsistentRead: true });
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
        const nowMs = answeredMs ?? clock.now();
        if (!Item) return { ledger: EMPTY_LEDGER, version: 0, nowMs };
        const { version, ...ledger } = itemSchema.parse(unmarshall(Item));
        return { ledger, version, nowMs };
      } catch (cause) {
        throw unavailable(cause);
      }
    },

    async write(upstream, read, ledger) {
      return sent(read.version === 0 ? first(upstream, ledger) : change(upstream, read, ledger));
    },

    async extend(upstream, holder, holding) {
      return sent(
        new UpdateItemCommand({
          ...itemOf(upstream),
          UpdateExpression: 'SET holders.#holder.untilMs = :untilMs, #ttl = :expiresAt',
          ConditionExpression: 'holders.#holder.units = :units',
          ExpressionAttributeNames: { '#holder': holder, '#ttl': STATE.ttl },
          ExpressionAttributeValues: {
            ':untilMs': { N: String(holding.untilMs) },
            ':units': { N: String(holding.units) },
            ':expiresAt': expiresAt(),
          },
        }),
      );
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
