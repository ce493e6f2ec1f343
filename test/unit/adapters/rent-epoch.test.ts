import { expect, it } from 'vitest';

import { parseJson } from '#shared/adapters/http/parse-json.ts';

const RENT_FREE = '"rentEpoch":18446744073709551615';

it('leaves the epoch of a rent-free account out, and no other number', () => {
  expect(parseJson(`{${RENT_FREE},"lamports":18446744073709551615}`)).toEqual({
    rentEpoch: null,
    lamports: 18_446_744_073_709_551_615n,
  });
});

it('changes no text that looks like it', () => {
  expect(parseJson(JSON.stringify({ name: RENT_FREE }))).toEqual({ name: RENT_FREE });
});
