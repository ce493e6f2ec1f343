import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { VENUE_DECODERS } from '#functions/detector/venues/index.ts';
import { VENUES } from '#shared/domain/venue.ts';

const forms = VENUE_DECODERS.flatMap(({ venue, forms }) =>
  forms.map((form) => ({ venue, form, name: form.name })),
);

describe('the venue decoders', () => {
  it('are one for each venue', () => {
    expect(VENUE_DECODERS.map(({ venue }) => venue).toSorted()).toEqual([...VENUES].toSorted());
  });

  it.each(forms.filter(({ venue }) => venue !== 'raydium-amm-v4'))(
    'know $venue $name by the start that Anchor gives it',
    ({ form }) => {
      const hash = createHash('sha256').update(`global:${form.name}`).digest('hex');
      expect(form.discriminator).toBe(hash.slice(0, 16));
    },
  );

  it.each(VENUE_DECODERS)('tell the instructions of $venue apart', ({ forms }) => {
    const starts = new Set(forms.map(({ discriminator }) => discriminator));
    expect(starts.size).toBe(forms.length);
  });

  it.each(forms)('read each account of $venue $name for one thing only', ({ form }) => {
    const indexes = Object.values(form.accounts).filter((index) => index !== null);
    expect(new Set(indexes).size).toBe(indexes.length);
  });
});
