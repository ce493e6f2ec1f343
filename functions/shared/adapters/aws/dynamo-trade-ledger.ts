import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

import { Fault } from '../../domain/fault.ts';
import { TRADES } from '../../domain/table-keys.ts';
import { type BreakerLimits, withResult } from '../../domain/results.ts';
import { balanceChange, mayMove } from '../../domain/trade.ts';
import type { ClaimRefusal, TradeLedger } from '../../ports/trade-ledger.ts';
import { readOccupying, readResults } from './dynamo-trade-books.ts';
import { transact, unavailable } from './dynamo-transact.ts';
import { tradeOfItem } from './trade-item.ts';
import { claimWrites, moveWrites, resultsWrite } from './trade-writes.ts';

export type DynamoTradeLedgerOptions = {
  readonly client: DynamoDBClient;
  readonly tradesTable: string;
  /** Holds the halt switch that each claim checks. */
  readonly stateTable: string;
  /** When losses stop buys: kept with each trade that is closed. Left out where none ever is. */
  readonly breakers?: BreakerLimits;
};

/** Closings that may come between reading the results and writing them. */
const MAX_ROUNDS = 12;

/** The trades table. Rows are the trade's JSON form; the books are items beside them. */
export function dynamoTradeLedger(options: DynamoTradeLedgerOptions): TradeLedger {
  const { client, tradesTable } = options;

  const find: TradeLedger['find'] = async (mint, signal) => {
    const command = new GetItemCommand({
      TableName: tradesTable,
      Key: { [TRADES.partitionKey]: { S: mint } },
      ConsistentRead: true,
    });
    const { Item } = await client.send(command, { abortSignal: signal }).catch((error: unknown) => {
      throw unavailable(error);
    });
    return Item === undefined ? undefined : tradeOfItem(Item);
  };

  return {
    find,
    occupying: async (signal) => readOccupying(client, tradesTable, signal),
    results: async (signal) => readResults(client, tradesTable, signal),

    async claim(intent, limits, signal) {
      // DynamoDB compares with what is already spent: a claim larger than the whole never fits.
      const roomLamports = limits.dailySpendLamports - intent.plan.stakeLamports;
      if (roomLamports < 0n) return { outcome: 'refused', reason: 'budget' };
      if (limits.maxOpenPositions < 1) return { outcome: 'refused', reason: 'positions' };
      const result = await transact(
        client,
        claimWrites(options, intent, { ...limits, roomLamports }),
        signal,
      );
      if (result.kind === 'written') return { outcome: 'claimed', trade: intent };
      // In the order of claimWrites. A mint that is taken is taken, whatever else is wrong.
      const [taken, ...others] = result.failedConditions;
      if (!taken) {
        const reason = REFUSALS.find((_, index) => others[index] === true) ?? 'halted';
        return { outcome: 'refused', reason };
      }
      const trade = await find(intent.mint, signal);
      if (trade !== undefined) return { outcome: 'duplicate', trade };
      throw new Fault('ledger.inconsistent', { key: intent.mint, reason: 'taken, but not there' });
    },

    async move(from, to, signal) {
      const { mint } = from;
      if (!mayMove(from.state, to.state) || to.mint !== mint) {
        throw new Fault('trade.illegal', { mint, from: from.state, to: to.state });
      }
      const moved = { ...to, version: from.version + 1 };
      for (let round = 1; round <= MAX_ROUNDS; round += 1) {
        const writes = moveWrites(tradesTable, from, moved);
        // What a trade came to counts in the transaction that closes it: once, and never forgotten.
        if (moved.state === 'CLOSED') {
          if (options.breakers === undefined) {
            throw new Fault('config.invalid', { issues: ['a trade is closed without breakers'] });
          }
          const before = await readResults(client, tradesTable, signal);
          const profit = balanceChange(moved);
          const after = withResult(before, profit, options.breakers, moved.updatedAt);
          writes.push(resultsWrite(tradesTable, after));
        }
        const result = await transact(client, writes, signal);
        if (result.kind === 'written') return { outcome: 'moved', trade: moved };
        const [superseded] = result.failedConditions;
        if (superseded) return { outcome: 'superseded' };
        const outdated = moved.state === 'CLOSED' && result.failedConditions.at(-1) === true;
        if (!outdated) break;
      }
      throw new Fault('ledger.inconsistent', {
        key: mint,
        reason: `the books lack what ${to.state} gives back`,
      });
    },
  };
}

/** In the order of claimWrites, after the mint's own condition. */
const REFUSALS = ['budget', 'positions', 'halted', 'breaker'] as const satisfies ClaimRefusal[];
