import { failed, passed, type Rule, whenKnown } from '../rule.ts';

/** Source: `getTokenLargestAccounts`, pools and burnt tokens left out by owner. */
export const largestHolder: Rule<'largest-holder'> = {
  id: 'largest-holder',
  sentence: 'One holder alone could empty the pool by selling.',
  run: (evidence, { max_share_bps }) =>
    whenKnown(evidence.checks.holders.finding, ({ top1Bps }) =>
      top1Bps <= max_share_bps
        ? passed
        : failed(`the largest holder has ${top1Bps} bps, limit ${max_share_bps} bps`),
    ),
};
