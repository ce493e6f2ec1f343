import { failed, passed, type Rule, unknown, whenKnown } from '../rule.ts';

/** Source: our own arithmetic on the pool's reserves. */
export const priceImpact: Rule<'price-impact'> = {
  id: 'price-impact',
  sentence: 'Our own stake would move the price too far.',
  run: (evidence, { max_bps }) =>
    whenKnown(evidence.checks.liquidity.finding, ({ stakeImpactBps }) => {
      if (stakeImpactBps === null) return unknown('the price curve of this venue is not computed');
      if (stakeImpactBps <= max_bps) return passed;
      return failed(`our stake moves the price by ${stakeImpactBps} bps, limit ${max_bps} bps`);
    }),
};
