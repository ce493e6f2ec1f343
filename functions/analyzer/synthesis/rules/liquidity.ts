import { lamportsOfSol, solOfLamports } from '#shared/domain/units.ts';
import { STABLE_MINTS, WRAPPED_SOL } from '#shared/domain/venue.ts';
import { failed, passed, type Rule, unknown, whenKnown } from '../rule.ts';

/** USDC, USDT and USD1 have six decimals. */
const BASE_UNITS_PER_DOLLAR = 1_000_000n;

/** Source: balance of the pool's quote vault, or the real reserves of the curve. */
export const liquidity: Rule<'liquidity'> = {
  id: 'liquidity',
  sentence: 'There is too little in the pool to sell into, or it was already pulled.',
  run: (evidence, { min_quote_sol, min_quote_usd, min_curve_sol }) =>
    whenKnown(evidence.checks.liquidity.finding, ({ quoteReserve, pricing }) => {
      const { quoteMint } = evidence.opening;
      if (quoteMint === WRAPPED_SOL) {
        const minSol = pricing === 'curve' ? min_curve_sol : min_quote_sol;
        if (quoteReserve >= lamportsOfSol(minSol)) return passed;
        return failed(`${solOfLamports(quoteReserve)} SOL in the pool, limit ${minSol} SOL`);
      }
      if (STABLE_MINTS.has(quoteMint)) {
        const dollars = quoteReserve / BASE_UNITS_PER_DOLLAR;
        if (dollars >= BigInt(Math.ceil(min_quote_usd))) return passed;
        return failed(`${dollars} dollars in the pool, limit ${min_quote_usd}`);
      }
      return unknown(`the pool's quote ${quoteMint} has no limit of its own`);
    }),
};
