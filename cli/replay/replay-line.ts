import * as z from 'zod';

import { type Decision, VERDICTS, type Verdict, decisionSchema } from '#shared/domain/decision.ts';
import { type Evidence, evidenceSchema } from '#shared/domain/evidence.ts';

/** What was decided at the time, where the line says so. */
export type StoredVerdict = {
  readonly verdict: Verdict;
  readonly score: number;
  /** The decisive one first. */
  readonly reasons: readonly string[];
};

/** One line of a replay. */
export type ReplayLine =
  | { readonly kind: 'evidence'; readonly evidence: Evidence; readonly stored?: StoredVerdict }
  /** A look that came too late: nobody was asked anything. */
  | { readonly kind: 'expired' }
  | { readonly kind: 'unreadable'; readonly reason: string };

const decisionLineSchema = decisionSchema
  .pick({ score: true, reasons: true, evidence: true })
  .extend({
    verdict: z.enum(VERDICTS),
  });
const holdsEvidence = z.object({ evidence: z.unknown() });

/** Reads one line of JSON: an evidence, or a decision as `npm run decisions -- --json --mint` prints it. */
export function parseReplayLine(line: string): ReplayLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
  if (holdsEvidence.safeParse(value).success) {
    const row = decisionLineSchema.safeParse(value);
    return row.success ? lineOf(row.data) : unreadable(row.error);
  }
  const evidence = evidenceSchema.safeParse(value);
  return evidence.success
    ? { kind: 'evidence', evidence: evidence.data }
    : unreadable(evidence.error);
}

/** The line of a decision that was read from the table. */
export const lineOf = ({
  evidence,
  verdict,
  score,
  reasons,
}: Pick<Decision, 'evidence' | 'verdict' | 'score' | 'reasons'>): ReplayLine =>
  evidence === null
    ? { kind: 'expired' }
    : { kind: 'evidence', evidence, stored: { verdict, score, reasons } };

function unreadable({ issues }: z.ZodError): ReplayLine {
  const [issue] = issues;
  const path = issue?.path.join('.') ?? '';
  return { kind: 'unreadable', reason: `${path === '' ? 'the line' : path}: ${issue?.message}` };
}
