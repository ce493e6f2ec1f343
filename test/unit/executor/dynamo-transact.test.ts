import {
  type DynamoDBClient,
  type TransactWriteItemsCommand,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';

import { transact } from '#shared/adapters/aws/dynamo-transact.ts';

const { signal } = new AbortController();
const items = [{}, {}, {}];

const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({
    $metadata: {},
    message: 'cancelled',
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

/** A client that fails with each error in turn and then succeeds. */
function failing(...errors: Error[]) {
  const tokens: (string | undefined)[] = [];
  const client = {
    send: async ({ input }: TransactWriteItemsCommand) => {
      tokens.push(input.ClientRequestToken);
      const error = errors[tokens.length - 1];
      if (error !== undefined) throw error;
      return {};
    },
  };
  return { client: client as unknown as DynamoDBClient, tokens };
}

describe('a transaction', () => {
  it('is written', async () => {
    const { client, tokens } = failing();
    expect(await transact(client, items, signal)).toEqual({ kind: 'written' });
    expect(tokens).toHaveLength(1);
  });

  it('is tried again with the same token on conflicts and throttles', async () => {
    const { client, tokens } = failing(
      cancelled('None', 'TransactionConflict', 'None'),
      cancelled('ThrottlingError', 'None', 'None'),
      cancelled('None', 'None', 'ProvisionedThroughputExceeded'),
    );
    expect(await transact(client, items, signal)).toEqual({ kind: 'written' });
    expect(tokens).toHaveLength(4);
    expect(new Set(tokens).size).toBe(1);
  });

  it('has another token for each call', async () => {
    const { client, tokens } = failing();
    await transact(client, items, signal);
    await transact(client, items, signal);
    expect(new Set(tokens).size).toBe(2);
  });

  it('says which conditions failed, and is not tried again', async () => {
    const { client, tokens } = failing(cancelled('None', 'ConditionalCheckFailed', 'None'));
    expect(await transact(client, items, signal)).toEqual({
      kind: 'refused',
      failedConditions: [false, true, false],
    });
    expect(tokens).toHaveLength(1);
  });

  it('is refused when a condition failed beside a conflict', async () => {
    const { client } = failing(cancelled('ConditionalCheckFailed', 'TransactionConflict', 'None'));
    expect(await transact(client, items, signal)).toMatchObject({ kind: 'refused' });
  });

  it.each([
    ['an invalid request', cancelled('ValidationError', 'None', 'None')],
    ['a lost connection', new Error('socket hang up')],
  ])('fails at once on %s', async (_what, error) => {
    const { client, tokens } = failing(error);
    await expect(transact(client, items, signal)).rejects.toMatchObject({
      code: 'ledger.unavailable',
      cause: error,
    });
    expect(tokens).toHaveLength(1);
  });

  it('gives up conflicts when time is up', async () => {
    const controller = new AbortController();
    const conflict = cancelled('TransactionConflict');
    const client = {
      send: async () => {
        controller.abort();
        throw conflict;
      },
    };
    await expect(
      transact(client as unknown as DynamoDBClient, items, controller.signal),
    ).rejects.toMatchObject({ code: 'ledger.unavailable' });
  });
});
