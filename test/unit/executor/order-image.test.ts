import * as z from 'zod';
import { describe, expect, it } from 'vitest';

import { orderImageSchema } from '#functions/executor/order-image.ts';
import { tradePlanSchema } from '#shared/domain/decision.ts';
import { testOrder } from '../../support/trades.ts';

const order = testOrder(1);
const { opening, ...rest } = order;
const image = {
  ...rest,
  ...opening,
  verdict: 'BUY',
  plan: z.encode(tradePlanSchema, order.plan),
  score: 71.5,
  evidence: { anything: true },
};

describe('a row of the decisions table', () => {
  it('is read as an order, amounts to the lamport, other attributes left out', () => {
    expect(orderImageSchema.parse(image)).toEqual(order);
  });

  it.each([
    ['says something else than BUY', { verdict: 'SKIP' }],
    ['has no plan', { plan: null }],
    ['has a stake that is a number', { plan: { ...image.plan, stakeLamports: 1 } }],
    ['has a mint that is no address', { mint: 'x' }],
    ['has no time', { decidedAt: undefined }],
    ['is of an unknown venue', { venue: 'nowhere' }],
  ])('that %s is no order', (_what, over) => {
    expect(orderImageSchema.safeParse({ ...image, ...over }).success).toBe(false);
  });
});
