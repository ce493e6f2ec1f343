import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';

import type { About, FeedRow } from '../protocol.ts';
import type { FeedState } from './decision-store.ts';
import { FeedBar } from './feed-bar.tsx';
import { type FeedFilter, NO_FILTER, filtered, isOpen } from './feed-filter.ts';
import { FeedList } from './feed-list.tsx';
import type { FeedPlace } from './feed-place.ts';
import { countText } from './format.ts';
import { MAX_ROWS_KEPT, rowKey } from './merge-rows.ts';
import { hashOf } from './route.ts';
import { isTyping } from './typing.ts';

type FeedViewProps = {
  readonly feed: FeedState;
  readonly about: About | undefined;
  readonly filter: FeedFilter;
  readonly onFilter: (filter: FeedFilter) => void;
  readonly spanMs: number;
  readonly onSpan: (ms: number) => void;
  readonly place: FeedPlace;
};

const PAGE_STEP = 15;

export function FeedView(props: FeedViewProps) {
  const { feed, filter, onFilter, place } = props;
  const rows = useMemo(() => filtered(feed.rows, filter), [feed.rows, filter]);
  const [cursor, setCursor] = useState(place.cursor);
  place.cursor = cursor;
  const search = useRef<HTMLInputElement>(null);
  const cursorAt = useMemo(
    () => (cursor === undefined ? -1 : rows.findIndex((row) => rowKey(row) === cursor)),
    [rows, cursor],
  );

  // Keys may come faster than the page is drawn: each moves on from where the last one went.
  const at = useRef(cursorAt);
  at.current = cursorAt;
  const move = (to: number): void => {
    const next = Math.min(rows.length - 1, Math.max(0, to));
    const row = rows[next];
    if (row === undefined) return;
    at.current = next;
    setCursor(rowKey(row));
  };
  const steps: Readonly<Record<string, () => void>> = {
    j: () => move(at.current + 1),
    ArrowDown: () => move(at.current + 1),
    k: () => move(at.current - 1),
    ArrowUp: () => move(at.current - 1),
    PageDown: () => move(at.current + PAGE_STEP),
    PageUp: () => move(at.current - PAGE_STEP),
    Home: () => move(0),
    End: () => move(rows.length - 1),
    Enter: () => open(rows[at.current]),
    '/': () => search.current?.focus(),
  };
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      // Enter and Space on a button or a link are its own.
      const { target } = event;
      if (event.key === 'Enter' && target instanceof HTMLElement && target.matches('button, a')) {
        return;
      }
      if (!Object.hasOwn(steps, event.key) || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      steps[event.key]?.();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });

  return (
    <>
      <FeedBar
        {...props}
        search={search}
        shown={rows.length}
        onDown={() => move(Math.max(0, cursorAt))}
      />
      {rows.length === 0 ? (
        <EmptyFeed {...props} onReset={() => onFilter(NO_FILTER)} />
      ) : (
        <FeedList
          key={JSON.stringify([filter.text, filter.venue, [...filter.verdicts]])}
          rows={rows}
          cursor={cursor}
          cursorAt={cursorAt}
          onCursor={setCursor}
          place={place}
        />
      )}
      {feed.cut && (
        <p class="note">
          The newest {countText(MAX_ROWS_KEPT)} decisions: npm run decisions reads further back.
        </p>
      )}
      {feed.unreadable > 0 && (
        <p class="note">{countText(feed.unreadable)} rows are of another version and not shown.</p>
      )}
    </>
  );
}

function open(row: FeedRow | undefined): void {
  if (row !== undefined) location.hash = hashOf({ view: 'token', mint: row.mint });
}

function EmptyFeed({
  feed,
  filter,
  about,
  onReset,
}: FeedViewProps & { readonly onReset: () => void }) {
  if (feed.loading) return <p class="empty">Reading the decisions…</p>;
  if (!isOpen(filter)) {
    return (
      <div class="empty">
        <p>None of the {countText(feed.rows.length)} decisions fits the filter.</p>
        <button type="button" onClick={onReset}>
          Show all
        </button>
      </div>
    );
  }
  return (
    <div class="empty">
      <p>Nothing was decided in this time.</p>
      <p>
        {about?.localChain === true
          ? 'New tokens appear here by themselves. npm start opens two pools a second, npm start -- --tokens 30 a fixed number.'
          : 'New tokens appear here as the webhook reports them. Choose a longer time above, or check that the webhook points at the output DetectorUrl.'}
      </p>
    </div>
  );
}
