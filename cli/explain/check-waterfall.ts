import type { Decision } from '#shared/domain/decision.ts';
import { CHECK_IDS, type Evidence } from '#shared/domain/evidence.ts';
import { tableLines } from '../terminal.ts';

const BAR_WIDTH = 24;

/** One line a check: when it ran and for how long, what it came to, and why when it learned nothing. */
export function checkWaterfall(
  { checks, evidence }: Pick<Decision, 'checks' | 'evidence'>,
  width: number,
): string[] {
  const rows = CHECK_IDS.flatMap((id) => {
    const check = checks[id];
    return check === undefined ? [] : [{ id, ...check, reason: reasonOf(evidence, id) }];
  });
  const endMs = Math.max(1, ...rows.map(({ startedMs, latencyMs }) => startedMs + latencyMs));
  return tableLines(
    [
      { header: '' },
      { header: '' },
      { header: '' },
      { header: '', align: 'right' },
      { header: '', align: 'right', optional: true },
      { header: '', atLeast: 12, optional: true },
    ],
    rows.map(({ id, status, startedMs, latencyMs, attempts, reason }) => [
      id,
      status,
      bar(startedMs / endMs, latencyMs / endMs),
      `${Math.round(latencyMs)} ms`,
      `${attempts} ${attempts === 1 ? 'call' : 'calls'}`,
      reason,
    ]),
    width,
  ).slice(1);
}

/** `░` before the check began, `█` while it ran: at least one, so that a fast one is seen. */
function bar(from: number, length: number): string {
  const before = Math.min(BAR_WIDTH - 1, Math.round(from * BAR_WIDTH));
  const during = Math.max(1, Math.min(BAR_WIDTH - before, Math.round(length * BAR_WIDTH)));
  return `${'░'.repeat(before)}${'█'.repeat(during)}${'░'.repeat(BAR_WIDTH - before - during)}`;
}

function reasonOf(evidence: Evidence | null, id: (typeof CHECK_IDS)[number]): string {
  const finding = evidence?.checks[id].finding;
  return finding === undefined || finding.status === 'known' ? '' : finding.reason;
}
