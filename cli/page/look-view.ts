import type { RuleId } from '#config/trading-config.ts';
import { type VersionedStrategy, refuses } from '#functions/analyzer/synthesis/synthesize.ts';
import { RULE_IDS } from '#functions/analyzer/synthesis/rules/index.ts';
import { cleanText } from '#shared/domain/clean-text.ts';
import type { Decision, RuleAnswer } from '#shared/domain/decision.ts';
import { CHECK_IDS, type CheckId } from '#shared/domain/evidence.ts';
import { changeSentences } from '../explain-decision.ts';
import { scoreSentence } from '../explain/factor-lines.ts';
import { planSentences } from '../explain/plan-sentences.ts';
import { factsInWords } from './check-facts.ts';
import type { CheckView, FactorView, LookView } from './protocol.ts';

/** The checks that a rule reads, the one that tells most first. */
const READS: { readonly [Id in RuleId]: readonly CheckId[] } = {
  'token-program': ['metadata'],
  'mint-authority': ['honeypot'],
  'freeze-authority': ['honeypot'],
  'transfer-fee': ['honeypot'],
  extensions: ['honeypot'],
  'largest-holder': ['holders'],
  'top-holders': ['holders'],
  'creator-share': ['holders', 'organic'],
  bundle: ['holders'],
  liquidity: ['liquidity'],
  'price-impact': ['liquidity'],
  'pool-open': [],
  'rugcheck-risk': ['honeypot'],
  rugged: ['honeypot'],
  suspicious: ['organic'],
  'serial-creator': ['organic'],
  'liquidity-lock': ['liquidity'],
};

const MAX_VALUE = 400;
const clean = (text: string, maxLength = MAX_VALUE): string => cleanText(text, maxLength);

/** One look as the page shows it: texts made harmless, figures worked out. */
export function lookView(decision: Decision, strategy: VersionedStrategy | undefined): LookView {
  const { opening, plan } = decision;
  const decidedBy = strategy?.version === decision.strategyVersion ? strategy : undefined;
  return {
    look: decision.look,
    pool: opening.pool,
    verdict: decision.verdict,
    score: decision.score,
    coverage: decision.coverage,
    name: clean(decision.name, 64),
    symbol: clean(decision.symbol, 32),
    venue: opening.venue,
    event: opening.event,
    source: clean(decision.source, 32),
    creator: opening.creator,
    signature: decision.signature,
    slot: decision.slot,
    reasons: decision.reasons.map((reason) => clean(reason)),
    detectedAt: decision.detectedAt,
    decidedAt: decision.decidedAt,
    latencyMs: decision.latencyMs,
    queuedMs: decision.queuedMs,
    endedEarly: decision.endedEarly,
    strategyVersion: clean(decision.strategyVersion, 32),
    scoreSentence: decision.factors.length === 0 ? '' : scoreSentence(decision, decidedBy),
    checks: checkViews(decision),
    rules: decision.rules
      .map((answer) => ({
        rule: clean(answer.rule, 40),
        status: answer.status,
        refuses: refuses(answer),
        reason: clean(answer.reason),
      }))
      .sort((a, b) => rank(a) - rank(b)),
    factors: factorViews(decision),
    plan: plan === null ? [] : planSentences(plan),
    changes: changeSentences(decision, strategy).map((sentence) => clean(sentence, 900)),
  };
}

const rank = ({ status, refuses }: Pick<LookView['rules'][number], 'status' | 'refuses'>): number =>
  refuses ? 0 : status === 'unknown' ? 1 : 2;

function checkViews({ checks, evidence, rules }: Decision): CheckView[] {
  return CHECK_IDS.flatMap((id): CheckView[] => {
    const check = checks[id];
    if (check === undefined) return [];
    const finding = evidence?.checks[id].finding;
    const { startedMs, latencyMs, attempts, status } = check;
    return [
      {
        id,
        status,
        startedMs,
        endedMs: startedMs + latencyMs,
        attempts,
        reason: finding === undefined || finding.status === 'known' ? '' : clean(finding.reason),
        refusals: rules.filter((answer) => refuses(answer) && reads(answer, id)).map(nameOf),
        facts:
          evidence === null
            ? []
            : factsInWords(evidence, id).map(({ label, value }) => ({
                label,
                value: clean(value),
              })),
      },
    ];
  });
}

const nameOf = ({ rule }: RuleAnswer): string => clean(rule, 40);
const reads = ({ rule }: RuleAnswer, check: CheckId): boolean => {
  const id = RULE_IDS.find((each) => each === rule);
  return id !== undefined && READS[id].includes(check);
};

/** Points as they make up the score: shares of the weight that is known. */
function factorViews({ factors }: Pick<Decision, 'factors'>): FactorView[] {
  const known = factors.filter(({ quality }) => quality !== null);
  const whole = known.reduce((sum, { weight }) => sum + weight, 0);
  return factors.map(({ factor, quality, weight, value }) => {
    const most = quality === null || whole === 0 ? 0 : (100 * weight) / whole;
    return {
      factor: clean(factor, 40),
      quality,
      most,
      points: (quality ?? 0) * most,
      value: clean(value),
    };
  });
}
