import { factsOf } from '#shared/domain/evidence.ts';
import { between, type Factor, notKnown, quality } from '../factor.ts';

/** Jupiter's organic score; young tokens have none. */
export const organic: Factor = {
  id: 'organic',
  run({ checks }) {
    const score = factsOf(checks.organic.finding)?.organicScore ?? null;
    if (score === null) return notKnown('too young for an organic score');
    return quality(between(score, 0, 70), `organic score ${score}`);
  },
};
