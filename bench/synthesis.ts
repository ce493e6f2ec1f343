import { loadTradingConfig } from '#config/load-trading-config.ts';
import { strategyOf, strategyVersion } from '#config/strategy.ts';
import { synthesizeTradingDecision } from '#functions/analyzer/synthesis/synthesize.ts';
import { generatedEvidence } from './generated-evidence.ts';

export type SynthesisOptions = {
  /** Decisions to make, over and over the same evidence. */
  readonly decisions?: number;
  /** Distinct tokens to decide on. */
  readonly tokens?: number;
  readonly seed?: number;
};

/** How fast evidence becomes decisions, on one core. */
export type SynthesisFigures = {
  readonly decisions: number;
  /** By the clock. */
  readonly decisionsPerSecond: number;
  /** By processor time: the same however busy the machine is. */
  readonly decisionsPerCpuSecond: number;
  readonly tokens: number;
  /** Of the distinct tokens. */
  readonly bought: number;
};

/** Measures the pure synthesis under the project's own strategy; prints nothing. */
export function benchSynthesis({
  decisions = 1_000_000,
  tokens = 4_000,
  seed = 1,
}: SynthesisOptions = {}): SynthesisFigures {
  const strategy = strategyOf(loadTradingConfig({ stage: 'bench' }));
  const versioned = { strategy, version: strategyVersion(strategy) };
  const evidence = [...generatedEvidence(tokens, seed)].map((token) => token.evidence);
  // Once through all of them, so that what is measured is compiled.
  const bought = evidence.filter(
    (each) => synthesizeTradingDecision(each, versioned).shouldTrade,
  ).length;

  let made = 0;
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  while (made < decisions) {
    for (const each of evidence) synthesizeTradingDecision(each, versioned);
    made += evidence.length;
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    decisions: made,
    decisionsPerSecond: Math.round(made / seconds),
    decisionsPerCpuSecond: Math.round(made / ((user + system) / 1e6)),
    tokens,
    bought,
  };
}
