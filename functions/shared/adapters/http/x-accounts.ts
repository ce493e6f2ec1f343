import * as z from 'zod';

import { cleanText } from '../../domain/clean-text.ts';
import { absent, known } from '../../domain/evidence.ts';
import type { XAccounts } from '../../ports/x-accounts.ts';
import { bodyOf } from './answer.ts';
import type { JsonClient } from './json-client.ts';

/** "Not found" and "suspended" come as HTTP 200 with `errors` and no `data`. */
const answerSchema = z.object({
  data: z
    .object({
      username: z.string().max(32),
      created_at: z.string(),
      verified: z.boolean().nullish(),
      public_metrics: z.object({ followers_count: z.number().int().nonnegative() }),
    })
    .optional(),
  errors: z.array(z.object({ title: z.string().optional() })).optional(),
});

/** X API v2, `GET /2/users/by/username/{handle}`. Each look-up is paid for. */
export function xAccounts(client: JsonClient): XAccounts {
  return {
    async find(handle, signal) {
      const answer = await client.request({
        path: `/2/users/by/username/${encodeURIComponent(handle)}`,
        query: { 'user.fields': 'created_at,public_metrics,verified' },
        idempotent: true,
        signal,
      });
      const { data, errors } = bodyOf(client.upstream, answerSchema, answer);
      if (data === undefined)
        return absent(`X: ${cleanText(errors?.[0]?.title ?? 'no such account', 80)}`);
      return known({
        handle: cleanText(data.username, 32),
        followers: data.public_metrics.followers_count,
        createdAt: Math.floor(Date.parse(data.created_at) / 1_000) || 0,
        verified: data.verified === true,
      });
    },
  };
}
