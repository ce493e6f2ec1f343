import { cleanText } from '#shared/domain/clean-text.ts';
import { VERDICTS } from '#shared/domain/decision.ts';
import { reasonOf } from '#shared/domain/fault.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { Pause } from '#shared/ports/pause.ts';
import type { DecisionIndex } from '../decision-index.ts';
import type { DecisionRow } from '../decision-row.ts';
import { followDecisions } from '../follow-decisions.ts';
import { feedRow } from './feed-page.ts';
import type { FeedEvent, FeedRow } from './protocol.ts';

/** New decisions for every open page, read once however many pages are open. */
export type FeedHub = {
  /** Returns how to leave. While nobody listens, nothing is read. */
  readonly subscribe: (listener: (event: FeedEvent) => void) => () => void;
};

type HubOptions = {
  readonly index: DecisionIndex;
  readonly clock: Clock;
  readonly pause: Pause;
};

/** What a newcomer is told of the past: it reads the rest of the list by itself meanwhile. */
const RECENT_MS = 60_000;
const RETRY_MS = 3_000;

export function feedHub({ index, clock, pause }: HubOptions): FeedHub {
  const listeners = new Set<(event: FeedEvent) => void>();
  let recent: FeedRow[] = [];
  let reading: AbortController | undefined;

  const tellAll = (event: FeedEvent): void => {
    for (const listener of listeners) listener(event);
  };

  const onRows = (fresh: readonly DecisionRow[]): void => {
    const rows = fresh.map(feedRow);
    recent = [...recent, ...rows].filter(({ decidedAt }) => decidedAt > clock.now() - RECENT_MS);
    tellAll({ kind: 'rows', rows });
  };

  const read = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const timing = { clock, pause, signal };
      const sinceMs = clock.now() - RECENT_MS;
      try {
        for await (const rows of followDecisions(index, {
          sinceMs,
          verdicts: VERDICTS,
          ...timing,
        })) {
          if (!signal.aborted) onRows(rows);
        }
      } catch (error) {
        if (signal.aborted) return;
        tellAll({ kind: 'trouble', reason: cleanText(reasonOf(error), 300) });
        await pause(RETRY_MS, signal).catch(() => undefined);
      }
    }
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (recent.length > 0) listener({ kind: 'rows', rows: recent });
      if (reading === undefined) {
        reading = new AbortController();
        void read(reading.signal);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        reading?.abort();
        reading = undefined;
        recent = [];
      };
    },
  };
}
