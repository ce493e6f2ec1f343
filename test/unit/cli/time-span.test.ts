import { describe, expect, it } from 'vitest';

import { parseTime, utcText } from '#cli/time-span.ts';

const NOW = Date.UTC(2026, 10, 20, 12);

describe('a point in time', () => {
  it.each([
    ['30m', '2026-11-20 11:30:00'],
    ['24h', '2026-11-19 12:00:00'],
    ['7d', '2026-11-13 12:00:00'],
    ['1.5h', '2026-11-20 10:30:00'],
    ['90s', '2026-11-20 11:58:30'],
    ['2026-11-20', '2026-11-20 00:00:00'],
    ['2026-11-20T10', '2026-11-20 10:00:00'],
    ['2026-11-20 10:05', '2026-11-20 10:05:00'],
    ['2026-11-20T10:05:07Z', '2026-11-20 10:05:07'],
    ['2026-11-20T10:05:07.250', '2026-11-20 10:05:07'],
    ['2026-11-20T10:05+02:00', '2026-11-20 08:05:00'],
  ])('"%s" is %s, UTC', (text, expected) => {
    expect(utcText(parseTime(text, '--since', NOW))).toBe(expected);
  });

  it.each(['yesterday', '24', 'h', '-3h', '2026-13-40', '2026-11-20T25:00', '', '3 weeks'])(
    'is not "%s"',
    (text) => {
      expect(() => parseTime(text, '--until', NOW)).toThrow(
        `--until "${text}" is no time: write an age such as 30m`,
      );
    },
  );
});
