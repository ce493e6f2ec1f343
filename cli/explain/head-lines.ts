import type { Decision } from '#shared/domain/decision.ts';
import { plain } from '../terminal.ts';
import { utcText } from '../time-span.ts';
import { wrapped } from '../wrapped.ts';
import type { Paint } from './paint.ts';

/** Verdict with the decisive sentence, the other reasons, and which token, when and by what. */
export function headLines(decision: Decision, width: number, paint: Paint): string[] {
  const { opening, verdict, reasons, lagMs, latencyMs, queuedMs, endedEarly, look } = decision;
  const tint = { BUY: paint.good, SKIP: paint.bad, WATCH: paint.unsure, EXPIRED: paint.dim };
  const names = [plain(decision.symbol), plain(decision.name)].filter((each) => each !== '');
  const [decisive = 'no reason is stored', ...others] = reasons.map((reason) => plain(reason));
  const found =
    decision.source === 'manual'
      ? 'looked at by hand'
      : `look ${look}, found by ${plain(decision.source)}`;
  const lag = lagMs === null ? '' : ` ${(lagMs / 1_000).toFixed(1)} s after its block`;
  const token = [
    `${names.length === 0 ? 'name unknown' : names.join(', ')}; ${opening.event} on ${opening.venue}, ${found}${lag}`,
    `mint ${opening.mint}`,
    ...(opening.pool === opening.mint ? [] : [`pool ${opening.pool}`]),
    ...(opening.creator === null ? [] : [`creator ${opening.creator}`]),
  ];
  const decided =
    `decided ${utcText(decision.decidedAt)} UTC, ${latencyMs} ms after detection (${queuedMs} ms of it waiting)` +
    `${endedEarly ? ', ended early by the first refusal' : ''}; strategy ${plain(decision.strategyVersion)}`;
  const [first = '', ...rest] = wrapped(decisive, width - verdict.length);
  return [
    `${tint[verdict](verdict)}  ${paint.bold(first)}`,
    ...rest.map((line) => `${' '.repeat(verdict.length + 2)}${paint.bold(line)}`),
    ...others.flatMap((reason) => wrapped(`also ${reason}`, width)).map((line) => `  ${line}`),
    ...token.flatMap((line) => wrapped(line, width)).map((line) => `  ${line}`),
    ...wrapped(decided, width).map((line) => paint.dim(`  ${line}`)),
  ];
}
