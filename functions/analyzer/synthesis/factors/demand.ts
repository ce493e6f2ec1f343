import { factsOf } from '#shared/domain/evidence.ts';
import { between, type Factor, mean, notKnown, quality } from '../factor.ts';

/** Buyers of the last five minutes: how many more of them than sellers, and how many traders. */
export const demand: Factor = {
  id: 'demand',
  run({ checks }) {
    const facts = factsOf(checks.organic.finding);
    if (facts === undefined) return notKnown('trading unknown');
    const { netBuyers, traders } = facts;
    const part = mean([
      netBuyers === null ? undefined : between(netBuyers, -10, 60),
      traders === null ? undefined : between(Math.log(1 + traders), Math.log(6), Math.log(151)),
    ]);
    if (part === undefined) return notKnown('no trades counted yet');
    return quality(part, `${netBuyers ?? 'unknown'} net buyers, ${traders ?? 'unknown'} traders`);
  },
};
