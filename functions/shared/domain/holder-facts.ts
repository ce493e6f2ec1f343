import type { PoolOpening } from './detection.ts';
import type { FactsOf } from './evidence.ts';
import { type BasisPoints, shareBps } from './units.ts';
import { BURN_OWNERS, CUSTODY_OWNERS } from './venue.ts';

/** One of the largest token accounts of a mint. Base units. */
export type Holding = {
  readonly owner: string;
  /** Null when the source names owners only. */
  readonly tokenAccount: string | null;
  readonly amount: bigint;
};

const burnOwners: ReadonlySet<string> = BURN_OWNERS;
const custodyOwners: ReadonlySet<string> = CUSTODY_OWNERS;

/**
 * Facts on the people behind the largest accounts. Pools, curves, vaults, lockers and burn addresses
 * are left out by OWNER; accounts of one owner are merged. With `firstBuyers` (owners who got tokens in
 * the pool's first slot), these count as one party among the ten largest. Undefined when the amounts exceed the
 * supply: the two came from different moments, and no share of them would be true.
 */
export function holderFacts(
  opening: Pick<PoolOpening, 'pool' | 'baseVault' | 'creator'>,
  supply: bigint,
  holdings: readonly Holding[],
  firstBuyers?: ReadonlySet<string>,
): FactsOf<'holders'> | undefined {
  const listed = holdings.reduce((sum, { amount }) => sum + amount, 0n);
  if (listed > supply) return undefined;

  const inPool = ({ owner, tokenAccount }: Holding): boolean =>
    owner === opening.pool ||
    custodyOwners.has(owner) ||
    (tokenAccount !== null && tokenAccount === opening.baseVault);
  const pooled = sumOf(holdings.filter(inPool));
  const outside = holdings.filter((holding) => !inPool(holding));
  const burnt = sumOf(outside.filter(({ owner }) => burnOwners.has(owner)));
  const people = mergeByOwner(outside.filter(({ owner }) => !burnOwners.has(owner)));
  const circulating = supply - pooled - burnt;
  return {
    supply,
    circulating,
    top1Bps: shareBps(people[0]?.amount ?? 0n, supply),
    top10Bps: shareBps(sumOf(asParties(people, firstBuyers).slice(0, 10)), supply),
    creatorBps:
      opening.creator === null
        ? null
        : shareBps(sumOf(people.filter(({ owner }) => owner === opening.creator)), supply),
    pooledBps: shareBps(pooled, supply),
    concentrationIndex: herfindahlIndex(people, circulating),
    listed: Math.min(20, people.length),
    bundleBps:
      firstBuyers === undefined
        ? null
        : shareBps(sumOf(people.filter(({ owner }) => firstBuyers.has(owner))), supply),
  };
}

const sumOf = (holdings: readonly { readonly amount: bigint }[]): bigint =>
  holdings.reduce((sum, { amount }) => sum + amount, 0n);

type Share = Pick<Holding, 'owner' | 'amount'>;

/** Whoever bought in the first slot knew of it beforehand: counted as one party, whatever the wallets. */
const asParties = (
  people: readonly Share[],
  firstBuyers: ReadonlySet<string> = new Set(),
): Share[] =>
  mergeByOwner(
    people.map(({ owner, amount }) => ({
      owner: firstBuyers.has(owner) ? 'the first slot' : owner,
      amount,
    })),
  );

/** Largest first. */
function mergeByOwner(holdings: readonly Share[]): Share[] {
  const byOwner = new Map<string, bigint>();
  for (const { owner, amount } of holdings) byOwner.set(owner, (byOwner.get(owner) ?? 0n) + amount);
  return [...byOwner]
    .map(([owner, amount]) => ({ owner, amount }))
    .sort((a, b) => (a.amount < b.amount ? 1 : a.amount > b.amount ? -1 : 0));
}

/** Sum of the squared shares of `whole`, in basis points: 10_000 is one holder of everything. */
function herfindahlIndex(people: readonly { amount: bigint }[], whole: bigint): BasisPoints {
  if (whole <= 0n) return 0;
  const squares = people.reduce((sum, { amount }) => sum + amount * amount, 0n);
  return shareBps(squares, whole * whole);
}
