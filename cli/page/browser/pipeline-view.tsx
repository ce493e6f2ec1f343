import { useMemo } from 'preact/hooks';

import type { About, Status } from '../protocol.ts';
import type { FeedState } from './decision-store.ts';
import { Figure } from './figure.tsx';
import { countText, durationText } from './format.ts';
import { type Answer, useNow } from './hooks.ts';
import { type PipelineFigures, pipelineFigures, recentRate } from './pipeline-figures.ts';
import { Plot } from './plot.tsx';
import { ShareBars } from './share-bars.tsx';
import { SpanSelect } from './span-select.tsx';

type PipelineViewProps = {
  readonly feed: FeedState;
  readonly about: About | undefined;
  readonly status: Answer<Status>;
  readonly spanMs: number;
  readonly onSpan: (ms: number) => void;
};

const REDRAW_MS = 2_000;

export function PipelineView({ feed, about, status, spanMs, onSpan }: PipelineViewProps) {
  const now = useNow(REDRAW_MS);
  const figures = useMemo(
    () => pipelineFigures(feed.rows, now - spanMs, now),
    [feed.rows, now, spanMs],
  );
  const { troubles = [] } = status.body ?? {};
  return (
    <div class="page">
      <div class="bar">
        <h1>Pipeline</h1>
        <SpanSelect spanMs={spanMs} onSpan={onSpan} />
        {feed.loading && <span class="note">reading…</span>}
      </div>
      {[...troubles, ...(status.problem === undefined ? [] : [status.problem])].map((trouble) => (
        <p key={trouble} class="trouble" role="alert">
          {trouble}
        </p>
      ))}
      <Now rate={recentRate(feed.rows, now)} figures={figures} status={status.body} about={about} />
      {figures.decided === 0 ? (
        <p class="empty">
          Nothing was decided in this time. Choose a longer one, or wait for the first token.
        </p>
      ) : (
        <>
          <Charts figures={figures} />
          <Shares figures={figures} />
        </>
      )}
    </div>
  );
}

type NowProps = {
  readonly rate: number;
  readonly figures: PipelineFigures;
  readonly status: Status | undefined;
  readonly about: About | undefined;
};

const orDash = (value: number | null | undefined, text: (value: number) => string): string =>
  value === null || value === undefined ? '–' : text(value);

function Now({ rate, figures, status, about }: NowProps) {
  const poolSize = about?.poolSize ?? null;
  const dead = status?.deadLetters ?? 0;
  return (
    <dl class="tiles">
      <Figure label="decided" note={`${rate.toFixed(rate < 10 ? 1 : 0)} a second, last minute`}>
        {countText(figures.decided)}
      </Figure>
      <Figure
        label="waiting"
        note={(status?.delayed ?? 0) > 0 ? `${status?.delayed ?? 0} due later` : 'in the queue'}
      >
        {orDash(status?.queued, countText)}
      </Figure>
      <Figure label="in flight" note={poolSize === null ? undefined : `of ${poolSize} at once`}>
        {orDash(status?.inFlight, countText)}
      </Figure>
      <Figure
        label="dead letters"
        tone={dead > 0 ? 'bad' : undefined}
        note={dead > 0 ? 'messages that failed each time' : 'none lost'}
      >
        {orDash(status?.deadLetters, countText)}
      </Figure>
      <Figure label="p50" note="detection to decision, first looks">
        {orDash(figures.p50, durationText)}
      </Figure>
      <Figure label="p95">{orDash(figures.p95, durationText)}</Figure>
      <Figure label="p99">{orDash(figures.p99, durationText)}</Figure>
      {status !== undefined && (
        <Figure
          label="buys"
          tone={status.halt.buys === 'halted' ? 'bad' : undefined}
          note={`exits ${status.halt.exits}; by ${status.halt.by}`}
        >
          {status.halt.buys}
        </Figure>
      )}
    </dl>
  );
}

function Charts({ figures }: { readonly figures: PipelineFigures }) {
  const { buckets, bucketMs } = figures;
  const times = useMemo(() => buckets.map(({ at }) => at), [buckets]);
  const rates = useMemo(
    () =>
      [
        {
          label: 'detected',
          values: buckets.map(({ detectedPerSecond }) => detectedPerSecond),
          tint: '--quiet',
          dash: [4, 3],
        },
        {
          label: 'decided',
          values: buckets.map(({ decidedPerSecond }) => decidedPerSecond),
          tint: '--accent',
          filled: true,
        },
      ] as const,
    [buckets],
  );
  const latencies = useMemo(
    () =>
      [
        { label: 'p50', values: buckets.map(({ p50 }) => p50), tint: '--accent' },
        { label: 'p95', values: buckets.map(({ p95 }) => p95), tint: '--unsure' },
        { label: 'p99', values: buckets.map(({ p99 }) => p99), tint: '--bad' },
      ] as const,
    [buckets],
  );
  return (
    <div class="panels">
      <section class="panel">
        <h2>
          Tokens a second <span class="figure">each point {durationText(bucketMs)}</span>
        </h2>
        <Plot
          label={`Tokens detected and decided a second; ${figures.decided} decided in all`}
          times={times}
          lines={rates}
          unit={(value) => value.toFixed(value < 10 ? 1 : 0)}
        />
      </section>
      <section class="panel">
        <h2>Detection to decision</h2>
        <Plot
          label="Median, 95th and 99th percentile of the time from detection to decision"
          times={times}
          lines={latencies}
          unit={durationText}
        />
      </section>
    </div>
  );
}

function Shares({ figures }: { readonly figures: PipelineFigures }) {
  return (
    <div class="panels thirds">
      <ShareBars title="Verdicts" shares={figures.verdicts} empty="None yet." />
      <ShareBars title="Refused by" shares={figures.refusedBy} empty="Nothing was refused." />
      <ShareBars title="Venues" shares={figures.venues} empty="None yet." />
    </div>
  );
}
