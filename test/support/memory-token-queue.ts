import type { TokenDetected } from '#shared/domain/detection.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { TokenQueue } from '#shared/ports/token-queue.ts';

export type MemoryTokenQueue = TokenQueue & {
  /** What was accepted, in its order. */
  readonly messages: readonly TokenDetected[];
  /** Refuses each look of the next sends for which it answers true. */
  refuse: (look: TokenDetected) => boolean;
  /** Called before each send: throws to fail it whole. */
  fail: () => void;
};

/** The queue in memory; like SQS it accepts a part of what it is sent, and refuses the rest. */
export function memoryTokenQueue(): MemoryTokenQueue {
  const messages: TokenDetected[] = [];
  return {
    messages,
    refuse: () => false,
    fail: () => undefined,
    async send(looks) {
      this.fail();
      const keys = new Set<string>();
      let refused = 0;
      for (const look of looks) {
        const key = `${look.mint}/${look.pool}/${look.look}`;
        if (keys.has(key)) continue;
        keys.add(key);
        if (this.refuse(look)) refused += 1;
        else messages.push(look);
      }
      if (refused > 0) throw new Fault('queue.refused', { refused, reason: 'InternalError' });
    },
  };
}
