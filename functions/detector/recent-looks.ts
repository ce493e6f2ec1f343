import type { TokenDetected } from '#shared/domain/detection.ts';
import type { Clock } from '#shared/ports/clock.ts';

/**
 * What was put on the queue a moment ago and cannot have its decision yet: two accounts tell of the
 * same pool, and a cursor that had to wait tells of it again.
 */
export type RecentLooks = {
  /** Marks looks as announced; answers with those that were not marked before. */
  readonly claim: (looks: readonly TokenDetected[]) => TokenDetected[];
  /** Takes the mark back from looks that were not announced after all. */
  readonly release: (looks: readonly TokenDetected[]) => void;
};

/** Longer than any analysis takes, its redeliveries aside. */
const KEEP_MS = 300_000;

export function recentLooks(clock: Clock): RecentLooks {
  // In the order of their expiry, since each lives equally long.
  const expiries = new Map<string, number>();
  return {
    claim(looks) {
      const nowMs = clock.now();
      for (const [key, expiresAtMs] of expiries) {
        if (expiresAtMs > nowMs) break;
        expiries.delete(key);
      }
      return looks.filter((look) => {
        const key = keyOf(look);
        if (expiries.has(key)) return false;
        expiries.set(key, nowMs + KEEP_MS);
        return true;
      });
    },
    release(looks) {
      for (const look of looks) expiries.delete(keyOf(look));
    },
  };
}

const keyOf = ({ mint, pool, look }: TokenDetected): string => `${mint}/${pool}/${look}`;
