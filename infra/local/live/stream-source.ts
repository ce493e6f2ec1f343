import { type AnnounceDeps, announce } from '#functions/detector/announce.ts';
import { chainTransactionsOf } from '#functions/detector/chain-transaction.ts';
import { type DetectionScope, detect } from '#functions/detector/detect.ts';
import type { RecentLooks } from '#functions/detector/recent-looks.ts';
import type { SweepTally } from '#functions/detector/sweep.ts';
import { reasonOf } from '#shared/domain/fault.ts';
import type { ChainHistory } from '#shared/ports/chain-history.ts';
import type { Clock } from '#shared/ports/clock.ts';
import type { Pause } from '#shared/ports/pause.ts';
import { gapFiller } from './gap-filler.ts';
import { type Told, toldIn } from './subscriptions.ts';

export type StreamDeps = AnnounceDeps & {
  readonly clock: Clock;
  readonly pause: Pause;
  readonly history: Pick<ChainHistory, 'transaction'>;
  /** Shared with the sweep that fills the gaps, so that neither announces what the other did. */
  readonly recent: RecentLooks;
  readonly scope: DetectionScope;
  /** One round of the sweep over the same accounts. */
  readonly sweep: (signal: AbortSignal) => Promise<SweepTally>;
  readonly onProblem: (reason: string) => void;
};

/** What a stream came to so far. */
export type StreamTally = {
  /** Transactions told of, each counted once. */
  transactions: number;
  /** Told again: two subscriptions name the same transaction, or the node repeats itself. */
  repeated: number;
  /** Messages that are neither JSON nor a notification. */
  garbage: number;
  queued: number;
  dropped: number;
  /** Left to the sweep: not readable in time, too many at once, or refused by the queue. */
  missed: number;
};

/** The stream's side of a connection. */
export type StreamSource = {
  readonly tally: Readonly<StreamTally>;
  readonly onReady: () => void;
  readonly onMessage: (message: unknown) => void;
  readonly onGarbage: () => void;
  /** Resolves when all that was told so far is dealt with. */
  readonly idle: () => Promise<void>;
};

/** Signatures remembered: hours of narrow accounts, minutes of whole programs. */
const REMEMBERED = 20_000;
const READS_AT_ONCE = 8;
/** Transactions that wait to be read; what comes on top is left to the sweep. */
const MAX_WAITING = 1_000;
/** A node tells of a transaction before `getTransaction` knows it. */
const READ_PAUSES_MS = [150, 300, 600, 1_200, 2_400];

/** Brings the pools that a stream tells of to the queue; what it cannot, the sweep brings. */
export function streamSource(deps: StreamDeps, signal: AbortSignal): StreamSource {
  const { clock, pause, history, recent, scope, onProblem } = deps;
  const tally: StreamTally = {
    transactions: 0,
    repeated: 0,
    garbage: 0,
    queued: 0,
    dropped: 0,
    missed: 0,
  };
  const seen = new Set<string>();
  const waiting: string[] = [];
  const working = new Set<Promise<void>>();
  const gaps = gapFiller({ sweep: deps.sweep, pause, onProblem }, signal);

  const missed = (reason: string): void => {
    tally.missed += 1;
    onProblem(reason);
    gaps.fill();
  };

  const take = async (body: unknown): Promise<void> => {
    const { transactions, refused } = chainTransactionsOf(body);
    for (const { reason } of refused) onProblem(`a transaction cannot be read: ${reason}`);
    const { looks } = detect(transactions, scope, { source: 'stream', atMs: clock.now() });
    const claimed = recent.claim(looks);
    const [announced] = await Promise.allSettled([announce(deps, claimed, signal)]);
    if (announced.status === 'rejected') {
      recent.release(claimed);
      missed(`${claimed.length} pools are not on the queue: ${reasonOf(announced.reason)}`);
      return;
    }
    tally.queued += announced.value.queued.length;
    tally.dropped += announced.value.dropped;
    if (announced.value.capUnread !== null) onProblem(announced.value.capUnread);
  };

  const read = async (signature: string): Promise<void> => {
    let reason = 'the node does not have it yet';
    for (const pauseMs of [0, ...READ_PAUSES_MS]) {
      if (pauseMs > 0) await Promise.allSettled([pause(pauseMs, signal)]);
      if (signal.aborted) return;
      const [answer] = await Promise.allSettled([history.transaction(signature, signal)]);
      if (answer.status === 'rejected') reason = reasonOf(answer.reason);
      else if (answer.value !== null) return take(answer.value);
    }
    missed(`transaction ${signature.slice(0, 12)}… is left to the sweep: ${reason}`);
  };

  const track = (work: Promise<void>): void => {
    const tracked = work.finally(() => {
      working.delete(tracked);
      readNext();
    });
    working.add(tracked);
  };

  const readNext = (): void => {
    while (working.size < READS_AT_ONCE) {
      const signature = waiting.shift();
      if (signature === undefined) return;
      track(read(signature));
    }
  };

  const remember = (signature: string): boolean => {
    if (seen.has(signature)) return false;
    seen.add(signature);
    const [oldest] = seen;
    if (seen.size > REMEMBERED && oldest !== undefined) seen.delete(oldest);
    return true;
  };

  const hear = ({ signature, failed, body }: Told): void => {
    if (!remember(signature)) {
      tally.repeated += 1;
      return;
    }
    tally.transactions += 1;
    if (failed) return;
    if (body !== undefined) track(take(body));
    else if (waiting.length >= MAX_WAITING) missed('more is told than can be read');
    else {
      waiting.push(signature);
      readNext();
    }
  };

  return {
    tally,
    // What happened before the subscriptions stood is the sweep's, the first time as well.
    onReady: () => gaps.fill(),
    onMessage: (message) => {
      const told = toldIn(message);
      if (told === undefined) tally.garbage += 1;
      else hear(told);
    },
    onGarbage: () => {
      tally.garbage += 1;
    },
    idle: async () => {
      while (working.size > 0) await Promise.all(working);
      await gaps.idle();
    },
  };
}
