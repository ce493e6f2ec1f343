import * as z from 'zod';

import { reasonOf } from '../../domain/fault.ts';
import type { OrderExecutor } from '../../ports/order-executor.ts';
import type { JsonClient } from './json-client.ts';

const answerSchema = z.object({
  status: z.string().max(40).nullish(),
  code: z.number().nullish(),
  error: z.string().max(400).nullish(),
});

/**
 * Codes after which the same bytes are of no use to this router: order forgotten, transaction or
 * message not the order's, not fully signed, block height passed. Source: Jupiter, Swap v2, Execute.
 * All others, unknown ones included, may pass.
 */
const FINAL_CODES: ReadonlySet<number> = new Set([-1, -2, -3, -1_002, -1_003, -1_004]);

/** Jupiter's `POST /swap/v2/execute`. What it answers is never taken for the chain's word. */
export const jupiterOrderExecutor = (client: JsonClient): OrderExecutor => ({
  async execute({ transaction, requestId }, signal) {
    try {
      const { status, body } = await client.request({
        path: '/swap/v2/execute',
        body: { signedTransaction: transaction, requestId },
        idempotent: false,
        signal,
      });
      const parsed = answerSchema.safeParse(body);
      const { code, error } = parsed.success ? parsed.data : {};
      const reason = `${error ?? `HTTP ${status}`}${typeof code === 'number' ? ` (${code})` : ''}`;
      const isFinal = typeof code === 'number' && FINAL_CODES.has(code);
      return { kind: isFinal ? 'refused' : 'again', reason: reason.slice(0, 160) };
    } catch (error) {
      return { kind: 'again', reason: reasonOf(error) };
    }
  },
});
