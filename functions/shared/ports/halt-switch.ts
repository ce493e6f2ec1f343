import type { HaltState } from '../domain/halt-state.ts';

/** The switch by which people stop trading. */
export type HaltSwitch = {
  /** As it stands. Missing, malformed or unreadable reads as all halted: unknown means stop. */
  readonly read: (signal: AbortSignal) => Promise<HaltState>;
  /** @throws {Fault} `ledger.unavailable` when the new state may not have been stored. */
  readonly set: (state: HaltState, signal: AbortSignal) => Promise<void>;
};
