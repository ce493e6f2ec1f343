import { factsOf } from '#shared/domain/evidence.ts';
import { failed, passed, type Rule, unknown } from '../rule.ts';

/** Source: the creator's accounts among the largest; Jupiter's audit where the chain does not tell. */
export const creatorShare: Rule<'creator-share'> = {
  id: 'creator-share',
  sentence: 'The creator still holds enough to crash the price.',
  run(evidence, { max_share_bps }) {
    const { holders, organic } = evidence.checks;
    const shares = [
      factsOf(holders.finding)?.creatorBps ?? null,
      factsOf(organic.finding)?.devBalanceBps ?? null,
    ].filter((share) => share !== null);
    if (shares.length === 0) return unknown("the creator's share was not learned");
    // Two sources that disagree: the higher one is the danger.
    const shareBps = Math.max(...shares);
    if (shareBps <= max_share_bps) return passed;
    return failed(`the creator holds ${shareBps} bps, limit ${max_share_bps} bps`);
  },
};
