import { factsOf } from '#shared/domain/evidence.ts';
import { solOfLamports } from '#shared/domain/units.ts';
import { STABLE_MINTS, WRAPPED_SOL } from '#shared/domain/venue.ts';
import { between, type Factor, notKnown, quality } from '../factor.ts';

/** Depth of the pool on a logarithmic scale: 3 SOL or 450 dollars is the least, 100 SOL the best. */
export const liquidity: Factor = {
  id: 'liquidity',
  run({ checks, opening }) {
    const facts = factsOf(checks.liquidity.finding);
    if (facts === undefined) return notKnown('pool unknown');
    const { quoteReserve } = facts;
    if (opening.quoteMint === WRAPPED_SOL) {
      const sol = solOfLamports(quoteReserve);
      return quality(depth(sol, 3, 100), `${sol.toFixed(2)} SOL in the pool`);
    }
    if (STABLE_MINTS.has(opening.quoteMint)) {
      const dollars = Number(quoteReserve) / 1e6;
      return quality(depth(dollars, 450, 15_000), `${dollars.toFixed(0)} dollars in the pool`);
    }
    return notKnown('depth in a foreign quote');
  },
};

const depth = (amount: number, worst: number, best: number): number =>
  between(Math.log(1 + amount), Math.log(1 + worst), Math.log(1 + best));
