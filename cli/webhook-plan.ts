import type { TradingConfig } from '#config/trading-config.ts';
import { type WatchedAccount, accountsFor } from '#functions/detector/watched-accounts.ts';
import type { Venue } from '#shared/domain/venue.ts';

/** What is watched of the configured venues, and what is not. */
export type WatchPlan = {
  readonly accounts: readonly WatchedAccount[];
  /** Venues with nothing to watch but their whole program, which is not watched. */
  readonly unwatched: readonly Venue[];
};

/** `programs`: whole programs as well, where nothing narrower tells of every pool. */
export function watchPlan(
  { detector }: Pick<TradingConfig, 'detector'>,
  { programs }: { readonly programs: boolean },
): WatchPlan {
  const scope = { venues: new Set(detector.venues), analyzeLaunches: detector.analyze_launches };
  const accounts = accountsFor(scope, { programs });
  const watched = new Set(accounts.map(({ venue }) => venue));
  const wanted = new Set(accountsFor(scope, { programs: true }).map(({ venue }) => venue));
  return { accounts, unwatched: [...wanted].filter((venue) => !watched.has(venue)) };
}

/** A line for each account: venue, address, why. */
export const accountLines = (accounts: readonly WatchedAccount[]): string[] =>
  accounts.map(
    ({ venue, account, wholeProgram, reason }) =>
      `${venue.padEnd(18)} ${account.padEnd(44)} ${wholeProgram ? 'whole program: ' : ''}${reason}`,
  );
