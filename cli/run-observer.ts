import * as z from 'zod';

import type { CloudEvent } from '#infra/local/cloud/cloud-event.ts';
import { VERDICTS } from '#shared/domain/decision.ts';
import { poolKey } from './run-summary.ts';

const decisionLine = z.object({
  message: z.literal('decision'),
  mint: z.string(),
  pool: z.string(),
  look: z.number(),
  result: z.enum(['stored', 'duplicate']),
  verdict: z.enum(VERDICTS),
  score: z.number(),
  latencyMs: z.number(),
  queuedMs: z.number(),
  symbol: z.string().optional(),
  venue: z.string().optional(),
  reason: z.string().optional(),
});
export type DecisionLine = z.infer<typeof decisionLine>;

/** What the functions' log lines tell of a run while it goes on. */
export type RunObserver = {
  readonly onEvent: (event: CloudEvent) => void;
  /** Pools that came out of the queue at least once. */
  readonly seen: ReadonlySet<string>;
  /** Pools whose looks have come to an end, with the decision that ended them. */
  readonly decided: ReadonlyMap<string, DecisionLine>;
  /** Pools that wait for another look. */
  readonly watched: () => number;
  /** Detection to decision of each first look, in milliseconds. */
  readonly firstLatenciesMs: readonly number[];
  /** Stored decisions of all looks: while it grows, the run moves. */
  readonly stored: () => number;
  /** Decisions stored again for a look that had one. */
  readonly duplicated: () => number;
  /** Stored decisions that say BUY, and outcomes that the executor has reported. */
  readonly approved: () => number;
  readonly executed: () => number;
  /** Problems worth telling a person: crashes, time-outs, errors, dead letters. */
  readonly problems: readonly string[];
};

export function runObserver(
  onDecision: (line: DecisionLine) => void = () => undefined,
): RunObserver {
  const seen = new Set<string>();
  const latest = new Map<string, DecisionLine>();
  const decided = new Map<string, DecisionLine>();
  const firstLatenciesMs: number[] = [];
  const storedLooks = new Set<string>();
  const problems: string[] = [];
  let duplicated = 0;
  let approved = 0;
  let executed = 0;

  /** The last look counts, in whichever order they were stored. */
  const follow = (line: DecisionLine): void => {
    const pool = poolKey(line);
    if (line.look < (latest.get(pool)?.look ?? 0)) return;
    latest.set(pool, line);
    if (line.verdict === 'WATCH') decided.delete(pool);
    else decided.set(pool, line);
  };

  const onDecisionLine = (line: DecisionLine): void => {
    seen.add(poolKey(line));
    if (line.result === 'duplicate') return;
    const lookId = `${poolKey(line)}#${line.look}`;
    if (storedLooks.has(lookId)) duplicated += 1;
    storedLooks.add(lookId);
    if (line.look === 1) firstLatenciesMs.push(line.latencyMs);
    follow(line);
    if (line.verdict === 'BUY') approved += 1;
    onDecision(line);
  };

  return {
    seen,
    decided,
    firstLatenciesMs,
    problems,
    watched: () => latest.size - decided.size,
    stored: () => storedLooks.size,
    duplicated: () => duplicated,
    approved: () => approved,
    executed: () => executed,
    onEvent(event) {
      const problem = problemOf(event);
      if (problem !== undefined && problems.length < 1_000) problems.push(problem);
      if (event.type !== 'log' || event.record === undefined) return;
      if (isOutcome(event.record)) executed += 1;
      const parsed = decisionLine.safeParse(event.record);
      if (parsed.success) onDecisionLine(parsed.data);
    },
  };
}

/** Every outcome of the executor but those that say "somebody else has it". */
const OUTCOMES: ReadonlySet<unknown> = new Set(['opened', 'abandoned', 'refused', 'stale']);
const isOutcome = (record: Readonly<Record<string, unknown>>): boolean =>
  record['service'] === 'executor' && OUTCOMES.has(record['message']);

/** A sentence for what a person should know of; undefined for what is in order. */
export function problemOf(event: CloudEvent): string | undefined {
  switch (event.type) {
    case 'timeout':
      return `${event.function} timed out after ${event.timeoutSeconds} s`;
    case 'crash':
      return `an environment of ${event.function} ended: ${event.reason}`;
    case 'functionError':
      return `${event.function} failed: ${event.errorType}: ${event.errorMessage}`;
    case 'deadLetter':
      return `message ${event.messageId} lies in the dead-letter queue ${event.queue}`;
    case 'streamDropped':
      return `${event.records} stream records of ${event.function} given up: ${event.condition}`;
    case 'cloudError':
      return `${event.part}: ${event.reason}`;
    case 'log': {
      const level = event.record?.['level'];
      return level === 'ERROR' ? `${event.function}: ${event.line.slice(0, 300)}` : undefined;
    }
    case 'coldStart':
    case 'throttle':
      return undefined;
  }
}
