import { factsOf } from '#shared/domain/evidence.ts';
import { type Factor, notKnown, quality } from '../factor.ts';

/** Real profiles that are linked. It hardly separates good from bad: keep its weight small. */
export const social: Factor = {
  id: 'social',
  run({ checks }) {
    const facts = factsOf(checks.social.finding);
    if (facts === undefined) return notKnown('links unknown');
    const { twitter, telegram, website } = facts;
    const links = Object.entries({ X: twitter, Telegram: telegram, website }).flatMap(
      ([name, link]) => (link === null ? [] : [name]),
    );
    return quality(links.length / 3, links.length === 0 ? 'no link' : links.join(', '));
  },
};
