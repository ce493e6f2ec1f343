import { decide } from '#functions/analyzer/analyze.ts';
import { type Address, isAddress } from '#shared/domain/address.ts';
import type { Decision } from '#shared/domain/decision.ts';
import { MAX_LOOKS, type TokenDetected } from '#shared/domain/detection.ts';
import { reasonOf } from '#shared/domain/fault.ts';
import { mapBounded } from '#shared/runtime/map-bounded.ts';
import { type AnalysisSetup, type SetupOptions, analysisSetup } from './analysis-setup.ts';
import { type FoundOpening, findOpening } from './find-opening.ts';
import { plain } from './terminal.ts';
import { storyOf } from './tell-story.ts';

/** What came of one mint: a decision, or a sentence on why there is none. */
export type Analysis =
  | {
      readonly outcome: 'decided';
      readonly mint: Address;
      readonly decision: Decision;
      readonly found: FoundOpening;
      /** The last stored look at this mint, if there is one; and all of them, the oldest first. */
      readonly stored: Decision | undefined;
      readonly looks: readonly Decision[];
    }
  | {
      readonly outcome: 'refused';
      readonly mint: string;
      /** Wrong usage: what was given is no address at all. */
      readonly isUsage: boolean;
      readonly reason: string;
    };

export type BatchOptions = SetupOptions & {
  /** Instead of the stack's own upstreams and strategy. */
  readonly setup?: AnalysisSetup;
  readonly onDone?: (done: number, of: number) => void;
};

/** Kept back from the time limit of an analysis, as in the Lambda. */
const RESERVE_MS = 1_500;

/**
 * Analyses these mints now, all at once with at most `pool_size` under way, and stores nothing. One
 * that cannot be analysed says why; the others go on. Results stand in the order of the mints.
 */
export async function submitBatch(
  mints: readonly string[],
  options: BatchOptions = {},
): Promise<Analysis[]> {
  const setup = options.setup ?? (await analysisSetup(options));
  const wanted = [...new Set(mints)];
  let done = 0;
  return mapBounded(wanted, setup.config.parallel_processing.pool_size, async (mint) => {
    const analysis = await analyzeToken(mint, { setup });
    done += 1;
    options.onDone?.(done, wanted.length);
    return analysis;
  });
}

/** Analyses one mint now: all checks, the decision, nothing stored. */
export async function analyzeToken(mint: string, options: BatchOptions = {}): Promise<Analysis> {
  if (!isAddress(mint)) {
    const reason = `"${plain(mint, 60)}" is no address: base58 of 32 bytes, 32 to 44 characters`;
    return { outcome: 'refused', mint, isUsage: true, reason };
  }
  const setup = options.setup ?? (await analysisSetup(options));
  const { deps, config } = setup;
  const signal = AbortSignal.timeout(
    config.parallel_processing.task_timeout_seconds * 1_000 - RESERVE_MS,
  );
  try {
    const { decisions } = await storyOf(setup.index, mint);
    const stored = decisions.at(-1);
    const found = await findOpening(mint, stored, setup, signal);
    const startedAt = deps.clock.now();
    const decision = await decide(deps, detectionOf(found, startedAt), startedAt, signal);
    const missing = whyNoToken(decision);
    if (missing === undefined) {
      return { outcome: 'decided', mint, decision, found, stored, looks: decisions };
    }
    return { outcome: 'refused', mint, isUsage: false, reason: `${mint}: ${missing}` };
  } catch (error) {
    return { outcome: 'refused', mint, isUsage: false, reason: `${mint}: ${reasonOf(error)}` };
  }
}

/** As a last look: nobody looks again by himself at what a person asked for, so it decides now. */
const detectionOf = ({ opening }: FoundOpening, now: number): TokenDetected => ({
  ...opening,
  version: 1,
  signature: null,
  slot: null,
  blockTime: null,
  detectedAt: now,
  source: 'manual',
  look: MAX_LOOKS,
  dueAt: now,
});

/** Without a mint account there is no token to decide on; anything else unknown is part of the answer. */
function whyNoToken({ evidence }: Decision): string | undefined {
  const finding = evidence?.checks.metadata.finding;
  if (finding?.status === 'absent') return `no such mint: ${finding.reason}`;
  return finding?.status === 'failed' && finding.reason.startsWith('no mint of a token program')
    ? `this account is ${finding.reason}`
    : undefined;
}
