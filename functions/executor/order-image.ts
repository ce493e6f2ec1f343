import * as z from 'zod';

import { tradeOrderSchema } from '#shared/domain/decision.ts';

/** A row of the decisions table that says BUY, as the order that it is. Other attributes stay out. */
export const orderImageSchema = z
  .object({ verdict: z.literal('BUY') })
  .extend(tradeOrderSchema.omit({ opening: true }).shape)
  .extend(tradeOrderSchema.shape.opening.shape)
  .transform(({ verdict: _buy, pool, venue, quoteMint, ...order }) => ({
    ...order,
    opening: { pool, venue, quoteMint },
  }));
