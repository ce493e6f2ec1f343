import type { Column } from '../terminal.ts';
import { plain, tableLines } from '../terminal.ts';
import { OUTCOMES, type Outcome } from './opinion.ts';
import { RANKS, type RatingFigures } from './rate-outcomes.ts';
import type { ReplayFigures } from './run-replay.ts';
import type { Counts, Moved, Refusals } from './tally.ts';

const REFUSERS_SHOWN = 12;

/** The figures of a replay for people. */
export function replayLines(figures: ReplayFigures, width: number): string[] {
  const { strategy, against, rating } = figures;
  return [
    `${counted(figures.decided, 'look')} decided again by ${plain(strategy.name)}${version(strategy.version)}` +
      (against === null ? '' : `, compared with ${plain(against.name)}${version(against.version)}`),
    ...asides(figures),
    '',
    ...verdictLines(figures, width),
    ...section('Refused by', refusalLines(figures, width)),
    ...section('Moved', (against?.examples ?? []).flatMap(exampleLines)),
    ...section('Against what became of them', rating === null ? [] : ratingLines(rating, width)),
    '',
    speedLine(figures),
  ];
}

function asides({ expired, unreadable, problems, strategy, against }: ReplayFigures): string[] {
  const untold = Math.max(strategy.verdicts['?'], against?.verdicts['?'] ?? 0);
  return [
    ...(expired > 0
      ? [`${counted(expired, 'look')} came too late and has no evidence: left out`]
      : []),
    ...(untold > 0
      ? [
          `${untold} stand as "?": a veto of another strategy ended the analysis before there was enough`,
        ]
      : []),
    ...(unreadable > 0 ? [`${counted(unreadable, 'line')} could not be read:`] : []),
    ...problems.map(({ line, reason }) => `  line ${line}: ${plain(reason, 160)}`),
  ];
}

const version = (of: string | null): string => (of === null ? '' : ` (${of})`);

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines];

/** Rows: before. Columns: now. Without anything to compare with, one row. */
function verdictLines({ strategy, against }: ReplayFigures, width: number): string[] {
  const columns = OUTCOMES.filter((outcome) => strategy.verdicts[outcome] > 0);
  const cells = (of: Counts) => columns.map((outcome) => String(of[outcome]));
  const header = (name: string): Column[] => [
    { header: name },
    ...columns.map((outcome): Column => ({ header: outcome, align: 'right' })),
  ];
  if (against === null) {
    return tableLines(header('verdict'), [['', ...cells(strategy.verdicts)]], width);
  }
  const rows = OUTCOMES.filter((outcome) => against.verdicts[outcome] > 0);
  return tableLines(
    [
      ...header(`${plain(against.name)} \\ ${plain(strategy.name)}`),
      { header: 'all', align: 'right' },
    ],
    [
      ...rows.map((from) =>
        [[from], cells(against.matrix[from]), [sum(against.matrix[from])]].flat(),
      ),
      ['all', ...cells(strategy.verdicts), sum(strategy.verdicts)],
    ],
    width,
  );
}

const sum = (counts: Counts): string =>
  String(OUTCOMES.reduce((total, outcome: Outcome) => total + counts[outcome], 0));

function refusalLines({ strategy, against }: ReplayFigures, width: number): string[] {
  const names = Object.keys({ ...strategy.rejectedBy, ...against?.rejectedBy });
  if (names.length === 0) return [];
  const sides = [strategy, ...(against === null ? [] : [against])];
  return tableLines(
    [
      { header: 'rule' },
      ...sides.flatMap(({ name }): Column[] => [
        { header: `${plain(name)}: first`, align: 'right' },
        { header: 'named', align: 'right' },
      ]),
    ],
    names
      .slice(0, REFUSERS_SHOWN)
      .map((name) =>
        [name].concat(sides.flatMap(({ rejectedBy }) => refusalCells(rejectedBy[name]))),
      ),
    width,
  );
}

const refusalCells = (refusals: Refusals[string] | undefined): string[] => [
  String(refusals?.decisive ?? 0),
  String(refusals?.named ?? 0),
];

const exampleLines = (moved: Moved): string[] => [
  `  ${moved.from} → ${moved.to}  ${moved.mint}  ${plain(moved.symbol)}`,
  `    was: score ${moved.fromScore}, ${plain(moved.fromReason, 160)}`,
  `    is:  score ${moved.toScore}, ${plain(moved.toReason, 160)}`,
];

function ratingLines(figures: RatingFigures, width: number): string[] {
  const { rated, baseRate, withoutEvidence, untold, ratings, calibration } = figures;
  const columns: Column[] = [
    { header: '' },
    ...['bought', 'precision', 'recall', ...RANKS.map((k) => `p@${k}`), 'Brier'].map(
      (header): Column => ({ header, align: 'right' }),
    ),
  ];
  return [
    `${counted(rated, 'labelled mint')}, ${share(baseRate)} of them good` +
      `; ${withoutEvidence} without evidence, ${untold} not told`,
    ...tableLines(
      columns,
      ratings.map(({ name, bought, precision, recall, precisionAt, brier }) =>
        [
          [name, String(bought), share(precision), share(recall)],
          RANKS.map((k) => share(precisionAt[String(k)] ?? null)),
          [share(brier)],
        ].flat(),
      ),
      width,
    ),
    '',
    ...tableLines(
      [
        { header: 'score' },
        { header: 'mints', align: 'right' },
        { header: 'mean score / 100', align: 'right' },
        { header: 'good', align: 'right' },
      ],
      calibration.map(({ from, to, count, meanForecast, goodShare }) => [
        `${Math.round(from * 100)}..${Math.round(to * 100)}`,
        String(count),
        share(meanForecast),
        share(goodShare),
      ]),
      width,
    ),
  ];
}

const share = (value: number | null): string => (value === null ? '' : value.toFixed(3));

const speedLine = ({ parsedPerSecond, decidedPerSecond }: ReplayFigures): string =>
  `one core's second: ${parsedPerSecond ?? 0} lines read, ${decidedPerSecond ?? 0} lines decided`;

const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;
