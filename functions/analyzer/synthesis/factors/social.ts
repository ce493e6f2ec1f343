import { factsOf } from '#shared/domain/evidence.ts';
import { type Factor, notKnown, quality } from '../factor.ts';

/** Real profiles that are linked. It hardly separates good from bad: keep its weight small. */
export const social: Factor = {
  id: 'social',
  run({ checks }) {
    const facts = factsOf(checks.social.finding);
    if (facts === undefined) return notKnown('links unknown');
    const { twitter, telegram, website } = facts;
    const links: string[] = [];
    if (twitter !== null) links.push('X');
    if (telegram !== null) links.push('Telegram');
    if (website !== null) links.push('website');
    return quality(links.length / 3, links.length === 0 ? 'no link' : links.join(', '));
  },
};
