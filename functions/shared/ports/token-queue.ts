import type { TokenDetected } from '../domain/detection.ts';

/** The queue of tokens to be analysed. */
export type TokenQueue = {
  /**
   * Puts looks on the queue, each delayed until it is due. Resolves when the queue has accepted
   * all of them.
   * @throws {Fault} `queue.refused` when some were refused after the retries; none is lost in silence.
   */
  readonly send: (looks: readonly TokenDetected[], signal: AbortSignal) => Promise<void>;
};
