import { describe, expect, it } from 'vitest';

import { cleanText } from '#shared/domain/clean-text.ts';

describe('cleanText', () => {
  it.each([
    ['keeps what people write', 'Gary the Cat 🐈‍⬛ é 日本', 'Gary the Cat 🐈⬛ é 日本'],
    ['takes the escape out of ANSI colours', '\u001B[31mred\u001B[0m', '[31mred[0m'],
    ['takes out C1 controls', 'a\u009B31mb\u0085c', 'a31mbc'],
    ['takes out line breaks', 'a\r\nb\u2028c\u2029d\te', 'abcde'],
    ['takes out bidi overrides', 'abc\u202Efdp.exe\u202C\u2066x\u2069\u200F\u061C', 'abcfdp.exex'],
    ['takes out zero-width characters', 'p\u200Ba\u200Cy\u200Dp\u2060a\uFEFFl\u00AD', 'paypal'],
    ['takes out fillers that look like nothing', 'a\u3164\u115F\u1160\uFFA0\u2800\u180Eb', 'ab'],
    ['takes out tag characters', 'a\u{E0041}\u{E0042}\u{E007F}b', 'ab'],
    ['takes out NULs', 'GARY\u0000\u0000\u0000', 'GARY'],
    ['takes out lone halves', '\uD83Da\uDE00b\uD83D', 'ab'],
    ['does not join halves around what it takes out', 'a\uDB40\u200B\uDC41b', 'ab'],
    ['trims', ' \u00A0 a b \u3000 ', 'a b'],
    ['is empty for nothing but that', ' \u200B\u202E\u0000 ', ''],
  ])('%s', (_what, text, clean) => {
    expect(cleanText(text, 64)).toBe(clean);
  });

  it('cuts at the length, and never inside a character', () => {
    expect(cleanText('abcdef', 3)).toBe('abc');
    expect(cleanText('ab😀cd', 3)).toBe('ab');
    expect(cleanText('ab cd', 3)).toBe('ab');
  });

  it('looks at no more of ten megabytes than it needs', () => {
    const text = '\u200B'.repeat(10_000_000);
    const startedAt = performance.now();
    expect(cleanText(text, 64)).toBe('');
    expect(performance.now() - startedAt).toBeLessThan(50);
  });
});
