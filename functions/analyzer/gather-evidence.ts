import { ENDED_EARLY } from '#shared/domain/cut-short.ts';
import type { PoolOpening } from '#shared/domain/detection.ts';
import {
  CHECK_IDS,
  type CheckId,
  EVIDENCE_VERSION,
  type Evidence,
  type FactsOf,
  type Finding,
  failed,
  known,
} from '#shared/domain/evidence.ts';
import { reasonOf } from '#shared/domain/fault.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { Checks } from './checks/check.ts';
import { PENDING } from './checks/pending.ts';
import { NOTHING_KEPT } from './kept-evidence.ts';
import { type QuestionDeps, type QuestionOptions, tokenQuestions } from './token-questions.ts';

export type GatherDeps = QuestionDeps & {
  readonly checks: Checks;
  readonly clock: Clock;
};

export type GatherOptions = QuestionOptions & {
  /** Time of all checks together: they start at once. */
  readonly checkTimeoutMs: number;
  /** Looks at evidence that is not complete yet; true ends the checks that still run. */
  readonly isSettled: (evidence: Evidence) => boolean;
};

export type Detected = {
  readonly opening: PoolOpening;
  readonly detectedAt: number;
  readonly look: number;
};

type Entry<Id extends CheckId> = Evidence['checks'][Id];

/**
 * Runs all checks at once and resolves with what they learned: within `checkTimeoutMs`, and before
 * `signal` aborts, whatever an upstream does. Never rejects: a check that failed says so.
 */
export async function gatherEvidence(
  { checks, sources, clock, pause }: GatherDeps,
  detected: Detected,
  options: GatherOptions,
  signal: AbortSignal,
): Promise<{ evidence: Evidence; endedEarly: boolean }> {
  const startedAt = clock.now();
  const ending = new AbortController();
  const within = AbortSignal.any([
    signal,
    ending.signal,
    AbortSignal.timeout(options.checkTimeoutMs),
  ]);
  const deadlineMs = startedAt + options.checkTimeoutMs;
  const asked = { ...options, deadlineMs };
  const questions = tokenQuestions({ sources, pause }, detected.opening, asked, within);
  const entries = pendingEntries();
  const { whole, standIn } = options.kept ?? NOTHING_KEPT;
  const running = new Set<CheckId>(CHECK_IDS.filter((id) => whole[id] === undefined));
  let settledAt: number | undefined;

  const evidence = (): Evidence => ({
    version: EVIDENCE_VERSION,
    ...detected,
    // What was certain stays so: an early end is judged again as of the moment it was seen.
    observedAt: settledAt ?? clock.now(),
    checks: entries,
  });
  const note = <Id extends CheckId>(id: Id, finding: Finding<FactsOf<Id>>): void => {
    const timing = {
      startedMs: 0,
      // The system's clock may be set back.
      latencyMs: Math.max(0, clock.now() - startedAt),
      attempts: questions.calls[id],
    };
    set(entries, id, finding, timing);
    if (within.aborted || running.size === 0) return;
    const partial = evidence();
    if (!options.isSettled(partial)) return;
    settledAt = partial.observedAt;
    ending.abort(new Error(ENDED_EARLY));
  };
  const runCheck = async <Id extends CheckId>(id: Id): Promise<void> => {
    const publish = (facts: FactsOf<Id>): void => {
      // What comes after the end would change evidence that was already judged.
      if (!within.aborted && running.has(id)) note(id, known(facts));
    };
    const finding = await untilAborted(
      async () => checks[id].run(questions.as(id), publish),
      within,
    );
    running.delete(id);
    // Facts that were published before the end stay: they are certain.
    if (finding.status === 'failed' && entries[id].finding.status === 'known') {
      entries[id].timing = { ...entries[id].timing, attempts: questions.calls[id] };
      return;
    }
    note(id, finding.status === 'known' ? finding : (standIn[id] ?? finding));
  };
  const keep = <Id extends CheckId>(id: Id): void => {
    const finding = whole[id];
    if (finding !== undefined) set(entries, id, finding, NOT_RUN);
  };

  for (const id of CHECK_IDS) keep(id);
  await Promise.all([...running].map(async (id) => runCheck(id)));
  return { evidence: evidence(), endedEarly: settledAt !== undefined };
}

/** A rejection or the end of the analysis as `failed`; a check that never settles holds nobody up. */
async function untilAborted<Facts>(
  run: () => Promise<Finding<Facts>>,
  signal: AbortSignal,
): Promise<Finding<Facts>> {
  const ended = new Promise<Finding<Facts>>((resolve) => {
    const end = () => resolve(failed(endReason(signal)));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
  return Promise.race([run().catch((error: unknown) => failed(reasonOf(error))), ended]);
}

function endReason({ reason }: AbortSignal): string {
  if (reason instanceof Error && reason.name === 'TimeoutError') return 'timed out';
  return reason instanceof Error ? reason.message : 'ended';
}

const NOT_RUN = { startedMs: 0, latencyMs: 0, attempts: 0 };

const pendingEntry = () => ({ finding: PENDING, timing: NOT_RUN });

const pendingEntries = (): Evidence['checks'] => ({
  metadata: pendingEntry(),
  holders: pendingEntry(),
  social: pendingEntry(),
  honeypot: pendingEntry(),
  organic: pendingEntry(),
  liquidity: pendingEntry(),
});

/** One entry, its type tied to its check. */
function set<Id extends CheckId>(
  entries: { [Key in CheckId]: { finding: Finding<FactsOf<Key>>; timing: Entry<Key>['timing'] } },
  id: Id,
  finding: Finding<FactsOf<Id>>,
  timing: Entry<Id>['timing'],
): void {
  entries[id].finding = finding;
  entries[id].timing = timing;
}
