import { describe, expect, it } from 'vitest';

import { SECURITY_HEADERS, refusalOf } from '#cli/page/request-guard.ts';

const PORT = 8_787;
const ask = (over: {
  method?: string;
  url?: string;
  host?: string | undefined;
  origin?: string;
  site?: string;
}) => {
  const { method = 'GET', url = '/api/trades', origin, site } = over;
  const host = 'host' in over ? over.host : `127.0.0.1:${PORT}`;
  return refusalOf(
    {
      method,
      url,
      headers: {
        ...(host === undefined ? {} : { host }),
        ...(origin === undefined ? {} : { origin }),
        ...(site === undefined ? {} : { 'sec-fetch-site': site }),
      },
    },
    PORT,
  )?.status;
};

describe('requests that are answered', () => {
  it.each([
    { says: 'by address', over: {} },
    { says: 'by name', over: { host: `localhost:${PORT}` } },
    { says: 'by name in capitals', over: { host: `LOCALHOST:${PORT}` } },
    { says: 'from the page itself', over: { origin: `http://127.0.0.1:${PORT}` } },
    { says: 'from the page itself, as the browser says', over: { site: 'same-origin' } },
    { says: 'typed into the address bar', over: { site: 'none' } },
    { says: 'a link from elsewhere to the page', over: { url: '/', site: 'cross-site' } },
  ])('$says', ({ over }) => {
    expect(ask(over)).toBeUndefined();
  });
});

describe('requests that are refused', () => {
  it.each([
    { says: 'a foreign name (DNS rebinding)', over: { host: `evil.example:${PORT}` } },
    { says: 'a name that only begins like ours', over: { host: `127.0.0.1.evil.example:${PORT}` } },
    { says: 'another port', over: { host: '127.0.0.1:80' } },
    { says: 'no host at all', over: { host: undefined } },
    { says: 'another page', over: { origin: 'https://evil.example' } },
    { says: 'another server of this machine', over: { origin: 'http://127.0.0.1:3000' } },
    { says: 'a page without an origin', over: { origin: 'null' } },
    { says: 'another site, as the browser says', over: { site: 'cross-site' } },
    { says: 'another port of this site', over: { site: 'same-site' } },
    { says: 'a script tag elsewhere', over: { url: '/page.js', site: 'cross-site' } },
  ])('$says', ({ over }) => {
    expect(ask(over)).toBe(403);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])('%s', (method) => {
    expect(ask({ method })).toBe(405);
  });
});

describe('the policy', () => {
  const directives = new Map(
    SECURITY_HEADERS['Content-Security-Policy']
      .split('; ')
      .map((each) => [each.split(' ')[0], each.split(' ').slice(1).join(' ')]),
  );

  it('lets nothing in but what the page serves by itself', () => {
    expect(Object.fromEntries(directives)).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'connect-src': "'self'",
      'img-src': "'self' data:",
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
    });
  });
});
