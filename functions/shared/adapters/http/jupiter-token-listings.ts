import * as z from 'zod';

import { absent, known } from '../../domain/evidence.ts';
import type { TokenListing, TokenListings } from '../../ports/token-listings.ts';
import { bodyOf } from './answer.ts';
import type { JsonClient } from './json-client.ts';

const count = z.number().int().nonnegative().nullish();
const link = z.string().nullish();

/** The part of an item that we use. Optional fields may be missing or null. */
const itemSchema = z.object({
  id: z.string(),
  twitter: link,
  telegram: link,
  website: link,
  holderCount: count,
  liquidity: z.number().nonnegative().nullish(),
  stats5m: z
    .object({
      numBuys: count,
      numSells: count,
      numTraders: count,
      numOrganicBuyers: count,
      numNetBuyers: z.number().int().nullish(),
    })
    .nullish(),
  audit: z
    .object({
      isSus: z.boolean().nullish(),
      devBalancePercentage: z.number().nullish(),
      devMints: count,
      devMigrations: count,
    })
    .nullish(),
  organicScore: z.number().min(0).max(100).nullish(),
});
const answerSchema = z.array(itemSchema).max(100);

/**
 * Jupiter Tokens v2, `GET /tokens/v2/search?query=<mint>`; an empty array is an unknown token.
 * A score of 0 is what every young token has: it is not known, rather than bad.
 */
export function jupiterTokenListings(client: JsonClient): TokenListings {
  return {
    async find(mint, signal) {
      const answer = await client.request({
        path: '/tokens/v2/search',
        query: { query: mint },
        idempotent: true,
        signal,
      });
      const item = bodyOf(client.upstream, answerSchema, answer).find(({ id }) => id === mint);
      return item === undefined ? absent('not listed by Jupiter yet') : known(listingOf(item));
    },
  };
}

function listingOf(item: z.infer<typeof itemSchema>): TokenListing {
  const { stats5m, audit } = item;
  const devBalance = audit?.devBalancePercentage;
  return {
    trading: {
      organicScore: item.organicScore ? item.organicScore : null,
      holderCount: item.holderCount ?? null,
      buys: stats5m?.numBuys ?? null,
      sells: stats5m?.numSells ?? null,
      traders: stats5m?.numTraders ?? null,
      organicBuyers: stats5m?.numOrganicBuyers ?? null,
      netBuyers: stats5m?.numNetBuyers ?? null,
      // The flag only stands there when it is raised.
      suspicious: audit ? audit.isSus === true : null,
      devBalanceBps:
        devBalance === undefined || devBalance === null
          ? null
          : Math.min(10_000, Math.max(0, Math.ceil(devBalance * 100))),
      devMints: audit?.devMints ?? null,
      devMigrations: audit?.devMigrations ?? null,
      liquidityUsd: item.liquidity ?? null,
    },
    links: {
      twitter: item.twitter ?? null,
      telegram: item.telegram ?? null,
      website: item.website ?? null,
    },
  };
}
