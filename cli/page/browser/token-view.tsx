import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';

import { type About, type TokenView as Token, tokenViewSchema } from '../protocol.ts';
import { Address } from './address.tsx';
import type { FeedState } from './decision-store.ts';
import { dateTimeText, durationText } from './format.ts';
import { useAnswer } from './hooks.ts';
import { LookPanel } from './look-panel.tsx';
import { TradePanel } from './trade-panel.tsx';

type TokenViewProps = {
  readonly mint: string;
  readonly feed: FeedState;
  readonly about: About | undefined;
};

const REFRESH_MS = 5_000;

/** Everything about one token: what was decided, why, and what became of it. */
export function TokenView({ mint, feed, about }: TokenViewProps) {
  // A new look at this token is read as soon as the feed tells of it.
  const known = useMemo(
    () => feed.rows.filter((row) => row.mint === mint).length,
    [feed.rows, mint],
  );
  const { body, problem } = useAnswer(`/api/token/${mint}`, tokenViewSchema, {
    everyMs: REFRESH_MS,
    again: known,
  });
  return (
    <div class="page">
      <p class="back">
        <a href="#/feed">← Feed</a> <kbd>Esc</kbd>
      </p>
      {problem !== undefined && (
        <p class="trouble" role="alert">
          {problem}
        </p>
      )}
      {body === undefined ? (
        problem === undefined && <p class="empty">Reading the looks at this token…</p>
      ) : (
        <Looks token={body} linked={about?.localChain === false} />
      )}
    </div>
  );
}

function Looks({ token, linked }: { readonly token: Token; readonly linked: boolean }) {
  const { looks, trade, unreadable } = token;
  const [chosen, setChosen] = useState<number>();
  const look = looks[chosen ?? looks.length - 1];
  if (look === undefined) {
    return (
      <div class="empty">
        <p>No look at this token is stored.</p>
        <p class="mono">npm run analyze -- {token.mint}</p>
      </div>
    );
  }
  const { symbol, name, venue, event, source } = look;
  return (
    <article>
      <header class="token-head">
        <h1>
          <bdi>{symbol === '' ? 'no symbol' : symbol}</bdi>
          {name !== '' && name !== symbol && (
            <small>
              <bdi>{name}</bdi>
            </small>
          )}
        </h1>
        <p class={`decisive verdict-${look.verdict}`}>
          <strong class="verdict">{look.verdict}</strong> <span>{look.reasons[0]}</span>
        </p>
        {look.reasons.length > 1 && (
          <ul class="reasons">
            {look.reasons.slice(1).map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
        <dl class="meta">
          <Meta label="mint">
            <Address id={token.mint} linked={linked} whole />
          </Meta>
          {look.pool !== token.mint && (
            <Meta label="pool">
              <Address id={look.pool} linked={linked} />
            </Meta>
          )}
          {look.creator !== null && (
            <Meta label="creator">
              <Address id={look.creator} linked={linked} />
            </Meta>
          )}
          {look.signature !== null && (
            <Meta label="opened by">
              <Address id={look.signature} kind="transaction" linked={linked} />
            </Meta>
          )}
          <Meta label="venue">
            {venue}, {event}
          </Meta>
          <Meta label="found by">{source}</Meta>
          <Meta label="decided">
            <span class="num">{dateTimeText(look.decidedAt)} UTC</span>,{' '}
            {durationText(look.latencyMs)} after detection
          </Meta>
          <Meta label="strategy">
            <span class="mono">{look.strategyVersion}</span>
          </Meta>
        </dl>
      </header>
      {looks.length > 1 && (
        <div class="chips looks" role="group" aria-label="Looks">
          {looks.map((each, at) => (
            <button
              key={`${each.pool}/${each.look}`}
              type="button"
              class={`chip verdict-${each.verdict}`}
              aria-pressed={each === look}
              onClick={() => setChosen(at)}
            >
              look {each.look} <span class="count">{each.verdict}</span>
            </button>
          ))}
        </div>
      )}
      {trade !== null && <TradePanel trade={trade} linked={linked} />}
      <LookPanel look={look} />
      {unreadable > 0 && (
        <p class="note">{unreadable} looks are of another version and not shown.</p>
      )}
    </article>
  );
}

function Meta({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
