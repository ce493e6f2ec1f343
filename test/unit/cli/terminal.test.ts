import { describe, expect, it } from 'vitest';

import { type Column, plain, tableLines } from '#cli/terminal.ts';

const columns: readonly Column[] = [
  { header: 'mint', atLeast: 5 },
  { header: 'SOL', align: 'right' },
  { header: 'venue', optional: true },
  { header: 'note', atLeast: 6, optional: true },
];
const rows = [
  ['DoVAVzViX8Bjy3r15nwi', '0.1000', 'pump-swap', 'router refused the quote'],
  ['4G9U', '10.0000', 'orca', ''],
];

describe('plain text', () => {
  it.each([
    ['colours', '\u001B[31mred\u001B[0m', '[31mred[0m'],
    ['a line break', 'a\r\nb', 'ab'],
    ['right-to-left override', 'gpj\u202Eexe', 'gpjexe'],
    ['zero-width characters', 'pa\u200By', 'pay'],
  ])('has lost %s', (_what, text, expected) => {
    expect(plain(text)).toBe(expected);
  });
});

describe('a table', () => {
  it('is as wide as its cells where there is room', () => {
    expect(tableLines(columns, rows, Number.POSITIVE_INFINITY)).toEqual([
      'mint                      SOL  venue      note',
      'DoVAVzViX8Bjy3r15nwi   0.1000  pump-swap  router refused the quote',
      '4G9U                  10.0000  orca',
    ]);
  });

  it('cuts the widest of what may be cut first', () => {
    expect(tableLines(columns, rows, 50)).toEqual([
      'mint                SOL  venue      note',
      'DoVAVzViX8Bjy…   0.1000  pump-swap  router refuse…',
      '4G9U            10.0000  orca',
    ]);
  });

  it('leaves out optional columns from the last when cutting is not enough', () => {
    expect(tableLines(columns, rows, 24)).toEqual([
      'mint                 SOL',
      'DoVAVzViX8Bjy3…   0.1000',
      '4G9U             10.0000',
    ]);
  });

  it('counts wide characters by the columns they take', () => {
    const lines = tableLines(
      [{ header: 'name', atLeast: 4 }, { header: 'x' }],
      [
        ['犬犬犬犬', '1'],
        ['👩', '2'],
      ],
      8,
    );
    expect(lines).toEqual(['name   x', '犬犬…  1', '👩     2']);
  });

  it('keeps cells from outside harmless', () => {
    const [, line] = tableLines([{ header: 'name' }], [['\u001B]0;evil\u0007x\ny']], 80);
    expect(line).toBe(']0;evilxy');
  });
});
