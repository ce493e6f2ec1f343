import { describe, expect, it } from 'vitest';

import { loadStrategy } from '#config/load-strategy.ts';
import { loadTradingConfig } from '#config/load-trading-config.ts';
import { strategyVersion } from '#config/strategy.ts';
import { analyze } from '#functions/analyzer/analyze.ts';
import { CHECKS } from '#functions/analyzer/checks/index.ts';
import { secondOpinion } from '#functions/analyzer/synthesis/second-opinion.ts';
import { shadowVerdicts } from '#functions/analyzer/synthesis/shadow-verdicts.ts';
import { synthesizeTradingDecision } from '#functions/analyzer/synthesis/synthesize.ts';
import { analyzeDeps } from '#functions/analyzer/wiring.ts';
import { ENDED_EARLY, NO_ANSWER_YET, isCutShort } from '#shared/domain/cut-short.ts';
import { CHECK_IDS, absent, failed } from '#shared/domain/evidence.ts';
import { DETECTED_AT_MS, aDetection } from '../../support/detections.ts';
import { SOUND_FACTS, aStrategy, anEvidence, anOpening } from '../../support/evidence.ts';
import { handClock } from '../../support/hand-clock.ts';
import { memoryDecisionLedger } from '../../support/memory-decision-ledger.ts';
import { memoryTokenQueue } from '../../support/memory-token-queue.ts';
import { fakeSources } from '../../support/token-sources.ts';

const shadow = (name: string) => {
  const strategy = loadStrategy(name);
  return { name, strategy, version: strategyVersion(strategy) };
};
const cautious = shadow('cautious');
const degen = shadow('degen');
const ended = failed(ENDED_EARLY);

describe('a second opinion', () => {
  it('is what the synthesis says, with who refused', () => {
    const shallow = anEvidence({ liquidity: { quoteReserve: 10_000_000_000n } });
    expect(secondOpinion(shallow, cautious)).toEqual({
      verdict: 'SKIP',
      refusers: ['liquidity'],
      decision: synthesizeTradingDecision(shallow, cautious),
    });
    expect(secondOpinion(shallow, degen)).toMatchObject({ verdict: 'BUY', refusers: [] });
  });

  it.each([
    [
      'coverage',
      { synthesis: { min_coverage: 1 }, rules: {} },
      { organic: failed('timed out'), holders: {} },
    ],
    ['score', { synthesis: { buy_score: 100 } }, {}],
    ['stake', { plan: { max_pool_share_bps: 0 } }, {}],
  ])('names the %s where no rule refuses', (refuser, changes, evidence) => {
    const chosen = aStrategy({
      ...changes,
      synthesis: { looks_after_seconds: [], ...(changes as { synthesis?: object }).synthesis },
    });
    expect(secondOpinion(anEvidence(evidence), chosen)).toMatchObject({
      verdict: 'SKIP',
      refusers: [refuser],
    });
  });

  it.each([
    [
      'a check that was ended',
      anEvidence({ holders: { top10Bps: 6_000 }, organic: ended, liquidity: ended }),
    ],
    [
      'a report that was still awaited',
      anEvidence({
        liquidity: { quoteReserve: 1_500_000_000n },
        honeypot: { ...SOUND_FACTS.honeypot, rugcheck: failed(NO_ANSWER_YET) },
      }),
    ],
  ])('is not told where evidence is cut short: %s', (_what, evidence) => {
    const bold = {
      ...degen,
      strategy: aStrategy({
        rules: { 'top-holders': { max_share_bps: 10_000 }, liquidity: { min_quote_sol: 0 } },
        synthesis: { buy_score: 100 },
      }).strategy,
    };
    expect(secondOpinion(evidence, bold)).toMatchObject({ verdict: null, refusers: [] });
  });

  it('is told of cut short evidence when a rule has failed, by the failed ones only', () => {
    const robbed = anEvidence({
      honeypot: { restrictions: [{ kind: 'freeze-authority', detail: 'x can freeze' }] },
      holders: ended,
    });
    expect(secondOpinion(robbed, degen)).toMatchObject({
      verdict: 'SKIP',
      refusers: ['freeze-authority'],
    });
  });

  it('is not told for a BUY either: what was not learned could refuse', () => {
    const cut = anEvidence({ organic: ended });
    expect(synthesizeTradingDecision(cut, degen).verdict).toBe('BUY');
    expect(secondOpinion(cut, degen)).toMatchObject({ verdict: null, refusers: [] });
  });

  it.each(CHECK_IDS)('sees that %s was ended', (id) => {
    expect(isCutShort(anEvidence({ [id]: ended }))).toBe(true);
    expect(isCutShort(anEvidence({ [id]: failed('timed out') }))).toBe(false);
  });

  it('does not take a time-out for an early end', () => {
    const slow = anEvidence({ holders: failed('timed out') });
    expect(secondOpinion(slow, degen)).toMatchObject({ verdict: 'SKIP' });
  });
});

describe('shadows', () => {
  it('give verdict, score, version and who refused, in their order', () => {
    const evidence = anEvidence({ holders: { top1Bps: 900, top10Bps: 4_000 } });
    const { score } = synthesizeTradingDecision(evidence, degen);
    expect(shadowVerdicts(evidence, [cautious, degen])).toEqual([
      {
        name: 'cautious',
        version: cautious.version,
        verdict: 'SKIP',
        score: 0,
        refuser: 'largest-holder',
      },
      { name: 'degen', version: degen.version, verdict: 'BUY', score, refuser: null },
    ]);
  });

  const config = loadTradingConfig({ stage: 'test' });
  const setUp = (shadows: readonly (typeof degen)[], listing = absent('not listed yet')) => {
    const clock = handClock(DETECTED_AT_MS + 250);
    const decisions = memoryDecisionLedger();
    const fakes = fakeSources({ listing: async () => listing });
    return {
      ...fakes,
      decisions,
      deps: {
        checks: CHECKS,
        sources: fakes.sources,
        clock,
        pause: clock.pause,
        strategy: aStrategy(),
        settings: config.analyzer,
        decisions,
        tokens: memoryTokenQueue(),
        shadows,
      },
    };
  };
  const detection = aDetection({ ...anOpening(), dueAt: DETECTED_AT_MS + 50 });
  const never = new AbortController().signal;

  it('are stored with the decision, ask nobody and change nothing else', async () => {
    const alone = setUp([]);
    const along = setUp([cautious, degen]);
    const plain = await analyze(alone.deps, detection, never);
    const judged = await analyze(along.deps, detection, never);
    const { shadows, ...rest } = judged.decision;
    expect(rest).toEqual(plain.decision);
    expect(plain.decision).not.toHaveProperty('shadows');
    expect(shadows?.map(({ name }) => name)).toEqual(['cautious', 'degen']);
    expect([...along.decisions.rows.values()]).toEqual([judged.decision]);
    expect(along.asked).toEqual(alone.asked);
  });

  it('say that they cannot tell when a veto of the deciding strategy ended the analysis', async () => {
    const { deps } = setUp([degen]);
    const strict = {
      ...deps,
      strategy: aStrategy({ rules: { liquidity: { min_quote_sol: 1_000 } } }),
    };
    const { decision } = await analyze(strict, detection, never);
    expect(decision).toMatchObject({ verdict: 'SKIP', endedEarly: true });
    expect(decision.shadows).toMatchObject([{ name: 'degen', verdict: null, refuser: null }]);
  });

  it('do not judge what came too late', async () => {
    const { deps } = setUp([degen]);
    const { decision } = await analyze(
      deps,
      { ...detection, dueAt: DETECTED_AT_MS - 60_000 },
      never,
    );
    expect(decision.verdict).toBe('EXPIRED');
    expect(decision).not.toHaveProperty('shadows');
  });

  it('come from the configuration, by name, with the versions of their content', () => {
    const { shadows } = analyzeDeps(config, {
      HELIUS_API_KEY: 'key',
      JUPITER_API_KEY: '',
      X_BEARER_TOKEN: '',
    });
    expect(shadows).toEqual([cautious, degen]);
  });
});
