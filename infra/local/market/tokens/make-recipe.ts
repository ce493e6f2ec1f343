import type { Address } from '#shared/domain/address.ts';
import { TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from '../chain/program-ids.ts';
import type { Random } from '../random.ts';
import { CURVE, soldAt } from '../venues/pump-fun-accounts.ts';
import type { VenueOpening } from '../venues/venue-opening.ts';
import { ARCHETYPES, type ArchetypeName } from './archetype.ts';
import { hostileTrick } from './hostile-metadata.ts';
import type { MintExtension } from './mint-extension.ts';
import { publicPresence } from './public-presence.ts';
import { shareOf, splitAmount } from './split-supply.ts';
import { indexDelays, standingOf } from './standing.ts';
import type { Holder, TokenRecipe } from './token-recipe.ts';

const SOL = 1_000_000_000;
const SUPPLY = CURVE.supply;

/** How soon indexes know a token: at once, within seconds (for demos), or as late as the real ones. */
export type Indexing = 'instant' | 'fast' | 'real';

/** Everything about one token, from its own source of chance. */
export function makeRecipe(
  archetype: ArchetypeName,
  opening: VenueOpening,
  random: Random,
  indexing: Indexing,
): TokenRecipe {
  const isToken2022 =
    opening.accepts === 'token-2022' ||
    (opening.accepts === 'both' && is2022Needed(archetype, random));
  const mint = random.address();
  const creator = random.address();
  const villain = random.address();
  const trick = archetype === 'metadata-hostile' ? hostileTrick(random) : undefined;
  const presence = publicPresence(archetype, trick, random);
  const hasMetadata = archetype !== 'metadata-missing';
  const onChainMetadata = !hasMetadata ? 'none' : isToken2022 ? 'mint' : 'metaplex';
  return {
    archetype,
    opening,
    mint,
    tokenProgram: isToken2022 ? TOKEN_2022_PROGRAM : TOKEN_PROGRAM,
    decimals: 6,
    supply: SUPPLY,
    creator,
    creatorAccount: random.address(),
    mintAuthority: archetype === 'mintable' ? villain : null,
    freezeAuthority: archetype === 'freezable' || archetype === 'default-frozen' ? villain : null,
    extensions: [
      ...extensionsOf(archetype, villain, random),
      ...(onChainMetadata === 'mint' ? [{ type: 'metadataPointer' as const, address: mint }] : []),
    ],
    onChainMetadata,
    isMetadataMutable: random.chance(0.15),
    ...supplyOf(archetype, opening, random),
    isLiquidityBurnt: ARCHETYPES[archetype].trap ? random.chance(0.5) : true,
    ...presence,
    standing: standingOf(archetype, random),
    indexDelays: indexDelays(archetype, indexing, random),
  };
}

/** Archetypes that only Token-2022 makes possible. */
const TOKEN_2022_ARCHETYPES: ReadonlySet<ArchetypeName> = new Set([
  'transfer-fee',
  'fee-raisable',
  'hook',
  'permanent-delegate',
  'default-frozen',
  'non-transferable',
  'pausable',
  'mint-close',
]);

/** Whether the opening can hold such a token: extensions need Token-2022, nobody can empty a curve. */
export const suits = (archetype: ArchetypeName, opening: VenueOpening): boolean =>
  TOKEN_2022_ARCHETYPES.has(archetype)
    ? opening.accepts !== 'spl-token'
    : archetype !== 'pulled-liquidity' || opening.pricing !== 'pump-curve';

const is2022Needed = (archetype: ArchetypeName, random: Random): boolean =>
  TOKEN_2022_ARCHETYPES.has(archetype) || random.chance(0.3);

function extensionsOf(
  archetype: ArchetypeName,
  villain: Address,
  random: Random,
): readonly MintExtension[] {
  const maxFee = 18_446_744_073_709_551_615n;
  switch (archetype) {
    case 'transfer-fee': {
      const feeBps = random.pick([100, 300, 500, 1_000, 1_000, 2_500]);
      const authority = random.chance(0.5) ? villain : null;
      return [{ type: 'transferFee', feeBps, maxFee, authority }];
    }
    case 'fee-raisable':
      return [{ type: 'transferFee', feeBps: 0, maxFee, authority: villain }];
    case 'hook': {
      const programId = random.chance(0.5) ? random.address() : null;
      return [{ type: 'transferHook', authority: villain, programId }];
    }
    case 'permanent-delegate':
      return [{ type: 'permanentDelegate', delegate: villain }];
    case 'default-frozen':
      return [{ type: 'defaultFrozen' }];
    case 'non-transferable':
      return [{ type: 'nonTransferable' }];
    case 'pausable':
      return [{ type: 'pausable', authority: villain }];
    case 'mint-close':
      return [{ type: 'mintClose', authority: villain }];
    default:
      return [];
  }
}

type Supply = Pick<
  TokenRecipe,
  'creatorAmount' | 'holders' | 'bundle' | 'poolAmount' | 'poolLamports'
>;

/** Who holds what, and what is in the pool, when people first look at the token. */
function supplyOf(archetype: ArchetypeName, opening: VenueOpening, random: Random): Supply {
  const poolLamports = BigInt(Math.floor(poolSol(archetype, opening, random) * SOL));
  const poolAmount = poolAmountOf(archetype, opening, poolLamports, random);
  const free = SUPPLY - poolAmount;
  const wanted = shareOf(SUPPLY, creatorShare(archetype, random));
  const most = archetype === 'creator-heavy' ? free : free / 3n;
  const creatorAmount = wanted < most ? wanted : most;
  const bundleTotal = archetype === 'bundled' ? shareOf(SUPPLY, random.between(0.42, 0.5)) : 0n;
  const whale = archetype === 'concentrated' ? shareOf(SUPPLY, random.between(0.38, 0.42)) : 0n;
  const rest = free - creatorAmount - bundleTotal - whale;
  // The more of the supply is out, the more people have it: ten of them never have half of it.
  const people = Math.round((Number(rest) / Number(SUPPLY)) * random.between(45, 60));
  const crowd = Math.min(38, Math.max(random.int(10, 14), people));
  const holdersOf = (amounts: readonly bigint[]): Holder[] =>
    amounts.map((amount) => ({ owner: random.address(), account: random.address(), amount }));
  const spread = { sigma: 0.45, maxShare: 0.12 };
  return {
    poolAmount,
    poolLamports,
    creatorAmount,
    holders: holdersOf([
      ...(whale > 0n ? [whale] : []),
      ...splitAmount(rest > 0n ? rest : 0n, crowd, random, spread),
    ]),
    // Wallets of one hand buy alike.
    bundle: holdersOf(splitAmount(bundleTotal, 14, random, { sigma: 0.02, maxShare: 1 })),
  };
}

function poolSol(archetype: ArchetypeName, opening: VenueOpening, random: Random): number {
  if (archetype === 'pulled-liquidity') return random.between(0.01, 0.3);
  if (archetype === 'thin-liquidity') return random.between(0.8, 4);
  if (archetype === 'bundled' || archetype === 'concentrated') return random.between(48, 70);
  if (opening.pricing === 'pump-curve') return random.between(9, 45);
  if (opening.event === 'migration') return random.between(78, 85);
  return Math.min(400, random.logNormal(60, 0.7) + 8);
}

function poolAmountOf(
  archetype: ArchetypeName,
  opening: VenueOpening,
  poolLamports: bigint,
  random: Random,
): bigint {
  if (opening.pricing === 'pump-curve') return SUPPLY - soldAt(poolLamports);
  if (opening.event === 'migration') return CURVE.graduatedTokens;
  if (archetype === 'bundled' || archetype === 'concentrated' || archetype === 'creator-heavy') {
    return shareOf(SUPPLY, random.between(0.3, 0.38));
  }
  return shareOf(SUPPLY, random.between(0.62, 0.88));
}

function creatorShare(archetype: ArchetypeName, random: Random): number {
  if (archetype === 'creator-heavy') return random.between(0.105, 0.2);
  return random.chance(0.3) ? 0 : random.between(0.001, 0.025);
}
