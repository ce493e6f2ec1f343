import type { Random } from '../random.ts';
import type { HostedMetadata } from './token-recipe.ts';

/** A trick: texts on chain, and what their URI leads to. `{id}` stands for the token's own document. */
export type Trick = {
  readonly name: string;
  readonly tokenName?: string;
  readonly symbol?: string;
  readonly uri?: string;
  readonly hosted?: HostedMetadata;
};

const ESC = '\u001B';
const TEXTS: readonly Trick[] = [
  {
    name: 'terminal-escapes',
    tokenName: `${ESC}[2J${ESC}[31mSAFE${ESC}[0m`,
    symbol: `${ESC}]0;x\u0007`,
  },
  { name: 'bidi-override', tokenName: 'USD\u202Ekcart\u202C Coin', symbol: '\u2066USDC\u2069' },
  { name: 'markup', tokenName: '<script>alert(1)</script>', symbol: '<b>X</b>' },
  { name: 'control-characters', tokenName: 'Moon\u0000\u0008\u001B Cat\r\nBUY', symbol: 'A\tB\nC' },
  { name: 'formula', tokenName: '=HYPERLINK("http://x")', symbol: '+1+1' },
  { name: 'prototype', tokenName: '__proto__', symbol: 'constructor' },
  { name: 'zero-width', tokenName: 'So\u200Bla\u200Dna\uFEFF', symbol: 'S\u200BOL' },
];
const PLACES: readonly Trick[] = [
  { name: 'loopback', uri: 'http://127.0.0.1/latest' },
  { name: 'loopback-short', uri: 'http://127.1:80/' },
  { name: 'loopback-ipv6', uri: 'http://[::1]/' },
  { name: 'loopback-mapped', uri: 'http://[::ffff:127.0.0.1]/' },
  {
    name: 'instance-metadata',
    uri: 'http://169.254.169.254/latest/meta-data/iam/security-credentials/',
  },
  { name: 'private-network', uri: 'https://10.0.0.1/admin' },
  { name: 'decimal-address', uri: 'http://2130706433/' },
  { name: 'file', uri: 'file:///etc/passwd' },
  { name: 'data', uri: 'data:application/json,{"name":"x"}' },
  { name: 'script', uri: 'javascript:alert(1)' },
  { name: 'credentials', uri: 'https://user:password@127.0.0.1/x.json' },
  { name: 'path-escape', uri: 'ipfs://../../market/truth' },
  { name: 'no-uri', uri: 'not a uri at all' },
];
const DOCUMENTS: readonly Trick[] = [
  {
    name: 'html',
    hosted: {
      kind: 'text',
      contentType: 'text/html',
      body: '<!doctype html><html><body><h1>Moon soon</h1></body></html>',
    },
  },
  { name: 'huge', hosted: { kind: 'huge', bytes: 10_000_000 } },
  { name: 'deep', hosted: { kind: 'deep', levels: 20_000 } },
  { name: 'redirect-inside', hosted: { kind: 'redirect', to: 'http://169.254.169.254/latest/' } },
  { name: 'redirect-file', hosted: { kind: 'redirect', to: 'file:///etc/passwd' } },
  {
    name: 'wrong-types',
    hosted: {
      kind: 'json',
      delayMs: 0,
      value: { name: 42, symbol: ['A'], description: null, image: {}, twitter: true },
    },
  },
  {
    name: 'not-an-object',
    hosted: { kind: 'text', contentType: 'application/json', body: '"just a string"' },
  },
  {
    name: 'hostile-links',
    hosted: {
      kind: 'json',
      delayMs: 0,
      value: {
        name: 'Moon',
        symbol: 'MOON',
        description: `${ESC}[31m<img src=x onerror=alert(1)>`.repeat(200),
        image: 'javascript:alert(1)',
        twitter: 'javascript:alert(1)',
        telegram: 'https://t.me/\u202Eevil',
        website: 'http://169.254.169.254/',
      },
    },
  },
];

/** One of the ways in which metadata attacks its reader. */
export const hostileTrick = (random: Random): Trick =>
  random.pick(
    random.weighted([
      [TEXTS, 1],
      [PLACES, 1],
      [DOCUMENTS, 1],
    ]),
  );

export const HOSTILE_TRICKS: readonly Trick[] = [...TEXTS, ...PLACES, ...DOCUMENTS];
