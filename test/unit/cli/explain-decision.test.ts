import { describe, expect, it } from 'vitest';

import { explainDecision } from '#cli/explain-decision.ts';
import { aDecision, testStrategy } from '../../support/decisions.ts';
import { absent, failed } from '#shared/domain/evidence.ts';
import type { Decision } from '#shared/domain/decision.ts';

const mark = (name: string) => (text: string) => `<${name}>${text}</${name}>`;

const explained = (decision: Decision, width = 100): string =>
  explainDecision(decision, { strategy: testStrategy, width }).join('\n');

/** The lines of one section, without its title. */
const section = (decision: Decision, title: string, width?: number): string => {
  const [, after = ''] = explained(decision, width).split(`\n${title}\n`);
  return after.split('\n\n')[0] ?? '';
};

describe('the explanation of a BUY', () => {
  const decision = aDecision();

  it('says at a glance what, why, of which token and when', () => {
    expect(explained(decision).split('\n\n')[0]).toBe(
      [
        'BUY  score 91.8 of 100, from 60 we buy',
        '  GARY, Gary the Cat; migration on pump-swap, look 1, found by webhook 1.4 s after its block',
        `  mint ${decision.opening.mint}`,
        `  pool ${decision.opening.pool}`,
        `  creator ${decision.opening.creator}`,
        '  decided 2026-11-20 12:00:00 UTC, 600 ms after detection (20 ms of it waiting); strategy',
        `  ${testStrategy.version}`,
      ].join('\n'),
    );
  });

  it('names what is unknown with its cost, and the passed rules in one line', () => {
    const unread = aDecision({ holders: { bundleBps: null } });
    expect(section(unread, 'Rules')).toBe(
      [
        '  ?  bundle  the first buyers were not read: takes 0.1 off the coverage',
        '  ✓  16 passed: token-program, mint-authority, freeze-authority, transfer-fee and 12 more',
      ].join('\n'),
    );
  });

  it('shows each factor with its part of the score, and the limits', () => {
    expect(section(decision, 'Factors')).toBe(
      [
        '  factor         quality              weight        points  value',
        '  concentration     0.90  █████████░      30  27.1 of 30.0  top ten 1500 bps, concentration 150',
        '  creator           0.95  ██████████      10   9.5 of 10.0  holds 100 bps, 0 failed tokens',
        '  liquidity         0.95  ██████████      20  19.0 of 20.0  85.00 SOL in the pool',
        '  demand            1.00  ██████████      20  20.0 of 20.0  102 net buyers, 152 traders',
        '  rugcheck          1.00  ██████████      10  10.0 of 10.0  risk 1, 0 dangers',
        '  organic           0.57  ██████░░░░       5    2.9 of 5.0  organic score 40',
        '  social            0.67  ███████░░░       5    3.3 of 5.0  X, website',
        '  score 91.8 of 100, a BUY from 60; coverage 1 of 1, a BUY from 0.5',
      ].join('\n'),
    );
  });

  it('tells the plan in units of people', () => {
    expect(section(decision, 'Plan')).toBe(
      [
        '  buy for 0.1 SOL; fill at most 3 % worse than the quote, price impact at most 5 %',
        '  sell 40 % at 1.5x the entry, 40 % at 2.5x the entry',
        '  sell all 30 % below the entry, 35 % below the highest since, or after 30 min',
      ].join('\n'),
    );
  });
});

describe('the explanation of a refusal', () => {
  const decision = aDecision({
    holders: { top10Bps: 5_210 },
    honeypot: { rugcheck: absent('not indexed by RugCheck yet') },
    organic: { organicScore: null },
  });

  it('puts failed rules first, then what not knowing cost', () => {
    expect(section(decision, 'Rules')).toBe(
      [
        '  ✗  top-holders    the ten largest holders have 5210 bps, limit 4500 bps',
        '  ?  rugcheck-risk  not indexed by RugCheck yet: takes 0.1 off the coverage',
        '  ?  rugged         not indexed by RugCheck yet: takes 0.1 off the coverage',
        '  ✓  14 passed: token-program, mint-authority, freeze-authority, transfer-fee, extensions and 9 more',
      ].join('\n'),
    );
  });

  it('gives unknown factors no share, and tells the score that the refusal hides', () => {
    const lines = section(decision, 'Factors').split('\n');
    expect(lines[5]).toBe('  rugcheck       unknown  ··········      10      left out  no report');
    expect(lines.slice(8).join('\n')).toBe(
      [
        '  score 0 of 100 (0 by the refusal; the factors alone make 71.3), a BUY from 60; coverage 0.65 of',
        '    1, a BUY from 0.5',
      ].join('\n'),
    );
  });

  it('has no plan', () => {
    expect(explained(decision)).not.toContain('\nPlan\n');
  });
});

describe('the waterfall of the checks', () => {
  it('is to scale, with status, calls, and why nothing was learned', () => {
    const decision = aDecision({ organic: absent('not listed by Jupiter yet') });
    const timing = { startedMs: 0, attempts: 1 };
    const staged: Decision = {
      ...decision,
      checks: {
        metadata: { status: 'known', ...timing, latencyMs: 100 },
        holders: { status: 'known', startedMs: 100, attempts: 3, latencyMs: 300 },
        organic: { status: 'absent', ...timing, latencyMs: 1 },
      },
    };
    expect(section(staged, 'Checks')).toBe(
      [
        '  metadata  known   ██████░░░░░░░░░░░░░░░░░░  100 ms   1 call',
        '  holders   known   ░░░░░░██████████████████  300 ms  3 calls',
        '  organic   absent  █░░░░░░░░░░░░░░░░░░░░░░░    1 ms   1 call  not listed by Jupiter yet',
      ].join('\n'),
    );
  });
});

describe('an explanation', () => {
  const hostile = aDecision(
    { holders: failed('timed out\u001B[2J') },
    {
      name: '\u001B[31mGary\u202Eyrag\r\n$ rm -rf',
      symbol: '\u200BGA\u0007RY',
      reasons: ['top-holders: \u001B]0;owned\u0007 x', 'second\n\u001B[1A'],
    },
  );

  it('lets nothing through that moves a cursor, colours or reorders', () => {
    const text = explained(hostile);
    expect(text.replaceAll('\n', '')).not.toMatch(
      // oxlint-disable-next-line no-control-regex -- control characters are what must not be there.
      /[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E]/,
    );
    expect(text).toContain('GARY, [31mGaryyrag$ rm -rf');
  });

  it.each([60, 80, 120, 200])('keeps within %i columns', (width) => {
    for (const decision of [aDecision(), hostile]) {
      const lines = explainDecision(decision, { strategy: testStrategy, width });
      expect(lines.filter((line) => line.length > width)).toEqual([]);
    }
  });

  it('of a look that came too late says that nobody was asked', () => {
    const expired = aDecision(
      {},
      {
        verdict: 'EXPIRED',
        shouldTrade: false,
        reasons: ['45 s overdue, limit 30 s'],
        rules: [],
        factors: [],
        checks: {},
        plan: null,
        evidence: null,
      },
    );
    const text = explained(expired);
    expect(text).toMatch(/^EXPIRED {2}45 s overdue, limit 30 s\n/);
    expect(section(expired, 'What would have changed it')).toBe(
      '  Being looked at in time: nobody was asked anything.',
    );
    expect(text).not.toMatch(/Rules|Factors|Checks|Plan/);
  });

  it('of another strategy tells no limits, and says why', () => {
    const older = aDecision({}, { strategyVersion: '0123456789ab' });
    expect(section(older, 'Factors')).toMatch(/score 91\.8 of 100; coverage 1 of 1$/);
    expect(section(older, 'What would have changed it', 140)).toBe(
      `  Not worked out: strategy 0123456789ab decided, and the configuration here is ${testStrategy.version}.`,
    );
  });

  it('colours the verdict and the rules, and nothing else changes', () => {
    const lines = explainDecision(aDecision(), {
      strategy: testStrategy,
      paint: {
        good: mark('good'),
        bad: mark('bad'),
        unsure: mark('unsure'),
        dim: mark('dim'),
        bold: mark('bold'),
      },
    });
    expect(lines[0]).toBe('<good>BUY</good>  <bold>score 91.8 of 100, from 60 we buy</bold>');
    expect(lines.map((line) => line.replaceAll(/<\/?[a-z]+>/g, ''))).toEqual(
      explainDecision(aDecision(), { strategy: testStrategy }),
    );
  });
});
