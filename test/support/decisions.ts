import { loadTradingConfig } from '#config/load-trading-config.ts';
import { synthesizeTradingDecision } from '#functions/analyzer/synthesis/synthesize.ts';
import type { Decision } from '#shared/domain/decision.ts';
import { CHECK_IDS, factsOf } from '#shared/domain/evidence.ts';
import { versionedStrategy } from '#cli/stack-config.ts';
import { addressNamed } from './detections.ts';
import { anEvidence } from './evidence.ts';

/** 2026-11-20T12:00:00Z, when the decisions of `aDecision` fall. */
export const DECIDED_AT_MS = Date.UTC(2026, 10, 20, 12);

/** The project's own strategy. */
export const testStrategy = versionedStrategy(loadTradingConfig({ stage: 'test' }));

type Options = Partial<Decision> & {
  /** Tells mint, pool and creator apart. */
  readonly token?: string;
};

/** What the project's strategy makes of such evidence; `options` change the row besides. */
export function aDecision(
  evidenceChanges: Parameters<typeof anEvidence>[0] = {},
  { token = 'gary', decidedAt = DECIDED_AT_MS, ...options }: Options = {},
): Decision {
  const detectedAt = decidedAt - 600;
  const evidence = {
    ...anEvidence({
      ...evidenceChanges,
      observedAt: decidedAt,
      opening: {
        mint: addressNamed(`${token} mint`),
        pool: addressNamed(`${token} pool`),
        creator: addressNamed(`${token} creator`),
        ...evidenceChanges.opening,
      },
    }),
    detectedAt,
    look: options.look ?? 1,
  };
  const described = factsOf(evidence.checks.metadata.finding);
  return {
    ...synthesizeTradingDecision(evidence, testStrategy),
    opening: evidence.opening,
    look: 1,
    signature: null,
    slot: 400_000_000,
    source: 'webhook',
    detectedAt,
    lagMs: 1_400,
    decidedAt,
    latencyMs: decidedAt - detectedAt,
    queuedMs: 20,
    checks: Object.fromEntries(
      CHECK_IDS.map((id) => [
        id,
        { status: evidence.checks[id].finding.status, ...evidence.checks[id].timing },
      ]),
    ),
    name: described?.name ?? '',
    symbol: described?.symbol ?? '',
    endedEarly: false,
    evidence,
    ...options,
  };
}
