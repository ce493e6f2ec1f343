import { failed, passed, type Rule, unknown, whenKnown } from '../rule.ts';

/** Source: supply of the pool's liquidity token; venues without one have nothing to pull that way. */
export const liquidityLock: Rule<'liquidity-lock'> = {
  id: 'liquidity-lock',
  sentence: 'Whoever made the pool can take the liquidity out.',
  run: (evidence, { min_bps }) =>
    whenKnown(evidence.checks.liquidity.finding, ({ lockedLiquidityBps }) => {
      if (min_bps === 0) return passed;
      if (lockedLiquidityBps === null) return unknown('burnt or locked liquidity was not learned');
      if (lockedLiquidityBps >= min_bps) return passed;
      return failed(`${lockedLiquidityBps} bps of the liquidity locked, limit ${min_bps} bps`);
    }),
};
