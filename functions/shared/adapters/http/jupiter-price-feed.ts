import * as z from 'zod';

import type { Address } from '../../domain/address.ts';
import { WRAPPED_SOL } from '../../domain/venue.ts';
import type { PriceFeed, TokenPrice } from '../../ports/price-feed.ts';
import type { JsonClient } from './json-client.ts';

/** Most ids of one request. Source: Jupiter, Price API v3. One of them is SOL itself. */
const MAX_IDS = 50;

const entrySchema = z.object({
  usdPrice: z.number().positive(),
  decimals: z.number().int().min(0).max(30),
  liquidity: z.number().nonnegative().nullish(),
});
const answerSchema = z.record(z.string(), z.unknown());

/** Jupiter's Price v3, in lamports. What cannot be understood of one mint leaves that one out. */
export const jupiterPriceFeed = (client: JsonClient): PriceFeed => ({
  async prices(mints, signal) {
    const size = MAX_IDS - 1;
    const groups = Array.from({ length: Math.ceil(mints.length / size) }, (_, index) =>
      mints.slice(index * size, (index + 1) * size),
    );
    const answers = await Promise.all(groups.map(async (group) => ask(client, group, signal)));
    return new Map(answers.flat());
  },
});

async function ask(
  client: JsonClient,
  mints: readonly Address[],
  signal: AbortSignal,
): Promise<(readonly [Address, TokenPrice])[]> {
  let body: unknown;
  try {
    const query = { ids: [WRAPPED_SOL, ...mints].join(',') };
    const answer = await client.request({ path: '/price/v3', query, idempotent: true, signal });
    if (answer.status !== 200) return [];
    body = answer.body;
  } catch {
    // No prices now: the port says so, and the next look comes in seconds.
    return [];
  }
  const parsed = answerSchema.safeParse(body);
  const entries = parsed.success ? parsed.data : {};
  const sol = entrySchema.safeParse(entries[WRAPPED_SOL]);
  if (!sol.success) return [];
  const lamportUsd = sol.data.usdPrice / 10 ** sol.data.decimals;
  return mints.flatMap((mint) => {
    const entry = entrySchema.safeParse(entries[mint]);
    if (!entry.success) return [];
    const { usdPrice, decimals, liquidity } = entry.data;
    const lamportsPerUnit = usdPrice / 10 ** decimals / lamportUsd;
    return [[mint, { lamportsPerUnit, liquidityUsd: liquidity ?? undefined }] as const];
  });
}
