import type { TokenDetected } from '#shared/domain/detection.ts';
import type { TokenCaps } from '#shared/ports/token-caps.ts';
import type { TokenQueue } from '#shared/ports/token-queue.ts';

export type AnnounceDeps = { readonly queue: TokenQueue; readonly caps: TokenCaps };

export type Announced = {
  readonly queued: readonly TokenDetected[];
  /** Looks beyond the caps, given up. */
  readonly dropped: number;
  /** Why a cap could not be read; null when all were. */
  readonly capUnread: string | null;
};

/**
 * Puts looks on the queue as far as the caps allow.
 * @throws {Fault} `queue.refused`: some are not on the queue, and all may be announced again.
 */
export async function announce(
  { queue, caps }: AnnounceDeps,
  looks: readonly TokenDetected[],
  signal: AbortSignal,
): Promise<Announced> {
  if (looks.length === 0) return { queued: [], dropped: 0, capUnread: null };
  const { granted, unread } = await caps.take(looks.length, signal);
  const queued = granted < looks.length ? rarestFirst(looks).slice(0, granted) : looks;
  if (queued.length > 0) await queue.send(queued, signal);
  return { queued, dropped: looks.length - queued.length, capUnread: unread };
}

/** Launches come last: they outnumber opened pools fifty to one, and nearly all of them die. */
const rarestFirst = (looks: readonly TokenDetected[]): TokenDetected[] => [
  ...looks.filter(({ event }) => event !== 'launch'),
  ...looks.filter(({ event }) => event === 'launch'),
];
