import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  DynamoDBClient,
  type KeysAndAttributes,
} from '@aws-sdk/client-dynamodb';

import { Fault, reasonOf } from '../../domain/fault.ts';
import { DECISIONS, lookKey } from '../../domain/table-keys.ts';
import type { DecisionLookup, LookName } from '../../ports/decision-lookup.ts';
import { type Pause, systemPause } from '../../ports/pause.ts';
import { mapBounded } from '../../runtime/map-bounded.ts';
import { CLIENT_DEFAULTS } from './client-defaults.ts';

/** BatchGetItem takes this many keys (DynamoDB API reference). */
const MAX_KEYS = 100;
const BATCHES_AT_ONCE = 4;
const TRIES = 4;
const BACKOFF_MS = 50;

export type DynamoDecisionLookupOptions = {
  readonly tableName: string;
  readonly client?: DynamoDBClient;
  /** Between the tries for keys that were left unprocessed. */
  readonly pause?: Pause;
};

/** Asks the decisions table for keys only. */
export function dynamoDecisionLookup({
  tableName,
  client = new DynamoDBClient(CLIENT_DEFAULTS),
  pause = systemPause,
}: DynamoDecisionLookupOptions): DecisionLookup {
  const found = async (
    keys: Record<string, AttributeValue>[],
    signal: AbortSignal,
  ): Promise<string[]> => {
    const names: string[] = [];
    let request: KeysAndAttributes | undefined = {
      Keys: keys,
      ProjectionExpression: '#mint, #look',
      ExpressionAttributeNames: { '#mint': DECISIONS.partitionKey, '#look': DECISIONS.sortKey },
    };
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      const answer: BatchGetItemCommandOutput = await client.send(
        new BatchGetItemCommand({ RequestItems: { [tableName]: request } }),
        { abortSignal: signal },
      );
      for (const item of answer.Responses?.[tableName] ?? []) {
        names.push(`${item[DECISIONS.partitionKey]?.S}/${item[DECISIONS.sortKey]?.S}`);
      }
      request = answer.UnprocessedKeys?.[tableName];
      if (!request?.Keys?.length) return names;
      await pause(BACKOFF_MS * 2 ** attempt * Math.random(), signal);
    }
    throw new Fault('upstream.unavailable', { upstream: 'dynamodb', reason: 'keys unprocessed' });
  };

  return {
    async undecided(looks, signal) {
      const names = [...new Map(looks.map((look) => [nameOf(look), keyOf(look)])).values()];
      try {
        const batches = await mapBounded(inBatches(names), BATCHES_AT_ONCE, async (keys) =>
          found(keys, signal),
        );
        const decided = new Set(batches.flat());
        return looks.filter((look) => !decided.has(nameOf(look)));
      } catch (cause) {
        if (cause instanceof Fault) throw cause;
        const reason = reasonOf(cause).slice(0, 120);
        throw new Fault('upstream.unavailable', { upstream: 'dynamodb', reason }, { cause });
      }
    },
  };
}

const nameOf = ({ mint, pool, look }: LookName): string => `${mint}/${lookKey(pool, look)}`;

const keyOf = ({ mint, pool, look }: LookName): Record<string, AttributeValue> => ({
  [DECISIONS.partitionKey]: { S: mint },
  [DECISIONS.sortKey]: { S: lookKey(pool, look) },
});

const inBatches = <Item>(items: readonly Item[]): Item[][] =>
  Array.from({ length: Math.ceil(items.length / MAX_KEYS) }, (_, index) =>
    items.slice(index * MAX_KEYS, (index + 1) * MAX_KEYS),
  );
