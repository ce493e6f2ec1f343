import { percentile } from './percentiles.ts';
import type { DecisionLine, RunObserver } from './run-observer.ts';
import { plain } from './terminal.ts';

/** The terminal while the system runs: a line for each decision, and a status line below them. */
export type LiveView = {
  readonly step: (text: string) => void;
  readonly decision: (line: DecisionLine) => void;
  readonly problem: (text: string) => void;
  readonly end: () => void;
};

export type LiveViewOptions = {
  readonly output: NodeJS.WriteStream;
  readonly observer: () => RunObserver | undefined;
  readonly startedAtMs: number;
};

const REDRAW_MS = 250;
/** Faster than this, single lines only flicker past: the rest is counted in the status line. */
const MAX_LINES_A_REDRAW = 12;

/** Draws on a terminal; on a pipe it writes the steps and problems only. */
export function liveView({ output, observer, startedAtMs }: LiveViewOptions): LiveView {
  const tty = output.isTTY;
  let pending: string[] = [];
  let hidden = 0;
  const clear = () => (tty ? '\r\u001B[2K' : '');

  const redraw = (): void => {
    const lines = pending;
    pending = [];
    const more = hidden > 0 ? [`  ... and ${hidden} more`] : [];
    hidden = 0;
    const text = [...lines, ...more].map((line) => `${fit(line, output)}\n`).join('');
    output.write(`${clear()}${text}${fit(statusLine(observer(), startedAtMs), output)}`);
  };
  const timer = tty ? setInterval(redraw, REDRAW_MS) : undefined;

  return {
    step: (text) => output.write(`${clear()}${text}\n`),
    problem: (text) => output.write(`${clear()}! ${plain(text)}\n`),
    decision(line) {
      if (!tty) return;
      if (pending.length >= MAX_LINES_A_REDRAW) hidden += 1;
      else pending.push(decisionText(line));
    },
    end() {
      clearInterval(timer);
      if (tty) redraw();
      output.write(tty ? '\n' : '');
    },
  };
}

function decisionText({
  verdict,
  score,
  symbol,
  venue,
  latencyMs,
  mint,
  look,
  reason,
}: DecisionLine): string {
  const token = plain(symbol ?? '').slice(0, 12) || mint.slice(0, 8);
  const columns = [
    new Date().toISOString().slice(11, 19),
    verdict.padEnd(7),
    String(Math.round(score)).padStart(3),
    token.padEnd(12),
    (venue ?? '').padEnd(17),
    `${latencyMs} ms`.padStart(8),
  ];
  const which = look === 1 ? '' : `look ${look}: `;
  return `${columns.join('  ')}  ${which}${plain(reason ?? '')}`;
}

function statusLine(observer: RunObserver | undefined, startedAtMs: number): string {
  if (observer === undefined) return '';
  const seconds = Math.round((Date.now() - startedAtMs) / 1_000);
  const ms = (share: number) => `${percentile(observer.firstLatenciesMs, share) ?? '-'} ms`;
  return [
    `${seconds} s`,
    `${observer.decided.size} decided`,
    ...(observer.watched() > 0 ? [`${observer.watched()} watched`] : []),
    `${observer.approved()} BUY`,
    `${observer.executed()} at the executor`,
    `p50 ${ms(0.5)}`,
    `p99 ${ms(0.99)}`,
    ...(observer.problems.length > 0 ? [`${observer.problems.length} problems`] : []),
  ].join('  |  ');
}

const fit = (line: string, { columns }: NodeJS.WriteStream): string =>
  columns > 0 && line.length > columns - 1 ? `${line.slice(0, columns - 2)}…` : line;
