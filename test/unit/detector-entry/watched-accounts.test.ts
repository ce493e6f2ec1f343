import { describe, expect, it } from 'vitest';

import { WATCHED_ACCOUNTS, accountsFor } from '#functions/detector/watched-accounts.ts';
import { VENUES } from '#shared/domain/venue.ts';

const scope = (venues: readonly (typeof VENUES)[number][], analyzeLaunches = true) => ({
  venues: new Set(venues),
  analyzeLaunches,
});

describe('accountsFor', () => {
  it.each(VENUES)('watches %s', (venue) => {
    const accounts = accountsFor(scope([venue]), { programs: true });
    expect(accounts.map((watched) => watched.venue)).toContain(venue);
  });

  it('watches nothing of a venue that is not configured', () => {
    expect(
      accountsFor(scope(['raydium-cpmm']), { programs: true }).map(({ venue }) => venue),
    ).toEqual(['raydium-cpmm']);
  });

  it('does not pay for launches that nobody wants', () => {
    const programs = true;
    expect(accountsFor(scope(['pump-fun', 'meteora-dbc'], false), { programs })).toEqual([]);
    expect(accountsFor(scope(['pump-swap'], false), { programs })).toHaveLength(2);
  });

  it('does not pay for every swap of a program, unless asked to', () => {
    const accounts = accountsFor(scope(VENUES), { programs: false });
    expect(accounts.map(({ venue }) => venue)).toEqual([
      'pump-fun',
      'pump-swap',
      'raydium-amm-v4',
      'raydium-cpmm',
    ]);
    expect(accounts.filter(({ wholeProgram }) => wholeProgram)).toEqual([]);
  });

  it('gives each account once, with a reason', () => {
    const accounts = WATCHED_ACCOUNTS.map(({ account }) => account);
    expect(new Set(accounts).size).toBe(accounts.length);
    expect(WATCHED_ACCOUNTS.filter(({ reason }) => reason.length < 10)).toEqual([]);
  });
});
