import { reasonOf } from '#shared/domain/fault.ts';
import type { ChainHistory, ListedTransaction } from '#shared/ports/chain-history.ts';
import type { Clock } from '#shared/ports/clock.ts';
import { mapBounded } from '#shared/runtime/map-bounded.ts';

const READS_AT_ONCE = 4;
/** A transaction that cannot be read for this long holds up its account no longer. */
const GIVE_UP_SECONDS = 600;
const SLOTS_PER_SECOND = 2.5;

export type ChunkRead = {
  /** Transactions that could be read, wherever they stand in the chunk, oldest first. */
  readonly bodies: readonly unknown[];
  /** Transactions that could not be read for so long that nobody waits any more. */
  readonly givenUp: number;
  /** How many from the chunk's start are done with: where the cursor may go. */
  readonly passed: number;
  /** Why the rest has to wait; null when all is done with. */
  readonly waitsFor: string | null;
  /** The RPC refused: asking on would only be refused as well. */
  readonly broken: boolean;
};

/** Reads some listed transactions, as many as can be: what fails waits, and is no rejection. */
export async function readChunk(
  { history, clock }: { readonly history: ChainHistory; readonly clock: Clock },
  { chunk, newestSlot }: { chunk: readonly ListedTransaction[]; newestSlot: number },
  signal: AbortSignal,
): Promise<ChunkRead> {
  let broken: string | null = null;
  const reads = await mapBounded(chunk, READS_AT_ONCE, async (listed): Promise<Read> => {
    if (listed.failed) return { kind: 'empty' };
    if (broken !== null) return { kind: 'waits', reason: broken };
    const [read] = await Promise.allSettled([history.transaction(listed.signature, signal)]);
    if (read.status === 'fulfilled' && read.value !== null) {
      return { kind: 'body', body: read.value };
    }
    if (read.status === 'rejected') broken = reasonOf(read.reason);
    const reason = broken ?? 'not there yet';
    // When our own time is up, that says nothing of the transaction.
    const givenUp = !signal.aborted && isOld(listed, clock.now(), newestSlot);
    return givenUp ? { kind: 'givenUp' } : { kind: 'waits', reason };
  });

  const first = reads.findIndex(({ kind }) => kind === 'waits');
  const waiting = reads[first];
  return {
    bodies: reads.flatMap((read) => (read.kind === 'body' ? [read.body] : [])),
    givenUp: reads.filter(({ kind }) => kind === 'givenUp').length,
    passed: first === -1 ? chunk.length : first,
    waitsFor: waiting?.kind === 'waits' ? waiting.reason : null,
    broken: broken !== null,
  };
}

type Read =
  | { readonly kind: 'body'; readonly body: unknown }
  /** Failed on chain: nothing to read. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'givenUp' }
  | { readonly kind: 'waits'; readonly reason: string };

function isOld({ blockTime, slot }: ListedTransaction, nowMs: number, newestSlot: number): boolean {
  return blockTime === null
    ? newestSlot - slot > GIVE_UP_SECONDS * SLOTS_PER_SECOND
    : nowMs - blockTime * 1_000 > GIVE_UP_SECONDS * 1_000;
}
