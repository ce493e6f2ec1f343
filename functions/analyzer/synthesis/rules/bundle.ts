import { failed, passed, type Rule, unknown, whenKnown } from '../rule.ts';

/** Source: buyers of the slot in which the pool opened. */
export const bundle: Rule<'bundle'> = {
  id: 'bundle',
  sentence: 'One party bought through many wallets in the very first slot.',
  run: (evidence, { max_share_bps }) =>
    whenKnown(evidence.checks.holders.finding, ({ bundleBps }) => {
      if (bundleBps === null) return unknown('the first buyers were not read');
      if (bundleBps <= max_share_bps) return passed;
      return failed(`bought in the first slot: ${bundleBps} bps, limit ${max_share_bps} bps`);
    }),
};
