import { factsOf } from '#shared/domain/evidence.ts';
import { between, type Factor, notKnown, quality } from '../factor.ts';

/** How widely the supply is spread: the ten largest holders, and the Herfindahl index. */
export const concentration: Factor = {
  id: 'concentration',
  run({ checks }) {
    const facts = factsOf(checks.holders.finding);
    if (facts === undefined) return notKnown('holders unknown');
    const { top10Bps, concentrationIndex } = facts;
    return quality(
      0.7 * between(top10Bps, 5_000, 1_000) + 0.3 * between(concentrationIndex, 2_000, 100),
      `top ten ${top10Bps} bps, concentration ${concentrationIndex}`,
    );
  },
};
