import { failed, passed, type Rule, unknown, whenKnown } from '../rule.ts';

/** Source: `audit.devMints` and `audit.devMigrations` of Jupiter's listing. */
export const serialCreator: Rule<'serial-creator'> = {
  id: 'serial-creator',
  sentence: 'The creator has made many tokens that came to nothing.',
  run: (evidence, { max_failed }) =>
    whenKnown(evidence.checks.organic.finding, ({ devMints, devMigrations }) => {
      if (devMints === null) return unknown("the creator's tokens were not counted");
      const failures = Math.max(0, devMints - 1 - (devMigrations ?? 0));
      if (failures <= max_failed) return passed;
      return failed(`${failures} tokens of this creator never graduated, limit ${max_failed}`);
    }),
};
