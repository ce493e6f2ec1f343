import type { Random } from '../random.ts';
import type { ArchetypeName } from './archetype.ts';
import type { Indexing } from './make-recipe.ts';
import type { IndexDelays, Standing } from './token-recipe.ts';

/** Archetypes that people trade although, or because, they do not know better. */
const POPULAR: ReadonlySet<ArchetypeName> = new Set([
  'sound',
  'metadata-slow',
  'not-indexed-yet',
  'metadata-missing',
  'metadata-hostile',
  'creator-heavy',
  'rug-history',
  'suspicious',
]);

export function standingOf(archetype: ArchetypeName, random: Random): Standing {
  const isRepeater = archetype === 'rug-history';
  const devMints = isRepeater ? random.int(30, 400) : 1 + Math.floor(random.exponential(0.5));
  return {
    suspicious: archetype === 'suspicious',
    rugged: archetype === 'pulled-liquidity' && random.chance(0.7),
    rugHistory: isRepeater,
    devMints,
    devMigrations: isRepeater ? 0 : random.int(0, Math.min(devMints, 2)),
    dexProfile: random.chance(0.25),
    buyersPerMinute: POPULAR.has(archetype) ? random.logNormal(60, 0.5) : random.logNormal(15, 0.9),
    sellsPerTenBuys: POPULAR.has(archetype) ? random.between(2.5, 5) : random.between(0.5, 9),
  };
}

/** [shortest, longest] in milliseconds. */
const DELAYS: Record<Exclude<Indexing, 'instant'>, Record<keyof IndexDelays, [number, number]>> = {
  fast: {
    largestAccounts: [0, 0],
    jupiter: [0, 1_500],
    rugcheck: [0, 800],
    dexscreener: [2_000, 10_000],
  },
  // Published: Jupiter's list and DexScreener lag by many seconds, nodes' indexes by two at most.
  real: {
    largestAccounts: [0, 2_000],
    jupiter: [5_000, 30_000],
    rugcheck: [0, 3_000],
    dexscreener: [30_000, 60_000],
  },
};

export function indexDelays(
  archetype: ArchetypeName,
  indexing: Indexing,
  random: Random,
): IndexDelays {
  if (archetype === 'not-indexed-yet') {
    const largestAccounts = random.int(3_000, 8_000);
    const later = () => largestAccounts + random.int(500, 4_000);
    return { largestAccounts, jupiter: later(), rugcheck: later(), dexscreener: later() };
  }
  if (indexing === 'instant') {
    return { largestAccounts: 0, jupiter: 0, rugcheck: 0, dexscreener: 0 };
  }
  const range = DELAYS[indexing];
  const draw = ([low, high]: [number, number]) => random.int(low, high);
  return {
    // Only one node answer in twenty lags.
    largestAccounts: random.chance(0.05) ? draw(range.largestAccounts) : 0,
    jupiter: draw(range.jupiter),
    rugcheck: draw(range.rugcheck),
    dexscreener: draw(range.dexscreener),
  };
}
