import { type Address, address } from '#shared/domain/address.ts';
import { VENUE_PROGRAMS, type Venue } from '#shared/domain/venue.ts';
import type { DetectionScope } from './detect.ts';

/** An account that the sweep reads, because the transactions that open pools name it. */
export type WatchedAccount = {
  readonly venue: Venue;
  readonly account: Address;
  /** What it tells of: only `launch`es on a bonding curve, or any opening. */
  readonly opens: 'launch' | 'any';
  /** True when swaps name it too: a busy venue then outruns the sweep, and is left to the webhook. */
  readonly wholeProgram: boolean;
  /** Why this account; for people. */
  readonly reason: string;
};

const wholeProgram = (
  venue: Venue,
  reason: string,
  opens: WatchedAccount['opens'] = 'any',
): WatchedAccount => ({
  venue,
  account: VENUE_PROGRAMS[venue],
  opens,
  wholeProgram: true,
  reason,
});

/**
 * All accounts that the sweep knows, and the ones to give a webhook. The narrow ones are singletons
 * that only creations name (programs' sources and recorded transactions).
 */
export const WATCHED_ACCOUNTS: readonly WatchedAccount[] = [
  {
    venue: 'pump-fun',
    account: address('TSLvdd1pWpHVjahSpsvCXUbgwsL3JAcvokwaKt1eokM'),
    opens: 'launch',
    wholeProgram: false,
    reason: 'mint authority: named by create and create_v2 only',
  },
  {
    venue: 'pump-swap',
    account: address('39azUYFWPz3VHgKCf3VChUwbpURdCHRxjWVowf5jUJjg'),
    opens: 'any',
    wholeProgram: false,
    reason: 'withdraw authority of Pump.fun: named by graduations, which open a PumpSwap pool',
  },
  {
    venue: 'raydium-amm-v4',
    account: address('7YttLkHDoNj9wyDur5pM1ejNaAvT9X4eqaYcHQqtj2G5'),
    opens: 'any',
    wholeProgram: false,
    reason: 'takes the fee for the creation of a pool: named by every initialize2',
  },
  {
    venue: 'raydium-cpmm',
    account: address('DNXgeM9EiiaAbaWvwjHj9fQQLAX5ZsfHyvmYUNRAdNC8'),
    opens: 'any',
    wholeProgram: false,
    reason: 'takes the fee for the creation of a pool: LaunchLab graduations pay it too',
  },
  wholeProgram('pump-swap', 'pools made by hand; graduations come by the withdraw authority'),
  wholeProgram('raydium-clmm', 'no account is named by creations only'),
  wholeProgram('raydium-launchlab', 'no account is named by launches only', 'launch'),
  wholeProgram('meteora-dbc', 'no account is named by launches only', 'launch'),
  wholeProgram('meteora-damm-v1', 'no account is named by creations only'),
  wholeProgram('meteora-damm-v2', 'no account is named by creations only'),
  wholeProgram('meteora-dlmm', 'no account is named by creations only'),
  wholeProgram('orca-whirlpool', 'no account is named by creations only'),
];

/**
 * The accounts whose openings are in scope. Whole programs are left out unless asked for: reading
 * them costs a call for each swap.
 */
export const accountsFor = (
  { venues, analyzeLaunches }: DetectionScope,
  { programs }: { readonly programs: boolean },
): WatchedAccount[] =>
  WATCHED_ACCOUNTS.filter(
    ({ venue, opens, wholeProgram }) =>
      venues.has(venue) && (analyzeLaunches || opens !== 'launch') && (programs || !wholeProgram),
  );
