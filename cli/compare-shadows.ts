import { VERDICTS, type Verdict } from '#shared/domain/decision.ts';
import type { DecisionRow } from './decision-row.ts';
import { type Column, plain, tableLines } from './terminal.ts';
import { utcText } from './time-span.ts';

/** A verdict of a shadow, or `?` where the analysis ended before it could tell. */
type Told = Verdict | '?';
const TOLD = [...VERDICTS, '?'] as const satisfies readonly Told[];

/** A decision on which another strategy says otherwise. */
export type Differing = {
  readonly decidedAt: number;
  readonly mint: string;
  readonly symbol: string;
  readonly look: number;
  readonly verdict: Verdict;
  readonly score: number;
  readonly reason: string;
  readonly shadowVerdict: Verdict;
  readonly shadowScore: number;
  readonly shadowRefuser: string | null;
};

/** One shadow against what was decided. */
export type ShadowFigures = {
  readonly compared: number;
  /** Verdicts that differ, what is not told left out. */
  readonly differing: number;
  /** Versions of the shadow that the rows carry: more than one when its file changed in between. */
  readonly versions: readonly string[];
  /** Rows: what was decided. Columns: what the shadow says. */
  readonly matrix: Readonly<Record<Verdict, Readonly<Record<Told, number>>>>;
  /** The newest that differ. */
  readonly newest: readonly Differing[];
};

type Shadow = {
  readonly matrix: Record<Verdict, Record<Told, number>>;
  readonly versions: Set<string>;
  readonly newest: Differing[];
  compared: number;
  differing: number;
};

/** Takes rows, the newest first, and counts where the shadows on them say otherwise. */
export function shadowCollector(examples: number): {
  add: (row: DecisionRow) => void;
  figures: () => Readonly<Record<string, ShadowFigures>>;
} {
  const shadows = new Map<string, Shadow>();
  return {
    add(row) {
      for (const { name, version, verdict, score, refuser } of row.shadows ?? []) {
        const shadow = shadows.get(name) ?? newShadow();
        shadows.set(name, shadow);
        shadow.compared += 1;
        shadow.versions.add(version);
        shadow.matrix[row.verdict][verdict ?? '?'] += 1;
        if (verdict === null || verdict === row.verdict) continue;
        shadow.differing += 1;
        if (shadow.newest.length === examples) continue;
        const { decidedAt, mint, symbol, look, reasons } = row;
        shadow.newest.push({
          decidedAt,
          mint,
          symbol,
          look,
          verdict: row.verdict,
          score: row.score,
          reason: reasons[0] ?? '',
          shadowVerdict: verdict,
          shadowScore: score,
          shadowRefuser: refuser,
        });
      }
    },
    figures: () =>
      Object.fromEntries(
        [...shadows].map(([name, { versions, compared, differing, matrix, newest }]) => [
          name,
          { compared, differing, versions: [...versions], matrix, newest },
        ]),
      ),
  };
}

const newShadow = (): Shadow => ({
  matrix: { BUY: noneTold(), SKIP: noneTold(), WATCH: noneTold(), EXPIRED: noneTold() },
  versions: new Set(),
  newest: [],
  compared: 0,
  differing: 0,
});
const noneTold = (): Record<Told, number> => ({ BUY: 0, SKIP: 0, WATCH: 0, EXPIRED: 0, '?': 0 });

/** The comparison for people: a matrix for each shadow, and the newest decisions that differ. */
export function shadowLines(
  figures: Readonly<Record<string, ShadowFigures>>,
  width?: number,
): string[] {
  return Object.entries(figures).flatMap(([name, shadow]) => shadowSection(name, shadow, width));
}

function shadowSection(name: string, shadow: ShadowFigures, width?: number): string[] {
  return [
    `${plain(name)} (${shadow.versions.map((version) => plain(version)).join(', ')}): ` +
      `${shadow.differing} of ${shadow.compared} verdicts differ`,
    ...matrixLines(name, shadow, width),
    ...shadow.newest.flatMap(exampleLines),
    '',
  ];
}

function matrixLines(name: string, { matrix }: ShadowFigures, width?: number): string[] {
  const rows = VERDICTS.filter((verdict) => TOLD.some((told) => matrix[verdict][told] > 0));
  const columns = TOLD.filter((told) => rows.some((verdict) => matrix[verdict][told] > 0));
  return tableLines(
    [
      { header: `decided \\ ${plain(name)}` },
      ...columns.map((header): Column => ({ header, align: 'right' })),
    ],
    rows.map((verdict) => [[verdict], columns.map((told) => String(matrix[verdict][told]))].flat()),
    width,
  );
}

function exampleLines(differing: Differing): string[] {
  const { decidedAt, mint, symbol, verdict, score, reason, ...shadow } = differing;
  const says =
    shadow.shadowRefuser === null
      ? `score ${shadow.shadowScore}`
      : `refused by ${plain(shadow.shadowRefuser)}`;
  return [
    `  ${utcText(decidedAt)}  ${mint}  ${plain(symbol)}`,
    `    ${verdict} → ${shadow.shadowVerdict}: ${says}; decided: score ${score}, ${plain(reason)}`,
  ];
}
