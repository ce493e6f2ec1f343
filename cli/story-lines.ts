import type { Decision } from '#shared/domain/decision.ts';
import { type Column, tableLines } from './terminal.ts';

const COLUMNS: readonly Column[] = [
  { header: 'look', align: 'right' },
  { header: 'after', align: 'right' },
  { header: 'verdict' },
  { header: 'score', align: 'right' },
  { header: 'known', align: 'right' },
  { header: 'reason', atLeast: 20 },
];

/** The looks at each pool as one story: a line each, in their order. Nothing for a single look. */
export function storyLines(decisions: readonly Decision[], width?: number): string[] {
  if (decisions.length < 2) return [];
  const pools = [...Map.groupBy(decisions, ({ opening }) => opening.pool)];
  return pools.flatMap(([pool, looks]) => {
    const rows = looks.toSorted((a, b) => a.look - b.look).map(cells);
    const lines = tableLines(COLUMNS, rows, width);
    return pools.length > 1 ? [`pool ${pool}`].concat(lines) : lines;
  });
}

function cells({ look, latencyMs, verdict, score, coverage, reasons }: Decision): string[] {
  const isJudged = verdict !== 'EXPIRED';
  return [
    String(look),
    `${(latencyMs / 1_000).toFixed(1)} s`,
    verdict,
    isJudged ? score.toFixed(1) : '',
    isJudged ? coverage.toFixed(2) : '',
    reasons[0] ?? '',
  ];
}
