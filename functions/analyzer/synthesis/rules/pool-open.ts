import { failed, passed, type Rule } from '../rule.ts';

/** Source: the opening time in the pool's creation. */
export const poolOpen: Rule<'pool-open'> = {
  id: 'pool-open',
  sentence: 'The pool cannot be traded yet.',
  run({ opening, observedAt }) {
    if (opening.openTime === null) return passed;
    const waitSeconds = opening.openTime - Math.floor(observedAt / 1_000);
    return waitSeconds <= 0 ? passed : failed(`the pool opens in ${waitSeconds} s`);
  },
};
