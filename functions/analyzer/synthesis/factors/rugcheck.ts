import { factsOf } from '#shared/domain/evidence.ts';
import { between, type Factor, notKnown, quality } from '../factor.ts';

/** RugCheck's risk, and each risk that it names of level `danger`. */
export const rugcheck: Factor = {
  id: 'rugcheck',
  run({ checks }) {
    const facts = factsOf(checks.honeypot.finding);
    if (facts === undefined || facts.rugcheck.status !== 'known') return notKnown('no report');
    const { riskScore, dangers } = facts.rugcheck.facts;
    return quality(
      between(riskScore, 60, 1) * between(dangers.length, 4, 0),
      `risk ${riskScore}, ${dangers.length} dangers`,
    );
  },
};
