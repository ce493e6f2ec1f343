import type { Address } from '#shared/domain/address.ts';
import { stayConnected } from './stay-connected.ts';
import { type StreamDeps, type StreamTally, streamSource } from './stream-source.ts';
import { type StreamKind, subscriptionCalls } from './subscriptions.ts';
import { websocketSession } from './websocket-session.ts';

export type ListenOptions = {
  readonly url: string;
  readonly kind: StreamKind;
  readonly accounts: readonly Address[];
  /** Between two pings; providers drop what is silent for a minute. */
  readonly heartbeatMs: number;
  /** For the handshake, and for the subscriptions to be confirmed. */
  readonly patienceMs: number;
  /** 0..1, for the pauses between connections. */
  readonly random: () => number;
  /** Called each time that all subscriptions stand. */
  readonly onReady: () => void;
};

/** A stream that is listened to. */
export type Listening = {
  readonly tally: Readonly<StreamTally>;
  /** Resolves when all that was told so far is dealt with. */
  readonly idle: () => Promise<void>;
  /** Resolves when the signal has ended the last connection. */
  readonly ended: Promise<void>;
};

/** Listens over WebSocket until the signal aborts, however often the connection breaks. */
export function listen(
  deps: StreamDeps,
  { url, kind, accounts, heartbeatMs, patienceMs, random, onReady }: ListenOptions,
  signal: AbortSignal,
): Listening {
  const source = streamSource(deps, signal);
  const session = {
    url,
    calls: subscriptionCalls(kind, accounts),
    heartbeatMs,
    patienceMs,
    onReady: () => {
      source.onReady();
      onReady();
    },
    onMessage: source.onMessage,
    onGarbage: source.onGarbage,
  };
  const ended = stayConnected(
    {
      clock: deps.clock,
      pause: deps.pause,
      random,
      connect: async (within) => websocketSession(session, within),
      onLost: ({ reason, retryInMs }) =>
        deps.onProblem(`the stream ended, again in ${(retryInMs / 1_000).toFixed(1)} s: ${reason}`),
    },
    signal,
  );
  return { tally: source.tally, idle: source.idle, ended };
}
