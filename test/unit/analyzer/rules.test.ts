import { describe, expect, it } from 'vitest';

import type { RuleId } from '#config/trading-config.ts';
import { judge, vetoOf } from '#functions/analyzer/synthesis/judge.ts';
import { RULE_IDS, RULES } from '#functions/analyzer/synthesis/rules/index.ts';
import {
  type Evidence,
  type Restriction,
  absent,
  failed,
  known,
  restrictionSchema,
} from '#shared/domain/evidence.ts';
import { STABLE_MINTS } from '#shared/domain/venue.ts';
import { DETECTED_AT_MS, addressNamed } from '../../support/detections.ts';
import { SOUND_FACTS, aStrategy, anEvidence } from '../../support/evidence.ts';

type Rules = Parameters<typeof aStrategy>[0] & object;
const SOL = 1_000_000_000n;
const [USDC] = STABLE_MINTS;
const soundReport = { riskScore: 1, rugged: false, dangers: [], warnings: 0 };
const report = (changes: object) => ({
  rugcheck: known({ ...soundReport, insidersDetected: null, creatorTokens: null, ...changes }),
});
const restricted = (kind: Restriction['kind']) => ({
  restrictions: [{ kind, detail: 'somebody can' }],
});

const says = (rule: RuleId, evidence: Evidence, rules: Rules['rules'] = {}) =>
  judge(evidence, aStrategy({ rules }).strategy).find((answer) => answer.rule === rule)?.status;

type Row = [
  rule: RuleId,
  status: 'passed' | 'failed' | 'unknown',
  when: string,
  evidence: Evidence,
  rules?: Rules['rules'],
];

const rows: Row[] = [
  ['token-program', 'passed', 'the mint was read', anEvidence()],
  ['token-program', 'unknown', 'it was no mint', anEvidence({ metadata: failed('no mint') })],

  ['mint-authority', 'passed', 'nobody has it', anEvidence()],
  [
    'mint-authority',
    'failed',
    'somebody has it',
    anEvidence({ honeypot: restricted('mint-authority') }),
  ],
  ['freeze-authority', 'passed', 'nobody has it', anEvidence()],
  [
    'freeze-authority',
    'failed',
    'somebody has it',
    anEvidence({ honeypot: restricted('freeze-authority') }),
  ],

  ['transfer-fee', 'passed', 'there is none', anEvidence()],
  [
    'transfer-fee',
    'passed',
    'it is at the limit',
    anEvidence({ honeypot: { transferFeeBps: 100, ...restricted('transfer-fee') } }),
    { 'transfer-fee': { max_bps: 100 } },
  ],
  [
    'transfer-fee',
    'failed',
    'it is one over the limit',
    anEvidence({ honeypot: { transferFeeBps: 101, ...restricted('transfer-fee') } }),
    { 'transfer-fee': { max_bps: 100 } },
  ],
  [
    'transfer-fee',
    'failed',
    'it is nothing yet, and can be raised',
    anEvidence({ honeypot: restricted('raisable-fee') }),
    { 'transfer-fee': { max_bps: 10_000 } },
  ],

  ['largest-holder', 'passed', 'at the limit', anEvidence({ holders: { top1Bps: 1_500 } })],
  ['largest-holder', 'failed', 'one over it', anEvidence({ holders: { top1Bps: 1_501 } })],
  ['top-holders', 'passed', 'at the limit', anEvidence({ holders: { top10Bps: 4_500 } })],
  ['top-holders', 'failed', 'one over it', anEvidence({ holders: { top10Bps: 4_501 } })],

  ['creator-share', 'passed', 'at the limit', anEvidence({ holders: { creatorBps: 1_000 } })],
  ['creator-share', 'failed', 'one over it', anEvidence({ holders: { creatorBps: 1_001 } })],
  [
    'creator-share',
    'failed',
    'only Jupiter sees that it is over',
    anEvidence({ holders: { creatorBps: 0 }, organic: { devBalanceBps: 1_001 } }),
  ],
  [
    'creator-share',
    'failed',
    'only the chain sees that it is over',
    anEvidence({ holders: { creatorBps: 1_001 }, organic: { devBalanceBps: 0 } }),
  ],
  [
    'creator-share',
    'passed',
    'only Jupiter knows it',
    anEvidence({ holders: failed('x'), organic: { devBalanceBps: 0 } }),
  ],
  ['creator-share', 'unknown', 'nobody knows it', anEvidence({ holders: { creatorBps: null } })],

  ['bundle', 'passed', 'at the limit', anEvidence({ holders: { bundleBps: 4_000 } })],
  ['bundle', 'failed', 'one over it', anEvidence({ holders: { bundleBps: 4_001 } })],
  ['bundle', 'unknown', 'it was not read', anEvidence({ holders: { bundleBps: null } })],

  ['liquidity', 'passed', 'at the limit', anEvidence({ liquidity: { quoteReserve: 5n * SOL } })],
  [
    'liquidity',
    'failed',
    'a lamport below it',
    anEvidence({ liquidity: { quoteReserve: 5n * SOL - 1n } }),
  ],
  [
    'liquidity',
    'passed',
    'a curve is at its own limit',
    anEvidence({ liquidity: { quoteReserve: SOL / 2n, pricing: 'curve' } }),
  ],
  [
    'liquidity',
    'failed',
    'a curve is a lamport below it',
    anEvidence({ liquidity: { quoteReserve: SOL / 2n - 1n, pricing: 'curve' } }),
  ],
  [
    'liquidity',
    'passed',
    'the dollars are at their limit',
    anEvidence({ opening: { quoteMint: USDC! }, liquidity: { quoteReserve: 750_000_000n } }),
  ],
  [
    'liquidity',
    'failed',
    'the dollars are a millionth below it',
    anEvidence({ opening: { quoteMint: USDC! }, liquidity: { quoteReserve: 749_999_999n } }),
  ],
  [
    'liquidity',
    'failed',
    'the dollars are below half a dollar more',
    anEvidence({ opening: { quoteMint: USDC! }, liquidity: { quoteReserve: 750_400_000n } }),
    { liquidity: { min_quote_usd: 750.5 } },
  ],
  [
    'liquidity',
    'unknown',
    'the quote is a token of its own',
    anEvidence({ opening: { quoteMint: addressNamed('quote') } }),
  ],

  ['price-impact', 'passed', 'at the limit', anEvidence({ liquidity: { stakeImpactBps: 500 } })],
  ['price-impact', 'failed', 'one over it', anEvidence({ liquidity: { stakeImpactBps: 501 } })],
  [
    'price-impact',
    'unknown',
    'it is not computed',
    anEvidence({ liquidity: { stakeImpactBps: null } }),
  ],

  ['pool-open', 'passed', 'it opened at once', anEvidence()],
  [
    'pool-open',
    'passed',
    'it opens this second',
    anEvidence({
      opening: { openTime: DETECTED_AT_MS / 1_000 + 5 },
      observedAt: DETECTED_AT_MS + 5_000,
    }),
  ],
  [
    'pool-open',
    'failed',
    'it opens in a second',
    anEvidence({
      opening: { openTime: DETECTED_AT_MS / 1_000 + 5 },
      observedAt: DETECTED_AT_MS + 4_999,
    }),
  ],

  ['rugcheck-risk', 'passed', 'at the limit', anEvidence({ honeypot: report({ riskScore: 70 }) })],
  ['rugcheck-risk', 'failed', 'above it', anEvidence({ honeypot: report({ riskScore: 70.1 }) })],
  [
    'rugcheck-risk',
    'unknown',
    'there is no report',
    anEvidence({ honeypot: { rugcheck: absent('not found') } }),
  ],
  ['rugged', 'passed', 'it was not', anEvidence()],
  ['rugged', 'failed', 'it was', anEvidence({ honeypot: report({ rugged: true }) })],
  [
    'rugged',
    'unknown',
    'there is no report',
    anEvidence({ honeypot: { rugcheck: failed('timed out') } }),
  ],

  ['suspicious', 'passed', 'Jupiter says nothing', anEvidence()],
  ['suspicious', 'failed', 'Jupiter flags it', anEvidence({ organic: { suspicious: true } })],
  ['suspicious', 'unknown', 'it was not audited', anEvidence({ organic: { suspicious: null } })],

  [
    'serial-creator',
    'passed',
    'at the limit',
    anEvidence({ organic: { devMints: 22, devMigrations: 1 } }),
  ],
  [
    'serial-creator',
    'failed',
    'one over it',
    anEvidence({ organic: { devMints: 23, devMigrations: 1 } }),
  ],
  [
    'serial-creator',
    'failed',
    'none is known to have graduated',
    anEvidence({ organic: { devMints: 22, devMigrations: null } }),
  ],
  [
    'serial-creator',
    'passed',
    'more graduated than were made',
    anEvidence({ organic: { devMints: 1, devMigrations: 9 } }),
  ],
  ['serial-creator', 'unknown', 'not counted', anEvidence({ organic: { devMints: null } })],

  [
    'liquidity-lock',
    'passed',
    'the strategy asks for none',
    anEvidence({ liquidity: { lockedLiquidityBps: null } }),
  ],
  [
    'liquidity-lock',
    'passed',
    'at the limit',
    anEvidence({ liquidity: { lockedLiquidityBps: 9_500 } }),
    { 'liquidity-lock': { min_bps: 9_500 } },
  ],
  [
    'liquidity-lock',
    'failed',
    'one below it',
    anEvidence({ liquidity: { lockedLiquidityBps: 9_499 } }),
    { 'liquidity-lock': { min_bps: 9_500 } },
  ],
  [
    'liquidity-lock',
    'unknown',
    'it is not known',
    anEvidence({ liquidity: { lockedLiquidityBps: null } }),
    { 'liquidity-lock': { min_bps: 1 } },
  ],
];

const answersOf = (rule: RuleId) =>
  new Set(rows.filter(([id]) => id === rule).map(([, status]) => status));

describe('the hard rules', () => {
  it.each(rows)('%s says %s when %s', (rule, status, _when, evidence, rules) => {
    expect(says(rule, evidence, rules)).toBe(status);
  });

  it('all have a row for each answer that they can give', () => {
    const only: Partial<Record<RuleId, number>> = {
      // Unknown is what the next test asks of every rule.
      'token-program': 2,
      'mint-authority': 2,
      'freeze-authority': 2,
      'transfer-fee': 2,
      'largest-holder': 2,
      'top-holders': 2,
      extensions: 0,
      'pool-open': 2,
    };
    for (const rule of RULE_IDS)
      expect([rule, answersOf(rule).size]).toEqual([rule, only[rule] ?? 3]);
  });

  it.each(RULE_IDS.filter((rule) => rule !== 'pool-open'))(
    '%s does not know what no check has learned, and says why',
    (rule) => {
      const nothing = failed('the upstream was down');
      const evidence = anEvidence({
        metadata: nothing,
        holders: nothing,
        social: nothing,
        honeypot: nothing,
        organic: nothing,
        liquidity: nothing,
      });
      const answer = judge(evidence, aStrategy().strategy).find((given) => given.rule === rule);
      expect(answer?.status).toBe('unknown');
      expect(answer?.reason).toMatch(/down|not learned/);
      expect(answer?.cost).toBe(aStrategy().strategy.synthesis.rules[rule].unknown);
    },
  );

  it.each(restrictionSchema.shape.kind.options)('one of them refuses a mint for %s', (kind) => {
    const evidence = anEvidence({
      honeypot: { ...restricted(kind), transferFeeBps: kind === 'transfer-fee' ? 1 : 0 },
    });
    expect(vetoOf(evidence, aStrategy().strategy)).toMatchObject({ status: 'failed' });
  });

  it('find the restriction behind others', () => {
    const restrictions: Restriction[] = [
      { kind: 'raisable-fee', detail: 'one' },
      { kind: 'pausable', detail: 'two' },
      { kind: 'transfer-hook', detail: 'three' },
    ];
    const answers = judge(anEvidence({ honeypot: { restrictions } }), aStrategy().strategy);
    expect(answers.filter(({ status }) => status === 'failed')).toEqual([
      { rule: 'transfer-fee', status: 'failed', reason: 'transfer fee: one' },
      { rule: 'extensions', status: 'failed', reason: 'pausable: two; transfer-hook: three' },
    ]);
  });

  it('say in numbers what failed', () => {
    const veto = vetoOf(anEvidence({ holders: { top1Bps: 1_501 } }), aStrategy().strategy);
    expect(veto).toEqual({
      rule: 'largest-holder',
      status: 'failed',
      reason: 'the largest holder has 1501 bps, limit 1500 bps',
    });
  });

  it.each([
    [['a', 'b'], 'RugCheck risk 80, limit 70 (a, b)'],
    [[], 'RugCheck risk 80, limit 70 (no danger named)'],
  ])('name the dangers %j', (dangers, reason) => {
    const evidence = anEvidence({ honeypot: report({ riskScore: 80, dangers }) });
    expect(vetoOf(evidence, aStrategy().strategy)?.reason).toBe(reason);
  });

  it('have no veto for a sound token', () => {
    expect(vetoOf(anEvidence(), aStrategy().strategy)).toBeUndefined();
  });

  it('do not call a veto what is only not known', () => {
    const evidence = anEvidence({ metadata: failed('x'), honeypot: failed('x') });
    expect(vetoOf(evidence, aStrategy().strategy)).toBeUndefined();
  });

  it('are listed in the order of their table, each by its own id', () => {
    expect(Object.keys(RULES)).toEqual([...RULE_IDS]);
    expect(Object.values(RULES).map(({ id }) => id)).toEqual([...RULE_IDS]);
    expect(Object.keys(aStrategy().strategy.synthesis.rules).toSorted()).toEqual(
      [...RULE_IDS].toSorted(),
    );
  });

  it('keep their reasons within what a row stores', () => {
    const dangers = Array.from({ length: 10 }, () => 'x'.repeat(80));
    const restrictions = Array.from({ length: 40 }, (): Restriction => ({
      kind: 'unvetted-extension',
      detail: 'y'.repeat(120),
    }));
    const evidence = anEvidence({
      honeypot: { ...SOUND_FACTS.honeypot, ...report({ riskScore: 99, dangers }), restrictions },
    });
    const reasons = judge(evidence, aStrategy().strategy).map(({ reason }) => reason.length);
    expect(Math.max(...reasons)).toBe(200);
  });
});
