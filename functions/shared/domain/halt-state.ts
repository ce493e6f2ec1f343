import * as z from 'zod';

const run = z.enum(['running', 'halted']);

/** What people let Volley do. Written whole; read as all halted when missing or malformed. */
export const haltStateSchema = z.object({
  /** New trades. */
  buys: run,
  /** Sells of what is held. */
  exits: run,
  /** Unix milliseconds of the last change; 0 when it is not known. */
  changedAt: z.number().int().nonnegative(),
  /** Who changed it, or why it reads as halted. */
  by: z.string().max(200),
});
export type HaltState = z.infer<typeof haltStateSchema>;

/** Unknown means stop. */
export const haltedBecause = (why: string): HaltState => ({
  buys: 'halted',
  exits: 'halted',
  changedAt: 0,
  by: why.slice(0, 200),
});
