import { type Verdict, VERDICTS } from '#shared/domain/decision.ts';
import { refuserOf } from './decision-filter.ts';
import type { DecisionRow } from './decision-row.ts';
import { type Percentiles, percentiles } from './percentiles.ts';
import { type Column, tableLines } from './terminal.ts';

/** Figures of a group of decisions. Latency: detection to decision, of first looks that were analysed. */
export type GroupStats = {
  readonly total: number;
  readonly byVerdict: Readonly<Record<Verdict, number>>;
  readonly latencyMs: Percentiles;
};

export type DecisionStats = GroupStats & {
  /** `decisive`: it was the first reason. `named`: it was among the reasons. */
  readonly refusedBy: Readonly<Record<string, { decisive: number; named: number }>>;
  readonly byVenue: Readonly<Record<string, GroupStats>>;
  /** By hour, `2026-11-20T10`, oldest first. */
  readonly byHour: Readonly<Record<string, GroupStats>>;
};

/** Takes rows one by one, and keeps a few numbers of each. */
export type StatsCollector = {
  readonly add: (row: DecisionRow) => void;
  readonly stats: () => DecisionStats;
};

type Group = { readonly counts: Map<Verdict, number>; readonly latencies: number[] };
const newGroup = (): Group => ({ counts: new Map(), latencies: [] });

export function statsCollector(): StatsCollector {
  const all = newGroup();
  const venues = new Map<string, Group>();
  const hours = new Map<string, Group>();
  const refusers = new Map<string, { decisive: number; named: number }>();

  const countRefusals = ({ verdict, reasons }: DecisionRow): void => {
    if (verdict !== 'SKIP') return;
    const names = reasons.map(refuserOf);
    for (const name of new Set(names)) {
      const { decisive, named } = refusers.get(name) ?? { decisive: 0, named: 0 };
      const isFirst = name === names[0] ? 1 : 0;
      refusers.set(name, { decisive: decisive + isFirst, named: named + 1 });
    }
  };

  return {
    add(row) {
      const hour = new Date(row.decidedAt).toISOString().slice(0, 13);
      for (const group of [all, groupIn(venues, row.venue), groupIn(hours, hour)]) {
        group.counts.set(row.verdict, (group.counts.get(row.verdict) ?? 0) + 1);
        // What expired was not analysed: its age is the queue's, not ours. A later look waits on purpose.
        if (row.verdict !== 'EXPIRED' && row.look === 1) group.latencies.push(row.latencyMs);
      }
      countRefusals(row);
    },
    stats: () => ({
      ...figures(all),
      refusedBy: Object.fromEntries(
        [...refusers].sort(([, a], [, b]) => b.decisive - a.decisive || b.named - a.named),
      ),
      byVenue: Object.fromEntries(
        [...venues].map(([venue, group]) => [venue, figures(group)] as const).sort(byTotal),
      ),
      byHour: Object.fromEntries(
        [...hours]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([hour, group]) => [hour, figures(group)]),
      ),
    }),
  };
}

function groupIn(groups: Map<string, Group>, name: string): Group {
  const group = groups.get(name) ?? newGroup();
  groups.set(name, group);
  return group;
}

const byTotal = ([, a]: readonly [string, GroupStats], [, b]: readonly [string, GroupStats]) =>
  b.total - a.total;

function figures({ counts, latencies }: Group): GroupStats {
  const of = (verdict: Verdict): number => counts.get(verdict) ?? 0;
  return {
    total: VERDICTS.reduce((sum, verdict) => sum + of(verdict), 0),
    byVerdict: { BUY: of('BUY'), SKIP: of('SKIP'), WATCH: of('WATCH'), EXPIRED: of('EXPIRED') },
    latencyMs: percentiles(latencies),
  };
}

const GROUP_COLUMNS = (name: string): Column[] => [
  { header: name },
  { header: 'decisions', align: 'right' },
  ...VERDICTS.map((header): Column => ({ header, align: 'right' })),
  { header: 'p50 ms', align: 'right' },
  { header: 'p95 ms', align: 'right' },
  { header: 'p99 ms', align: 'right' },
];

const REFUSER_COLUMNS: readonly Column[] = [
  { header: 'refused by' },
  { header: 'decisive', align: 'right' },
  { header: 'of all SKIP', align: 'right' },
  { header: 'named', align: 'right' },
];

/** The figures for people, as tables fitted to `width`. */
export function statsLines(stats: DecisionStats, width?: number): string[] {
  const skipped = stats.byVerdict.SKIP;
  const refusers = Object.entries(stats.refusedBy).map(([name, { decisive, named }]) => [
    name,
    String(decisive),
    `${((100 * decisive) / Math.max(1, skipped)).toFixed(1)} %`,
    String(named),
  ]);
  const groups = (name: string, of: Readonly<Record<string, GroupStats>>) =>
    tableLines(
      GROUP_COLUMNS(name),
      Object.entries(of).map(([each, group]) => groupCells(each, group)),
      width,
    );
  return [
    ...groups('all', { '': stats }),
    ...(refusers.length === 0 ? [] : ['', ...tableLines(REFUSER_COLUMNS, refusers, width)]),
    '',
    ...groups('venue', stats.byVenue),
    '',
    ...groups('hour (UTC)', stats.byHour),
  ];
}

const groupCells = (name: string, { total, byVerdict, latencyMs }: GroupStats): string[] => [
  name,
  String(total),
  ...VERDICTS.map((verdict) => String(byVerdict[verdict])),
  ...[latencyMs.p50, latencyMs.p95, latencyMs.p99].map((ms) =>
    ms === null ? '' : String(Math.round(ms)),
  ),
];
