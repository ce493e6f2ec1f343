import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';

import { reasonOf } from '../../domain/fault.ts';
import { STATE } from '../../domain/table-keys.ts';
import { type Clock, systemClock } from '../../ports/clock.ts';
import type { Allowance, TokenCaps } from '../../ports/token-caps.ts';
import { CLIENT_DEFAULTS } from './client-defaults.ts';

export type DynamoTokenCapsOptions = {
  readonly tableName: string;
  /** Tokens allowed in a minute and in a day of UTC; 0 switches a cap off. */
  readonly perMinute: number;
  readonly perDay: number;
  readonly client?: DynamoDBClient;
  readonly clock?: Clock;
};

const countedSchema = z.object({ tokens: z.object({ N: z.coerce.number().int() }) });

/**
 * Counters in the state table, one write for each cap and request whatever the number of tokens.
 * A retried write counts twice: a fuse may blow early, never late.
 */
export function dynamoTokenCaps({
  tableName,
  perMinute,
  perDay,
  client = new DynamoDBClient(CLIENT_DEFAULTS),
  clock = systemClock,
}: DynamoTokenCapsOptions): TokenCaps {
  const takeFrom = async (
    id: string,
    limit: number,
    wanted: number,
    keepSeconds: number,
    signal: AbortSignal,
  ): Promise<Allowance> => {
    if (limit === 0 || wanted === 0) return { granted: wanted, unread: null };
    try {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: { [STATE.partitionKey]: { S: id } },
          UpdateExpression: 'ADD tokens :wanted SET #ttl = :expiresAt',
          ExpressionAttributeNames: { '#ttl': STATE.ttl },
          ExpressionAttributeValues: {
            ':wanted': { N: String(wanted) },
            ':expiresAt': { N: String(Math.floor(clock.now() / 1_000) + keepSeconds) },
          },
          ReturnValues: 'UPDATED_NEW',
        }),
        { abortSignal: signal },
      );
      const before = countedSchema.parse(Attributes).tokens.N - wanted;
      return { granted: Math.min(wanted, Math.max(0, limit - before)), unread: null };
    } catch (error) {
      // The caps guard the bill; detection is what the bill is for. A state table that cannot be
      // read must not stop it: the queue, the analyzer's concurrency and the billing alarm remain.
      return { granted: wanted, unread: `${id}: ${reasonOf(error)}` };
    }
  };

  return {
    async take(wanted, signal) {
      const now = new Date(clock.now()).toISOString();
      const minute = await takeFrom(
        `cap#minute#${now.slice(0, 16)}`,
        perMinute,
        wanted,
        3_600,
        signal,
      );
      // After the minute's cap, so that a burst that was dropped does not use up the day.
      const day = await takeFrom(
        `cap#day#${now.slice(0, 10)}`,
        perDay,
        minute.granted,
        172_800,
        signal,
      );
      return { granted: day.granted, unread: minute.unread ?? day.unread };
    },
  };
}
