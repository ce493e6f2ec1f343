/** When a batch is full. Source: Lambda, "Configuring scaling and batching" of event sources. */
export type BatchRules = {
  /** Items of one batch at most. */
  readonly size: number;
  /** How long the first item may wait for others, in milliseconds. 0: not at all. */
  readonly windowMs: number;
};

/** Gathers items until a batch is due. Pure: time comes in. */
export type BatchBuffer<Item> = {
  readonly add: (items: readonly Item[], nowMs: number) => void;
  /** The next batch that is due, or `undefined`. */
  readonly take: (nowMs: number) => readonly Item[] | undefined;
  /** Milliseconds until a batch is due by its window; `undefined` when nothing waits. */
  readonly dueInMs: (nowMs: number) => number | undefined;
  readonly size: () => number;
};

/** A buffer that gives batches out by the rules, in order of arrival. */
export function batchBuffer<Item>({ size, windowMs }: BatchRules): BatchBuffer<Item> {
  const waiting: { readonly item: Item; readonly sinceMs: number }[] = [];
  return {
    add(items, nowMs) {
      for (const item of items) waiting.push({ item, sinceMs: nowMs });
    },
    take(nowMs) {
      const [first] = waiting;
      if (first === undefined) return undefined;
      if (waiting.length < size && nowMs - first.sinceMs < windowMs) return undefined;
      return waiting.splice(0, size).map(({ item }) => item);
    },
    dueInMs(nowMs) {
      const [first] = waiting;
      if (first === undefined) return undefined;
      return waiting.length >= size ? 0 : Math.max(0, windowMs - (nowMs - first.sinceMs));
    },
    size: () => waiting.length,
  };
}
