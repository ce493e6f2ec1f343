import type { About, Status } from '../protocol.ts';
import type { FeedState } from './decision-store.ts';
import { countText } from './format.ts';
import { type Route, hashOf } from './route.ts';

type HeaderProps = {
  readonly route: Route;
  readonly about: About | undefined;
  readonly status: Status | undefined;
  readonly feed: FeedState;
};

const VIEWS = [
  { view: 'feed', label: 'Feed' },
  { view: 'pipeline', label: 'Pipeline' },
  { view: 'trades', label: 'Trades' },
] as const;

export function Header({ route, about, status, feed }: HeaderProps) {
  const current = route.view === 'token' ? 'feed' : route.view;
  return (
    <header class="top">
      <a class="brand" href="#/feed">
        Volley
      </a>
      <nav aria-label="Views">
        {VIEWS.map(({ view, label }) => (
          <a
            key={view}
            href={hashOf({ view })}
            aria-current={view === current ? 'page' : undefined}
          >
            {label}
          </a>
        ))}
      </nav>
      <div class="facts">
        {about !== undefined && (
          <span class="where">
            {about.where}
            {about.mode === null ? '' : `, ${about.mode}`}
          </span>
        )}
        {status?.halt.buys === 'halted' && (
          <span class="flag bad" title={`by ${status.halt.by}; npm run resume lets it go on`}>
            buys halted
          </span>
        )}
        {(status?.deadLetters ?? 0) > 0 && (
          <a class="flag bad" href="#/pipeline">
            {countText(status?.deadLetters ?? 0)} dead
          </a>
        )}
        <Link link={feed.trouble === null ? feed.link : 'lost'} />
      </div>
    </header>
  );
}

const LINK_WORDS = { waiting: 'connecting', live: 'live', lost: 'not live' } as const;

function Link({ link }: { readonly link: FeedState['link'] }) {
  return (
    <span class={`link ${link}`} role="status">
      <span class="dot" aria-hidden="true" />
      {LINK_WORDS[link]}
    </span>
  );
}
