import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { FeedRow } from '../protocol.ts';
import type { FeedPlace } from './feed-place.ts';
import { countText, durationText, shortAddress, timeText } from './format.ts';
import { useMedia } from './hooks.ts';
import { rowKey } from './merge-rows.ts';
import { hashOf } from './route.ts';
import { scrollTopFor, visibleRows } from './visible-rows.ts';

type FeedListProps = {
  /** Newest first. */
  readonly rows: readonly FeedRow[];
  readonly cursor: string | undefined;
  readonly cursorAt: number;
  readonly onCursor: (key: string) => void;
  readonly place: FeedPlace;
};

/** Heights of `.feed-row` in the style sheet. */
const ROW_PX = 30;
const NARROW_ROW_PX = 52;
export const NARROW = '(max-width: 720px)';
const COLUMNS = ['UTC', 'verdict', 'score', 'symbol', 'reason', 'venue', 'took', 'mint'];

/** A list as long as it likes: only what stands in the window is in the document. */
export function FeedList({ rows, cursor, cursorAt, onCursor, place }: FeedListProps) {
  const box = useRef<HTMLDivElement>(null);
  const narrow = useMedia(NARROW);
  const rowHeight = narrow ? NARROW_ROW_PX : ROW_PX;
  const [scrollTop, setScrollTop] = useState(place.scrollTop);
  const [height, setHeight] = useState(600);
  const unseen = useKeptPlace(box, rows, rowHeight);

  useLayoutEffect(() => {
    const list = box.current;
    if (list === null) return undefined;
    list.scrollTop = place.scrollTop;
    const observer = new ResizeObserver(() => setHeight(list.clientHeight));
    observer.observe(list);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const list = box.current;
    if (list === null || cursorAt < 0) return;
    list.scrollTop = scrollTopFor(cursorAt, { rowHeight, scrollTop: list.scrollTop, height });
    // Only when the reader moves, not when new rows push the cursor down.
  }, [cursor, rowHeight]);

  const { from, to } = visibleRows({ count: rows.length, rowHeight, scrollTop, height });
  const inWindow = cursorAt >= from && cursorAt < to;
  return (
    <div class="feed">
      <div class="feed-row feed-head" aria-hidden="true">
        {COLUMNS.map((name) => (
          <span key={name} class={`cell-${name}`}>
            {name}
          </span>
        ))}
      </div>
      <div
        ref={box}
        class="feed-box"
        role="listbox"
        tabIndex={0}
        aria-label="Decisions, the newest first"
        aria-activedescendant={inWindow && cursor !== undefined ? idOf(cursor) : undefined}
        onScroll={(event) => {
          place.scrollTop = event.currentTarget.scrollTop;
          setScrollTop(place.scrollTop);
        }}
      >
        <div
          role="presentation"
          class="feed-sizer"
          style={{ height: `${rows.length * rowHeight}px` }}
        >
          {rows.slice(from, to).map((row, at) => {
            const key = rowKey(row);
            return (
              <Row
                key={key}
                row={row}
                at={from + at}
                count={rows.length}
                top={(from + at) * rowHeight}
                selected={key === cursor}
                onSelect={() => onCursor(key)}
              />
            );
          })}
        </div>
      </div>
      {unseen > 0 && scrollTop > 0 && (
        <button type="button" class="unseen" onClick={() => box.current?.scrollTo({ top: 0 })}>
          ↑ {countText(unseen)} new
        </button>
      )}
    </div>
  );
}

/** Keeps what is read where it is while rows come in above it; tells how many of them are unseen. */
function useKeptPlace(
  box: { readonly current: HTMLDivElement | null },
  rows: readonly FeedRow[],
  rowHeight: number,
): number {
  const first = useRef<string | undefined>(undefined);
  const [unseen, setUnseen] = useState(0);
  useLayoutEffect(() => {
    const [newest] = rows;
    const known = first.current;
    first.current = newest === undefined ? undefined : rowKey(newest);
    const list = box.current;
    if (list === null || known === undefined || known === first.current) return;
    const above = Math.max(
      0,
      rows.findIndex((row) => rowKey(row) === known),
    );
    if (list.scrollTop === 0) setUnseen(0);
    else {
      list.scrollTop += above * rowHeight;
      setUnseen((before) => before + above);
    }
  }, [rows]);
  return unseen;
}

const idOf = (key: string): string => `row-${key}`;

type RowProps = {
  readonly row: FeedRow;
  readonly at: number;
  readonly count: number;
  readonly top: number;
  readonly selected: boolean;
  readonly onSelect: () => void;
};

function Row({ row, at, count, top, selected, onSelect }: RowProps) {
  const { mint, verdict, score, symbol, venue, reasons, latencyMs, decidedAt, look } = row;
  const [decisive = '', ...others] = reasons;
  return (
    <a
      id={idOf(rowKey(row))}
      class={`feed-row verdict-${verdict}`}
      role="option"
      aria-posinset={at + 1}
      aria-setsize={count}
      aria-selected={selected}
      tabIndex={-1}
      href={hashOf({ view: 'token', mint })}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onSelect}
    >
      <span class="cell-UTC num">{timeText(decidedAt)}</span>
      <span class="cell-verdict">{verdict}</span>
      <span class="cell-score num">{score === 0 ? '' : score.toFixed(1)}</span>
      <span class="cell-symbol">
        <bdi>{symbol === '' ? '—' : symbol}</bdi>
      </span>
      <span class="cell-reason" title={reasons.join('\n')}>
        {decisive}
        {others.length > 0 && <span class="more"> +{others.length}</span>}
      </span>
      <span class="cell-venue">
        {look > 1 && <b title={`look ${look}`}>#{look} </b>}
        {venue}
      </span>
      <span class="cell-took num">{durationText(latencyMs)}</span>
      <span class="cell-mint mono">{shortAddress(mint)}</span>
    </a>
  );
}
