import type { TradingConfig } from '#config/trading-config.ts';
import type { Decision, TradingDecision } from '#shared/domain/decision.ts';
import { poolOpeningSchema, type TokenDetected } from '#shared/domain/detection.ts';
import { CHECK_IDS, type Evidence, factsOf } from '#shared/domain/evidence.ts';
import type { DecisionLedger } from '#shared/ports/decision-ledger.ts';
import type { TokenQueue } from '#shared/ports/token-queue.ts';
import { type GatherDeps, gatherEvidence } from './gather-evidence.ts';
import { keptEvidence } from './kept-evidence.ts';
import { nextLook } from './next-look.ts';
import { vetoOf } from './synthesis/judge.ts';
import { wantedStakeLamports } from './synthesis/plan.ts';
import { type Shadow, shadowVerdicts } from './synthesis/shadow-verdicts.ts';
import { synthesizeTradingDecision, type VersionedStrategy } from './synthesis/synthesize.ts';

export type AnalyzeDeps = GatherDeps & {
  readonly decisions: DecisionLedger;
  /** Where the later looks are put. */
  readonly tokens: TokenQueue;
  readonly strategy: VersionedStrategy;
  /** Strategies that judge along, in the order of their names; none when left out. */
  readonly shadows?: readonly Shadow[];
  readonly settings: TradingConfig['analyzer'];
};

/** Less than what the runtime keeps back of an invocation (`RESPONSE_RESERVE_MS`). */
const STORE_TIMEOUT_MS = 1_200;

/** `duplicate`: this look had its decision already, and keeps it. */
export type AnalyzeOutcome = {
  readonly result: 'stored' | 'duplicate';
  readonly decision: Decision;
};

/**
 * One look at one token: evidence, decision, one conditional put. Safe to call again with the same
 * message. A look that is overdue is recorded as `EXPIRED` and asks nobody anything. `before` is the
 * evidence of the look before.
 * @throws {Fault} `queue.refused`, `ledger.unavailable`: the message has to come again.
 */
export async function analyze(
  deps: AnalyzeDeps,
  detected: TokenDetected,
  signal: AbortSignal,
  before?: Evidence,
): Promise<AnalyzeOutcome> {
  const pickedUpAt = deps.clock.now();
  const overdueMs = pickedUpAt - detected.dueAt;
  const decision =
    overdueMs > deps.settings.max_age_seconds * 1_000
      ? expiredDecision(deps, detected, pickedUpAt)
      : await decide(deps, detected, pickedUpAt, signal, before);
  // Not `signal`: what was decided with the last of the time must still be stored.
  const storing = AbortSignal.timeout(STORE_TIMEOUT_MS);
  // First the next look, then the row: whoever finds a WATCH in the table may rely on its next look.
  if (decision.verdict === 'WATCH') {
    await deps.tokens.send(
      [nextLook(detected, deps.strategy.strategy, decision.decidedAt)],
      storing,
    );
  }
  return { result: await deps.decisions.record(decision, storing), decision };
}

/** Gathers evidence and decides, without storing: what `npm run analyze` shows. */
export async function decide(
  deps: Omit<AnalyzeDeps, 'decisions' | 'tokens'>,
  detected: TokenDetected,
  pickedUpAt: number,
  signal: AbortSignal,
  before?: Evidence,
): Promise<Decision> {
  const { settings, strategy } = deps;
  const opening = poolOpeningSchema.parse(detected);
  const { evidence, endedEarly } = await gatherEvidence(
    deps,
    { opening, detectedAt: detected.detectedAt, look: detected.look },
    {
      openingSlot: detected.slot,
      stakeLamports: wantedStakeLamports(strategy.strategy),
      absentRetries: settings.absent_retries,
      absentRetryMs: settings.absent_retry_ms,
      checkTimeoutMs: settings.check_timeout_ms,
      isSettled: (partial) =>
        settings.early_exit && vetoOf(partial, strategy.strategy) !== undefined,
      ...(before === undefined ? {} : { kept: keptEvidence(before) }),
    },
    signal,
  );
  const synthesis = synthesizeTradingDecision(evidence, strategy);
  const decision = decisionOf(detected, synthesis, { pickedUpAt, evidence, endedEarly });
  const { shadows = [] } = deps;
  return shadows.length === 0
    ? decision
    : { ...decision, shadows: shadowVerdicts(evidence, shadows) };
}

function expiredDecision(deps: AnalyzeDeps, detected: TokenDetected, pickedUpAt: number): Decision {
  const lateSeconds = Math.round((pickedUpAt - detected.dueAt) / 1_000);
  const synthesis: TradingDecision = {
    verdict: 'EXPIRED',
    shouldTrade: false,
    score: 0,
    coverage: 0,
    reasons: [`${lateSeconds} s overdue, limit ${deps.settings.max_age_seconds} s`],
    rules: [],
    factors: [],
    plan: null,
    strategyVersion: deps.strategy.version,
  };
  return decisionOf(detected, synthesis, { pickedUpAt, evidence: null, endedEarly: false });
}

type Analysis = {
  readonly pickedUpAt: number;
  readonly evidence: Evidence | null;
  readonly endedEarly: boolean;
};

function decisionOf(
  detected: TokenDetected,
  synthesis: TradingDecision,
  { pickedUpAt, evidence, endedEarly }: Analysis,
): Decision {
  const decidedAt = evidence?.observedAt ?? pickedUpAt;
  const described = evidence === null ? undefined : factsOf(evidence.checks.metadata.finding);
  return {
    ...synthesis,
    opening: poolOpeningSchema.parse(detected),
    look: detected.look,
    signature: detected.signature,
    slot: detected.slot,
    source: detected.source,
    detectedAt: detected.detectedAt,
    lagMs: lagOf(detected),
    decidedAt,
    latencyMs: Math.max(0, decidedAt - detected.detectedAt),
    queuedMs: Math.max(0, pickedUpAt - detected.dueAt),
    checks: evidence === null ? {} : checkSummaries(evidence),
    name: described?.name ?? '',
    symbol: described?.symbol ?? '',
    endedEarly,
    evidence,
  };
}

/** A node's clock may run behind the block's: no lag is less than none. */
const lagOf = ({ blockTime, detectedAt }: TokenDetected): number | null =>
  blockTime === null ? null : Math.max(0, detectedAt - blockTime * 1_000);

function checkSummaries({ checks }: Evidence): Decision['checks'] {
  return Object.fromEntries(
    CHECK_IDS.map((id) => [id, { status: checks[id].finding.status, ...checks[id].timing }]),
  );
}
