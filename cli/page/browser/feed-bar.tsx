import type { RefObject } from 'preact';
import { useMemo } from 'preact/hooks';

import { VERDICT_NAMES } from '../protocol.ts';
import type { FeedState } from './decision-store.ts';
import type { FeedFilter } from './feed-filter.ts';
import { countText } from './format.ts';
import { SpanSelect } from './span-select.tsx';

type FeedBarProps = {
  readonly feed: FeedState;
  readonly filter: FeedFilter;
  readonly onFilter: (filter: FeedFilter) => void;
  readonly spanMs: number;
  readonly onSpan: (ms: number) => void;
  readonly search: RefObject<HTMLInputElement | null>;
  readonly shown: number;
  /** From the filter into the list. */
  readonly onDown: () => void;
};

/** Narrows the feed: verdicts with their counts, venue, words, time. */
export function FeedBar(props: FeedBarProps) {
  const { feed, filter, onFilter, spanMs, onSpan, search, shown, onDown } = props;
  const { counts, venues } = useMemo(() => countsOf(feed.rows), [feed.rows]);
  const toggle = (verdict: (typeof VERDICT_NAMES)[number]): void => {
    const verdicts = new Set(filter.verdicts);
    if (!verdicts.delete(verdict)) verdicts.add(verdict);
    onFilter({ ...filter, verdicts });
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && filter.text !== '') onFilter({ ...filter, text: '' });
    else if (event.key === 'ArrowDown' || event.key === 'Enter') onDown();
    if (['Escape', 'ArrowDown', 'Enter'].includes(event.key)) {
      event.preventDefault();
      search.current?.blur();
    }
  };
  return (
    <div class="bar" role="search" aria-label="Filter of the decisions">
      <div class="chips" role="group" aria-label="Verdicts">
        {VERDICT_NAMES.map((verdict) => (
          <button
            key={verdict}
            type="button"
            class={`chip verdict-${verdict}`}
            aria-pressed={filter.verdicts.has(verdict)}
            onClick={() => toggle(verdict)}
          >
            {verdict} <span class="count">{countText(counts.get(verdict) ?? 0)}</span>
          </button>
        ))}
      </div>
      <select
        aria-label="Venue"
        value={filter.venue}
        onChange={(event) => onFilter({ ...filter, venue: event.currentTarget.value })}
      >
        <option value="">all venues</option>
        {venues.map((venue) => (
          <option key={venue}>{venue}</option>
        ))}
      </select>
      <SpanSelect spanMs={spanMs} onSpan={onSpan} />
      <input
        ref={search}
        type="search"
        aria-label="Words in symbol, mint or reason"
        placeholder="symbol, mint, reason  ( / )"
        spellcheck={false}
        autocomplete="off"
        value={filter.text}
        onInput={(event) => onFilter({ ...filter, text: event.currentTarget.value })}
        onKeyDown={onKey}
      />
      <output class="shown" aria-live="off">
        {shown === feed.rows.length
          ? countText(shown)
          : `${countText(shown)} of ${countText(feed.rows.length)}`}
        {feed.loading ? ' …' : ''}
      </output>
    </div>
  );
}

function countsOf(rows: FeedState['rows']) {
  const counts = new Map<string, number>();
  const venues = new Set<string>();
  for (const { verdict, venue } of rows) {
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    venues.add(venue);
  }
  return { counts, venues: [...venues].sort() };
}
