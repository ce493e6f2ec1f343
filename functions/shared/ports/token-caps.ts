/** How many of the wanted tokens may go. */
export type Allowance = {
  readonly granted: number;
  /** Why a counter could not be read (it does not limit then); null when all were read. */
  readonly unread: string | null;
};

/** The fuses for the bill: tokens a minute and a day. */
export type TokenCaps = {
  /** Takes `wanted` out of what is left of the minute and the day: 0..=`wanted`. Never rejects. */
  readonly take: (wanted: number, signal: AbortSignal) => Promise<Allowance>;
};
