import * as z from 'zod';

import { absent, known } from '../../domain/evidence.ts';
import type { DexProfiles } from '../../ports/dex-profiles.ts';
import { bodyOf } from './answer.ts';
import type { JsonClient } from './json-client.ts';

const urlEntry = z.object({ url: z.string(), type: z.string().nullish() });
const pairSchema = z.object({
  baseToken: z.object({ address: z.string() }).nullish(),
  info: z
    .object({ websites: z.array(urlEntry).nullish(), socials: z.array(urlEntry).nullish() })
    .nullish(),
  boosts: z.object({ active: z.number().int().nonnegative().nullish() }).nullish(),
});
/** An unknown token has an empty array, or null. */
const answerSchema = z.array(pairSchema).nullable();

/** DexScreener, `GET /token-pairs/v1/solana/{mint}`. */
export function dexscreenerProfiles(client: JsonClient): DexProfiles {
  return {
    async find(mint, signal) {
      const answer = await client.request({
        path: `/token-pairs/v1/solana/${mint}`,
        idempotent: true,
        signal,
      });
      // Somebody may pair another token with this one: what stands there is the other one's profile.
      const pairs = (bodyOf(client.upstream, answerSchema, answer) ?? []).filter(
        ({ baseToken }) => !baseToken || baseToken.address === mint,
      );
      if (pairs.length === 0) return absent('not indexed by DexScreener yet');
      const socials = pairs.flatMap(({ info }) => info?.socials ?? []);
      const websites = pairs.flatMap(({ info }) => info?.websites ?? []);
      const social = (type: string) => socials.find((entry) => entry.type === type)?.url ?? null;
      return known({
        hasProfile: pairs.some(({ info }) => info !== undefined && info !== null),
        boosts: Math.max(0, ...pairs.map(({ boosts }) => boosts?.active ?? 0)),
        links: {
          twitter: social('twitter'),
          telegram: social('telegram'),
          website: websites[0]?.url ?? null,
        },
      });
    },
  };
}
