import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';

import type { Address } from '../../domain/address.ts';
import { VERDICTS } from '../../domain/decision.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { Fault } from '../../domain/fault.ts';
import { DECISIONS, lookKey } from '../../domain/table-keys.ts';
import type { DecisionLedger } from '../../ports/decision-ledger.ts';
import { type DecisionItem, decisionItem, decisionOfItem } from './decision-item.ts';
import { unavailable } from './dynamo-transact.ts';

export type DynamoDecisionLedgerOptions = {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Rows are deleted after this time. */
  readonly keepDays: number;
};

/** `DecisionLedger` on the decisions table. A row is written once, and never changed. */
export function dynamoDecisionLedger({
  client,
  tableName,
  keepDays,
}: DynamoDecisionLedgerOptions): DecisionLedger {
  const read = async (
    look: { readonly mint: Address; readonly pool: Address; readonly look: number },
    attributes: object,
    signal: AbortSignal,
  ): Promise<DecisionItem | undefined> => {
    const get = new GetItemCommand({
      TableName: tableName,
      Key: {
        [DECISIONS.partitionKey]: { S: look.mint },
        [DECISIONS.sortKey]: { S: lookKey(look.pool, look.look) },
      },
      ConsistentRead: true,
      ...attributes,
    });
    try {
      return (await client.send(get, { abortSignal: signal })).Item;
    } catch (error) {
      throw unavailable(error);
    }
  };

  return {
    async record(decision, signal) {
      const put = new PutItemCommand({
        TableName: tableName,
        Item: decisionItem(decision, keepDays),
        ConditionExpression: 'attribute_not_exists(#mint)',
        ExpressionAttributeNames: { '#mint': DECISIONS.partitionKey },
      });
      try {
        await client.send(put, { abortSignal: signal });
        return 'stored';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'duplicate';
        throw unavailable(error);
      }
    },

    async has(mint, pool, look, signal) {
      const keyOnly = {
        ProjectionExpression: '#mint',
        ExpressionAttributeNames: { '#mint': DECISIONS.partitionKey },
      };
      return (await read({ mint, pool, look }, keyOnly, signal)) !== undefined;
    },

    async find(mint, pool, look, signal) {
      const item = await read({ mint, pool, look }, {}, signal);
      return item === undefined
        ? undefined
        : { verdict: verdictOf(item), evidence: evidenceOf(item) };
    },
  };
}

const verdictSchema = z.enum(VERDICTS);

/** @throws {Fault} `ledger.malformed` */
function verdictOf(item: DecisionItem): z.infer<typeof verdictSchema> {
  const parsed = verdictSchema.safeParse(item['verdict']?.S);
  if (parsed.success) return parsed.data;
  throw new Fault('ledger.malformed', {
    key: item[DECISIONS.partitionKey]?.S ?? '',
    issues: parsed.error.issues.map(({ message }) => `verdict: ${message}`),
  });
}

/** Evidence that this version cannot read is as good as none: everything is asked again. */
function evidenceOf(item: DecisionItem): Evidence | null {
  try {
    return decisionOfItem(item).evidence;
  } catch {
    return null;
  }
}
