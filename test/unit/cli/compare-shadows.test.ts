import { describe, expect, it } from 'vitest';

import { shadowCollector, shadowLines } from '#cli/compare-shadows.ts';
import { rowOfDecision, rowOfItem } from '#cli/decision-row.ts';
import { explainDecision } from '#cli/explain-decision.ts';
import { decisionItem, decisionOfItem } from '#shared/adapters/aws/decision-item.ts';
import type { ShadowVerdict } from '#shared/domain/decision.ts';
import { aDecision } from '../../support/decisions.ts';
import { itemSize } from '../../support/item-size.ts';
import { signatureNamed } from '../../support/detections.ts';

const says = (changes: Partial<ShadowVerdict>): ShadowVerdict => ({
  name: 'degen',
  version: '857be3719519',
  verdict: 'BUY',
  score: 71.2,
  refuser: null,
  ...changes,
});
const skips = says({ verdict: 'SKIP', score: 0, refuser: 'largest-holder' });
const untold = says({ verdict: null, score: 0 });

describe('the row of a decision with shadows', () => {
  const decision = aDecision(
    {},
    {
      signature: signatureNamed('shadowed'),
      shadows: [says({ ...skips, name: 'cautious' }), says({}), { ...untold, name: 'own' }],
    },
  );

  it('gives them back, whole and from the index', () => {
    const item = decisionItem(decision, 30);
    expect(decisionOfItem(item)).toEqual(decision);
    expect(rowOfItem(item)?.shadows).toEqual(decision.shadows);
    expect(rowOfDecision(decision).shadows).toEqual(decision.shadows);
  });

  it('takes no third write unit', () => {
    expect(itemSize(decisionItem(decision, 30))).toBeLessThanOrEqual(2_048);
    const { shadows: _shadows, ...without } = decision;
    const bytes = itemSize(decisionItem(decision, 30)) - itemSize(decisionItem(without, 30));
    expect(bytes).toBeLessThanOrEqual(160);
  });

  it('refuses what is no verdict', () => {
    const item = decisionItem(decision, 30);
    const shadows = { M: { degen: { S: 'MAYBE 3 abc' } } };
    expect(() => decisionOfItem({ ...item, shadows })).toThrow('no verdict');
    expect(rowOfItem({ ...item, shadows })).toBeUndefined();
  });
});

const row = (shadows: ShadowVerdict[], options = {}, evidence = {}) =>
  rowOfDecision(aDecision(evidence, { shadows, ...options }));

describe('the comparison', () => {
  const refused = { holders: { top10Bps: 6_000 } };

  it('counts where each shadow says otherwise, and keeps the newest examples', () => {
    const collector = shadowCollector(1);
    collector.add(row([skips], { token: 'newest' }));
    collector.add(row([skips], { token: 'older' }));
    collector.add(row([says({})]));
    collector.add(row([says({ version: 'older version' })], {}, refused));
    collector.add(row([untold], {}, refused));
    collector.add(rowOfDecision(aDecision()));
    const { degen } = collector.figures();
    expect(degen).toMatchObject({
      compared: 5,
      differing: 3,
      versions: ['857be3719519', 'older version'],
      matrix: { BUY: { BUY: 1, SKIP: 2 }, SKIP: { BUY: 1, SKIP: 0, '?': 1 } },
    });
    expect(degen!.newest.map(({ symbol, shadowRefuser }) => [symbol, shadowRefuser])).toEqual([
      ['GARY', 'largest-holder'],
    ]);
    expect(degen!.newest[0]!.mint).toBe(row([], { token: 'newest' }).mint);
  });

  it('is printed as a matrix for each shadow, and examples below', () => {
    const collector = shadowCollector(5);
    collector.add(row([skips, says({ name: 'own' })]));
    collector.add(row([says({}), untold], {}, refused));
    const text = shadowLines(collector.figures(), 100).join('\n');
    expect(text).toContain('degen (857be3719519): 2 of 3 verdicts differ');
    expect(text).toMatch(/decided \\ degen +BUY +SKIP +\?/);
    expect(text).toContain('BUY → SKIP: refused by largest-holder; decided: score 91.8');
    expect(text).toContain('SKIP → BUY: score 71.2; decided: score 0, top-holders: ');
  });

  it('stands in one line of the explanation', () => {
    const lines = explainDecision(
      aDecision(
        {},
        { shadows: [{ ...skips, name: 'cautious' }, says({}), { ...untold, name: 'own' }] },
      ),
    );
    const at = lines.indexOf('Other strategies');
    expect(lines[at + 1]).toBe(
      '  cautious: SKIP by largest-holder; degen: BUY with 71.2; own: not told, the analysis ended before it could',
    );
    expect(explainDecision(aDecision())).not.toContain('Other strategies');
  });
});
