/** Which rows of a long list stand in its window, `from` on and before `to`, with some to spare. */
export type VisibleRows = { readonly from: number; readonly to: number };

const SPARE_ROWS = 8;

export function visibleRows(list: {
  readonly count: number;
  readonly rowHeight: number;
  readonly scrollTop: number;
  readonly height: number;
}): VisibleRows {
  const { count, rowHeight, scrollTop, height } = list;
  const first = Math.floor(scrollTop / rowHeight) - SPARE_ROWS;
  const last = Math.ceil((scrollTop + height) / rowHeight) + SPARE_ROWS;
  const from = Math.min(Math.max(0, first), count);
  return { from, to: Math.max(from, Math.min(count, last)) };
}

/** The scroll position that brings a row into the window with the least movement. */
export function scrollTopFor(
  at: number,
  { rowHeight, scrollTop, height }: { rowHeight: number; scrollTop: number; height: number },
): number {
  const top = at * rowHeight;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + rowHeight - height);
}
