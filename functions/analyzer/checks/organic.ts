import { known } from '#shared/domain/evidence.ts';
import type { Check } from './check.ts';

/** Who trades it: Jupiter's listing with its audit and its organic score. */
export const organic: Check<'organic'> = {
  async run(ask) {
    const listing = await ask.listing();
    return listing.status === 'known' ? known(listing.facts.trading) : listing;
  },
};
