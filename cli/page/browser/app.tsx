import { useEffect, useRef, useState } from 'preact/hooks';

import { aboutSchema, statusSchema } from '../protocol.ts';
import type { DecisionStore } from './decision-store.ts';
import { NO_FILTER } from './feed-filter.ts';
import type { FeedPlace } from './feed-place.ts';
import { FeedView } from './feed-view.tsx';
import { Header } from './header.tsx';
import { useAnswer, useFeed, useRoute } from './hooks.ts';
import { KeyHelp } from './key-help.tsx';
import { PipelineView } from './pipeline-view.tsx';
import { type Route, hashOf } from './route.ts';
import { SPANS } from './spans.ts';
import { TokenView } from './token-view.tsx';
import { TradesView } from './trades-view.tsx';
import { isTyping } from './typing.ts';

const STATUS_EVERY_MS = 3_000;

/** The frame: header, the view that the address names, and the keys that work everywhere. */
export function App({ store }: { readonly store: DecisionStore }) {
  const route = useRoute();
  const feed = useFeed(store);
  const [filter, setFilter] = useState(NO_FILTER);
  const [spanMs, setSpanMs] = useState<number>(SPANS.at(2)?.ms ?? 86_400_000);
  const [helped, setHelped] = useState(false);
  const place = useRef<FeedPlace>({ cursor: undefined, scrollTop: 0 });
  const about = useAnswer('/api/about', aboutSchema);
  const status = useAnswer('/api/status', statusSchema, { everyMs: STATUS_EVERY_MS });

  useEffect(() => void store.readSince(Date.now() - spanMs), [store, spanMs]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const key = globalKey(event, route);
      if (key === undefined) return;
      event.preventDefault();
      if (key === 'help') setHelped(true);
      else location.hash = hashOf(key);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [route]);
  useEffect(() => {
    document.title = titleOf(route);
  }, [route]);

  const shared = { feed, about: about.body };
  return (
    <>
      <Header route={route} about={about.body} status={status.body} feed={feed} />
      {feed.trouble !== null && (
        <p class="trouble" role="alert">
          {feed.trouble}
        </p>
      )}
      <main class={`view view-${route.view}`}>
        {route.view === 'feed' && (
          <FeedView
            {...shared}
            filter={filter}
            onFilter={setFilter}
            spanMs={spanMs}
            onSpan={setSpanMs}
            place={place.current}
          />
        )}
        {route.view === 'token' && <TokenView key={route.mint} {...shared} mint={route.mint} />}
        {route.view === 'pipeline' && (
          <PipelineView {...shared} status={status} spanMs={spanMs} onSpan={setSpanMs} />
        )}
        {route.view === 'trades' && <TradesView {...shared} />}
      </main>
      {helped && <KeyHelp onClose={() => setHelped(false)} />}
    </>
  );
}

const titleOf = ({ view }: Route): string => `Volley: ${view}`;

function globalKey(event: KeyboardEvent, route: Route): Route | 'help' | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return undefined;
  switch (event.key) {
    case '1':
      return { view: 'feed' };
    case '2':
      return { view: 'pipeline' };
    case '3':
      return { view: 'trades' };
    case '?':
      return 'help';
    case 'Escape':
      return route.view === 'token' ? { view: 'feed' } : undefined;
    default:
      return undefined;
  }
}
