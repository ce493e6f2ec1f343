import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';

import { Fault } from '../../domain/fault.ts';
import { TRADES } from '../../domain/table-keys.ts';
import { type Trade, tradeSchema } from '../../domain/trade.ts';

export type Item = Record<string, AttributeValue>;

/** A trade as a row: its JSON form, so that the console shows it as it is. */
export const itemOfTrade = (trade: Trade): Item =>
  marshall(z.encode(tradeSchema, trade), { removeUndefinedValues: true });

/** @throws {Fault} `ledger.malformed` when the row is no trade. */
export function tradeOfItem(item: Item): Trade {
  const parsed = tradeSchema.safeParse(unmarshall(item));
  if (parsed.success) return parsed.data;
  throw new Fault('ledger.malformed', {
    key: item[TRADES.partitionKey]?.S ?? '',
    issues: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
  });
}
