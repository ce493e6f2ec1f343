import { failed, passed, type Rule, whenKnown } from '../rule.ts';

/** Source: `getTokenLargestAccounts`, pools and burnt tokens left out by owner. */
export const topHolders: Rule<'top-holders'> = {
  id: 'top-holders',
  sentence: 'Ten holders together could empty the pool by selling.',
  run: (evidence, { max_share_bps }) =>
    whenKnown(evidence.checks.holders.finding, ({ top10Bps }) =>
      top10Bps <= max_share_bps
        ? passed
        : failed(`the ten largest holders have ${top10Bps} bps, limit ${max_share_bps} bps`),
    ),
};
