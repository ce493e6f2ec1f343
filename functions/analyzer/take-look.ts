import type { Verdict } from '#shared/domain/decision.ts';
import type { TokenDetected } from '#shared/domain/detection.ts';
import { analyze, type AnalyzeDeps, type AnalyzeOutcome } from './analyze.ts';

/**
 * `seen`: an earlier delivery of this message has its decision. `ended`: the look before was no WATCH,
 * so nobody waits for this one.
 */
export type LookOutcome =
  | AnalyzeOutcome
  | { readonly result: 'seen' }
  | { readonly result: 'ended'; readonly verdict: Verdict };

/**
 * Takes one look, as its message is delivered: once, twice, or after a crash at any step.
 *
 * The looks at a pool are a chain that ends in BUY, SKIP or EXPIRED. A WATCH puts its next look on the
 * queue, then its row into the table, and only then is its message acknowledged. So:
 * - A crash before the row: the message comes again and the look is taken again. Its next look may be
 *   on the queue by then, a second one beside it does no harm: the table takes one row for each look.
 * - A crash after the row: the message comes again, finds the row and is done. That row proves that
 *   the next look was accepted by the queue, whoever wrote it: there is nothing to make up for.
 * - A look taken again may come to another verdict than the run whose row counts. A next look that it
 *   has queued finds a final row before it, and stops.
 * - A look that finds no row before it (that message is still to come again) asks everything anew.
 */
export async function takeLook(
  deps: AnalyzeDeps,
  detected: TokenDetected,
  { receiveCount, signal }: { readonly receiveCount: number; readonly signal: AbortSignal },
): Promise<LookOutcome> {
  const { mint, pool, look } = detected;
  if (receiveCount > 1 && (await deps.decisions.has(mint, pool, look, signal))) {
    return { result: 'seen' };
  }
  if (look === 1) return analyze(deps, detected, signal);
  const before = await deps.decisions.find(mint, pool, look - 1, signal);
  if (before !== undefined && before.verdict !== 'WATCH') {
    return { result: 'ended', verdict: before.verdict };
  }
  return analyze(deps, detected, signal, before?.evidence ?? undefined);
}
