import { expect, it } from 'vitest';

import { longestLookDelaySeconds } from '#config/look-delays.ts';

it.each([
  { offsets: [], seconds: 0 },
  { offsets: [15], seconds: 15 },
  { offsets: [15, 45, 120], seconds: 75 },
  { offsets: [60, 70, 80], seconds: 60 },
])('holds a message of the looks $offsets back for $seconds s at most', ({ offsets, seconds }) => {
  expect(longestLookDelaySeconds(offsets)).toBe(seconds);
});
