/** Time as a dependency. */
export type Clock = {
  /** Unix milliseconds. */
  readonly now: () => number;
};

export const systemClock: Clock = { now: () => Date.now() };
