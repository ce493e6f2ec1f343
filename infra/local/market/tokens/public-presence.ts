import type { Random } from '../random.ts';
import type { ArchetypeName } from './archetype.ts';
import type { Trick } from './hostile-metadata.ts';
import { arweaveId, contentId, handleOf, tokenName } from './names.ts';
import type { HostedMetadata, TokenRecipe, XAccount } from './token-recipe.ts';

/** 2026, about: accounts on X are at most so many years old. */
const NEWEST_ACCOUNT = 1_790_000_000;
const YEAR_SECONDS = 31_557_600;

type Presence = Pick<TokenRecipe, 'text' | 'hosted' | 'xAccount' | 'links'>;

/** Name, URI, what lies behind it, and the people's accounts that it points to. */
export function publicPresence(
  archetype: ArchetypeName,
  trick: Trick | undefined,
  random: Random,
): Presence {
  const { name, symbol } = tokenName(random);
  const uri = random.chance(0.85) ? `ipfs://${contentId(random)}` : `ar://${arweaveId(random)}`;
  const handle = handleOf(name, random);
  // Presence says little: traps have nearly as often an account as sound tokens do.
  const hasX = random.chance(0.7);
  const twitter = random.chance(0.75)
    ? `https://x.com/${handle}`
    : `https://x.com/${random.pick(['elonmusk', 'Polymarket', 'solana'])}/status/${random.int(1e9, 2e9)}123456789`;
  const links = {
    ...(hasX ? { twitter } : {}),
    ...(random.chance(0.5) ? { telegram: `https://t.me/${handle}` } : {}),
    ...(random.chance(0.45) ? { website: `https://${handle.toLowerCase()}.fun` } : {}),
  };
  const value = {
    name,
    symbol,
    description: `${name} is the first ${symbol} on Solana.`,
    image: `https://ipfs.io/ipfs/${contentId(random)}`,
    showName: true,
    createdOn: 'https://pump.fun',
    ...links,
  };
  const delayMs = archetype === 'metadata-slow' ? random.int(3_000, 9_000) : 0;
  const hosted: HostedMetadata = trick?.hosted ?? { kind: 'json', value, delayMs };
  return {
    text: {
      name: trick?.tokenName ?? name,
      symbol: trick?.symbol ?? symbol,
      uri: trick?.uri ?? uri,
    },
    hosted,
    links: trick === undefined ? links : {},
    xAccount: hasX && twitter.endsWith(handle) ? xAccount(handle, random) : null,
  };
}

/** Null for a handle that nobody has. */
function xAccount(handle: string, random: Random): XAccount | null {
  if (random.chance(0.12)) return null;
  return {
    handle,
    followers: Math.floor(random.logNormal(180, 1.8)),
    createdAt: NEWEST_ACCOUNT - Math.floor(random.exponential(1.2) * YEAR_SECONDS),
    verified: random.chance(0.1),
    suspended: random.chance(0.03),
  };
}
