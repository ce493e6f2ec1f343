import stringWidth from 'string-width';

import { cleanText } from '#shared/domain/clean-text.ts';

/** Text from outside made fit for a terminal: nothing that moves the cursor, colours or reorders. */
export const plain = (text: string, maxLength = 400): string => cleanText(text, maxLength);

/** Columns that the terminal shows; without end where the output goes to a file or a pipe. */
export const terminalWidth = (): number =>
  process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;

/** One column of a table and how it gives way when the terminal is narrow. */
export type Column = {
  readonly header: string;
  readonly align?: 'left' | 'right';
  /** May be cut to this many characters; without it the column keeps its width. */
  readonly atLeast?: number;
  /** Left out altogether when cutting is not enough; the last such column goes first. */
  readonly optional?: boolean;
};

const GAP = '  ';
const CUT = '…';

/** Lines of a table fitted to `width` columns, header first. Cells are made plain here. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number = terminalWidth(),
): string[] {
  const cells = rows.map((row) => row.map((cell) => plain(cell)));
  const natural = columns.map(({ header }, at) =>
    Math.max(stringWidth(header), ...cells.map((row) => stringWidth(row[at] ?? ''))),
  );
  const shown = columnsThatFit(columns, natural, width);
  const widths = fittedWidths(columns, natural, shown, width);
  const line = (row: readonly string[]): string =>
    shown
      .map((at) => padded(row[at] ?? '', widths[at] ?? 0, columns[at]?.align ?? 'left'))
      .join(GAP)
      .trimEnd();
  return [line(columns.map(({ header }) => header)), ...cells.map(line)];
}

const total = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width, 0) + GAP.length * Math.max(0, widths.length - 1);

/** Indexes of the columns that find room even when each is cut as far as it may be. */
function columnsThatFit(
  columns: readonly Column[],
  natural: readonly number[],
  width: number,
): number[] {
  const least = natural.map((each, at) => Math.min(each, columns[at]?.atLeast ?? each));
  let shown = columns.map((_, at) => at);
  while (total(shown.map((at) => least[at] ?? 0)) > width) {
    const last = shown.findLast((at) => columns[at]?.optional === true);
    if (last === undefined) break;
    shown = shown.filter((at) => at !== last);
  }
  return shown;
}

/** Takes what is too much from the columns that may be cut, always from the widest. */
function fittedWidths(
  columns: readonly Column[],
  natural: readonly number[],
  shown: readonly number[],
  width: number,
): number[] {
  const widths = [...natural];
  const roomToCut = (at: number): number => {
    const least = columns[at]?.atLeast;
    return least === undefined ? 0 : (widths[at] ?? 0) - least;
  };
  while (total(shown.map((at) => widths[at] ?? 0)) > width) {
    const widest = shown
      .filter((at) => roomToCut(at) > 0)
      .toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function padded(text: string, width: number, align: 'left' | 'right'): string {
  const fitted = cut(text, width);
  const space = ' '.repeat(Math.max(0, width - stringWidth(fitted)));
  return align === 'right' ? space + fitted : fitted + space;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** At most `width` columns of text, with an ellipsis where some is missing. */
function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (stringWidth(kept + segment) > width - CUT.length) break;
    kept += segment;
  }
  return kept + CUT;
}
