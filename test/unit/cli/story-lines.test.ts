import { describe, expect, it } from 'vitest';

import { storyLines } from '#cli/story-lines.ts';
import { absent } from '#shared/domain/evidence.ts';
import { addressNamed } from '../../support/detections.ts';
import { DECIDED_AT_MS, aDecision } from '../../support/decisions.ts';

const holders = absent('the node does not list it yet');
const first = aDecision({ holders });
const second = aDecision({}, { look: 2, decidedAt: DECIDED_AT_MS + 15_000, latencyMs: 15_600 });

describe('the looks at a token', () => {
  it('are one story, a line each, in their order', () => {
    expect(storyLines([second, first])).toEqual([
      'look   after  verdict  score  known  reason',
      `   1   0.6 s  WATCH      0.0   ${first.coverage.toFixed(2)}  look 2 at 15 s waits for largest-holder, top-holders`,
      `   2  15.6 s  BUY       ${second.score}   ${second.coverage.toFixed(2)}  score ${second.score} of 100, from 60 we buy`,
    ]);
  });

  it('are no story when there is only one', () => {
    expect(storyLines([first])).toEqual([]);
  });

  it('stand apart for each pool', () => {
    const pool = addressNamed('another pool');
    const lines = storyLines([first, second, aDecision({ opening: { pool } })]);
    expect(lines.filter((line) => line.startsWith('pool '))).toEqual([
      `pool ${first.opening.pool}`,
      `pool ${pool}`,
    ]);
    expect(lines).toHaveLength(7);
  });
});
