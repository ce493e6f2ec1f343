import { describe, expect, it } from 'vitest';

import { CommandError } from '#cli/command-error.ts';
import { parseOutcomes } from '#cli/replay/outcomes.ts';

describe('what became of mints', () => {
  it.each<[string, string]>([
    ['CSV with labels', 'mint,label\na,good\nb,bad\n'],
    ['CSV with multiples, the columns in another order', 'multiple,mint\r\n2,a\r\n1.99,b\r\n'],
    [
      'CSV with quotes and further columns',
      '"mint","note","label"\n"a","one, ""two""",good\nb,,bad',
    ],
    ['JSON lines', '{"mint":"a","multiple":7}\n\n{"mint":"b","label":"bad"}'],
    ['the same mint twice, with the same outcome', 'mint,label\na,good\nb,bad\na,good'],
  ])('is read from %s', (_what, text) => {
    expect([...parseOutcomes(text, 2)]).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });

  it('a label beats a multiple', () => {
    expect(parseOutcomes('mint,label,multiple\na,bad,9', 2).get('a')).toBe(false);
  });

  it.each<[string, string, RegExp]>([
    ['no column of mints', 'token,label\na,good', /line 1: the header names no column "mint"/],
    ['an unknown label', 'mint,label\na,fine', /line 2: label: /],
    ['a multiple that is none', 'mint,multiple\na,much', /line 2: multiple: /],
    ['neither label nor multiple', '{"mint":"a"}', /line 1: it has neither/],
    ['two outcomes of one mint', 'mint,label\na,good\n\na,bad', /line 4: a stands there before/],
    ['broken JSON', '{"mint":', /line 1: /],
  ])('says what is wrong: %s', (_what, text, told) => {
    expect(() => parseOutcomes(text, 2)).toThrow(CommandError);
    expect(() => parseOutcomes(text, 2)).toThrow(told);
  });
});
