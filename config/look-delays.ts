/**
 * The longest that a look's message is held back, in seconds: each is sent when the one before has
 * decided. `offsets`: seconds from the detection, ascending; 0 when there are none.
 */
export const longestLookDelaySeconds = (offsets: readonly number[]): number =>
  Math.max(0, ...offsets.map((offset, at) => offset - (offsets[at - 1] ?? 0)));
