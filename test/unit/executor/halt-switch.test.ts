import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';

import { dynamoHaltSwitch } from '#shared/adapters/aws/dynamo-halt-switch.ts';

const { signal } = new AbortController();
const switchOver = (send: () => Promise<unknown>) =>
  dynamoHaltSwitch({ send } as unknown as DynamoDBClient, 'state');
const running = {
  id: { S: 'halt' },
  buys: { S: 'running' },
  exits: { S: 'running' },
  changedAt: { N: '1795608000000' },
  by: { S: 'ada@host' },
};

describe('the halt switch', () => {
  it('reads as it was set', async () => {
    expect(await switchOver(async () => ({ Item: running })).read(signal)).toEqual({
      buys: 'running',
      exits: 'running',
      changedAt: 1_795_608_000_000,
      by: 'ada@host',
    });
  });

  it.each([
    ['is missing', async () => ({}), 'never set'],
    ['lacks an attribute', async () => ({ Item: { id: { S: 'halt' } } }), 'understood'],
    [
      'says something unknown',
      async () => ({ Item: { ...running, buys: { S: 'maybe' } } }),
      'understood',
    ],
    [
      'cannot be read',
      async () => {
        throw new Error('timed out');
      },
      'timed out',
    ],
  ])('reads as halted when it %s', async (_when, send, why) => {
    expect(await switchOver(send).read(signal)).toEqual({
      buys: 'halted',
      exits: 'halted',
      changedAt: 0,
      by: expect.stringContaining(why) as unknown,
    });
  });

  it('does not pretend to be set when the write failed', async () => {
    const failing = switchOver(async () => {
      throw new Error('timed out');
    });
    const state = { buys: 'halted', exits: 'running', changedAt: 1, by: 'ada' } as const;
    await expect(failing.set(state, signal)).rejects.toMatchObject({ code: 'ledger.unavailable' });
  });
});
