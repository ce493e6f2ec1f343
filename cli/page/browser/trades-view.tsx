import { useMemo, useState } from 'preact/hooks';

import { type About, type TradeRow, type Trades, tradesSchema } from '../protocol.ts';
import type { FeedState } from './decision-store.ts';
import { Figure } from './figure.tsx';
import { countText, percentText, signedSolText, solText } from './format.ts';
import { useAnswer } from './hooks.ts';
import { Plot } from './plot.tsx';
import { type TradeFigures, isOpenTrade, tradeFigures } from './trade-figures.ts';
import { TradeTable } from './trade-table.tsx';

type TradesViewProps = { readonly feed: FeedState; readonly about: About | undefined };

/** The trades table is read whole: often enough on this machine, seldom where each read costs. */
const LOCAL_EVERY_MS = 3_000;
const CLOUD_EVERY_MS = 15_000;
const FIRST_ROWS = 100;

export function TradesView({ feed, about }: TradesViewProps) {
  const everyMs = about?.localChain === true ? LOCAL_EVERY_MS : CLOUD_EVERY_MS;
  const { body, problem } = useAnswer('/api/trades', tradesSchema, { everyMs });
  const symbols = useMemo(
    () => new Map(feed.rows.map(({ mint, symbol }) => [mint, symbol])),
    [feed.rows],
  );
  return (
    <div class="page">
      <div class="bar">
        <h1>Trades</h1>
        {about?.mode === 'paper' && <span class="note">on paper: filled at the quote</span>}
      </div>
      {problem !== undefined && (
        <p class="trouble" role="alert">
          {problem}
        </p>
      )}
      {body === undefined ? (
        problem === undefined && <p class="empty">Reading the trades…</p>
      ) : (
        <Book trades={body} symbols={symbols} about={about} />
      )}
    </div>
  );
}

type BookProps = {
  readonly trades: Trades;
  readonly symbols: ReadonlyMap<string, string>;
  readonly about: About | undefined;
};

function Book({ trades: { trades, unreadable, books }, symbols, about }: BookProps) {
  const figures = useMemo(() => tradeFigures(trades), [trades]);
  const groups = [
    { title: 'Open', rows: trades.filter(isOpenTrade) },
    { title: 'Closed', rows: trades.filter(({ phase }) => phase === 'closed') },
    { title: 'Given up before buying', rows: trades.filter(({ phase }) => phase === 'abandoned') },
  ];
  return (
    <>
      <Totals figures={figures} books={books} about={about} />
      {unreadable.length > 0 && (
        <p class="trouble" role="alert">
          {countText(unreadable.length)} trades are of another version and not shown; they may hold
          a position: {unreadable.slice(0, 3).join(', ')}
        </p>
      )}
      {trades.length === 0 && (
        <div class="empty">
          <p>Nothing was bought yet.</p>
          <p>
            A token that is approved appears here a moment later. A halted switch stops all buys:
            npm run resume.
          </p>
        </div>
      )}
      {figures.curve.length > 1 && <Curve figures={figures} />}
      {groups.map(({ title, rows }) => (
        <Group key={title} title={title} rows={rows} symbols={symbols} />
      ))}
    </>
  );
}

type TotalsProps = {
  readonly figures: TradeFigures;
  readonly books: Trades['books'];
  readonly about: About | undefined;
};

const limit = (value: number | null | undefined, unit: string): string =>
  value === null || value === undefined ? '' : `of ${value} ${unit}`;

function Totals({ figures, books, about }: TotalsProps) {
  const { realisedSol, wonShare, closed, heldCostSol, abandoned } = figures;
  const settled = figures.curve.length > 0;
  return (
    <dl class="tiles">
      <Figure label="open" note={limit(about?.maxOpenPositions, 'allowed')}>
        {countText(books.openPositions)}
      </Figure>
      <Figure label="spent today" note={limit(about?.dailySpendSol, 'SOL')}>
        {solText(books.spentSol)} SOL
      </Figure>
      <Figure label="cost of what is held">{solText(heldCostSol)} SOL</Figure>
      <Figure
        label="realised"
        tone={settled ? (realisedSol < 0 ? 'loss' : 'gain') : undefined}
        note={settled ? 'profit less loss, all costs in' : 'nothing sold yet'}
      >
        {settled ? `${signedSolText(realisedSol)} SOL` : '–'}
      </Figure>
      <Figure
        label="closed"
        note={wonShare === null ? undefined : `${percentText(wonShare)} with a profit`}
      >
        {countText(closed)}
      </Figure>
      <Figure label="given up" note="before buying">
        {countText(abandoned)}
      </Figure>
    </dl>
  );
}

function Curve({ figures: { curve, realisedSol } }: { readonly figures: TradeFigures }) {
  const times = useMemo(() => curve.map(({ at }) => at), [curve]);
  const lines = useMemo(
    () =>
      [
        {
          label: 'realised SOL',
          values: curve.map(({ totalSol }) => totalSol),
          tint: '--accent',
          filled: true,
          stepped: true,
        },
      ] as const,
    [curve],
  );
  return (
    <section class="panel">
      <h2>Profit and loss</h2>
      <Plot
        label={`Profit less loss over time, ${signedSolText(realisedSol)} SOL in the end`}
        times={times}
        lines={lines}
        unit={(value) => value.toFixed(3)}
      />
    </section>
  );
}

type GroupProps = {
  readonly title: string;
  readonly rows: readonly TradeRow[];
  readonly symbols: ReadonlyMap<string, string>;
};

function Group({ title, rows, symbols }: GroupProps) {
  const [shown, setShown] = useState(FIRST_ROWS);
  if (rows.length === 0) return null;
  return (
    <section class="panel">
      <h2>
        {title} <span class="figure num">{countText(rows.length)}</span>
      </h2>
      <TradeTable label={title} rows={rows.slice(0, shown)} symbols={symbols} />
      {rows.length > shown && (
        <button type="button" onClick={() => setShown(shown + FIRST_ROWS)}>
          Show more
        </button>
      )}
    </section>
  );
}
