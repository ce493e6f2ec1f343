import { describe, expect, it } from 'vitest';

import { csvLine } from '#cli/csv-lines.ts';

describe('a line of CSV', () => {
  it.each<[string, readonly (string | number | null)[], string]>([
    ['plain cells', ['a', 1, null, 2.5], 'a,1,,2.5'],
    ['commas', ['a,b'], '"a,b"'],
    ['quotes', ['say "hi"'], '"say ""hi"""'],
    ['line breaks', ['a\nb', 'c\r\nd'], '"a\nb","c\r\nd"'],
    ['formulas', ['=1+1', '+1', '-1', '@SUM(A1)'], "'=1+1,'+1,'-1,'@SUM(A1)"],
    ['a tab in front', ['\t=1'], "'\t=1"],
    ['a formula with quotes', ['=HYPERLINK("x")'], '"\'=HYPERLINK(""x"")"'],
    ['numbers below zero, as numbers', [-5], '-5'],
    ['what only contains an equals sign', ['a=b'], 'a=b'],
  ])('carries %s', (_what, cells, expected) => {
    expect(csvLine(cells)).toBe(`${expected}\r\n`);
  });
});
