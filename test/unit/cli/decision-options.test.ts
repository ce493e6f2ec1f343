import { describe, expect, it } from 'vitest';

import { CommandError } from '#cli/command-error.ts';
import { type DecisionOptions, decisionWish } from '#cli/decision-options.ts';
import { addressNamed } from '../../support/detections.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const HOUR = 3_600_000;
const wish = (options: DecisionOptions) => decisionWish(options, NOW);
const refusal = (options: DecisionOptions): unknown => {
  try {
    return wish(options);
  } catch (error) {
    if (error instanceof CommandError && error.exitCode === 2) return error.message;
    throw error;
  }
};

describe('the options of `decisions`', () => {
  it('list every verdict of the last 24 hours without being told', () => {
    expect(wish({})).toMatchObject({
      mode: 'list',
      format: 'text',
      filter: { verdicts: ['BUY', 'SKIP', 'WATCH', 'EXPIRED'] },
      span: { sinceMs: NOW - 24 * HOUR },
      limit: undefined,
    });
    // Clocks differ a little: what the cloud has just decided counts as past.
    expect(wish({}).span.untilMs).toBeGreaterThan(NOW);
  });

  it.each([
    ['commas', ['buy,Skip']],
    ['repetition', ['BUY', 'SKIP']],
  ])('take several verdicts by %s', (_how, verdict) => {
    expect(wish({ verdict }).filter.verdicts).toEqual(['BUY', 'SKIP']);
  });

  it('count the 24 hours back from --until', () => {
    const { span } = wish({ until: '2026-11-10T00:00Z' });
    expect(span.untilMs - span.sinceMs).toBe(24 * HOUR);
  });

  it('scan the whole table when no time is named', () => {
    expect(wish({ scan: true }).span.sinceMs).toBe(0);
    expect(wish({ scan: true, since: '48h' }).span.sinceMs).toBe(NOW - 48 * HOUR);
  });

  it('compare with the shadows, JSON or text', () => {
    expect(wish({ compare: true, json: true })).toMatchObject({ mode: 'compare', format: 'json' });
    expect(refusal({ compare: true, csv: true })).toBe('--compare and --csv do not go together');
    expect(refusal({ compare: true, mint: addressNamed('a') })).toMatch(/do not go together/);
  });

  it('take a mint as the narrow table prints it', () => {
    const mint = addressNamed('a');
    expect(wish({ mint: `${mint.slice(0, 9)}…` })).toMatchObject({
      mode: 'story',
      mint: mint.slice(0, 9),
    });
    expect(wish({ mint }).mint).toBe(mint);
  });

  it.each<[DecisionOptions, string]>([
    [{ verdict: ['MAYBE'] }, '--verdict "MAYBE" is none of BUY, SKIP, WATCH, EXPIRED'],
    [{ venue: 'uniswap' }, '--venue "uniswap" is none of pump-fun, pump-swap'],
    [{ veto: 'taste' }, '--veto "taste" is none of token-program'],
    [{ creator: 'me' }, '--creator "me" is no address'],
    [{ mint: 'O0l' }, '--mint "O0l" is neither an address nor the first 4 or more characters'],
    [{ mint: 'abc' }, '--mint "abc" is neither'],
    [{ 'min-score': '101' }, '--min-score "101" is no score: 0 to 100'],
    [{ 'min-score': 'high' }, '--min-score "high" is no score'],
    [{ 'min-score': ' ' }, '--min-score " " is no score'],
    [{ limit: '0' }, '--limit "0" is no number of rows'],
    [{ limit: '2.5' }, '--limit "2.5" is no number of rows'],
    [{ since: '1h', until: '2h' }, '--since is not before --until'],
    [{ since: '2027-01-01' }, '--since is not before --until'],
    [{ json: true, csv: true }, '--json and --csv do not go together'],
    [{ follow: true, until: '1h' }, '--follow and --until do not go together'],
    [{ stats: true, limit: '5' }, '--stats and --limit do not go together'],
    [{ mint: addressNamed('a'), follow: true }, '--follow and --mint do not go together'],
  ])('refuse %j as wrong usage', (options, sentence) => {
    expect(refusal(options)).toContain(sentence);
  });

  it('let --csv and --limit go together', () => {
    expect(wish({ csv: true, limit: '5' })).toMatchObject({ format: 'csv', limit: 5 });
  });
});
