import { expect, it } from 'vitest';

import { confusionLines } from '#cli/confusion-lines.ts';

it('shows by archetype what was opened, approved and bought, mistakes first', () => {
  expect(
    confusionLines({
      freezable: { trap: true, opened: 8, approved: 0, bought: 0 },
      mintable: { trap: true, opened: 11, approved: 0, bought: 0 },
      bundled: { trap: true, opened: 3, approved: 2, bought: 1 },
      sound: { trap: false, opened: 14, approved: 12, bought: 8 },
      'metadata-slow': { trap: false, opened: 1, approved: 1, bought: 1 },
      'not-indexed-yet': { trap: false, opened: 5, approved: 1, bought: 1 },
    }),
  ).toEqual([
    'archetype        truth  opened  approved  bought  wrong',
    'not-indexed-yet  sound       5         1       1  4 missed',
    'sound            sound      14        12       8  2 missed (4 not bought)',
    'metadata-slow    sound       1         1       1',
    'bundled          trap        3         2       1  2 approved (1 not bought)',
    'mintable         trap       11         0       0',
    'freezable        trap        8         0       0',
    'in all           sound      20        14      10  6 missed (4 not bought)',
    'in all           trap       22         2       1  2 approved (1 not bought)',
  ]);
});

it('leaves out what the market did not open, and fits a narrow terminal', () => {
  const lines = confusionLines({ sound: { trap: false, opened: 2, approved: 1, bought: 1 } }, 50);
  expect(lines).toHaveLength(3);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(50);
  expect(confusionLines({})).toHaveLength(1);
});
