import type { IncomingMessage } from 'node:http';

/**
 * On every answer. The page loads nothing but its own script and style, talks to nobody but its own
 * server, and no other page may frame, embed or read it.
 */
export const SECURITY_HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'Cache-Control': 'no-store',
} as const;

export type Refusal = {
  readonly status: 403 | 405;
  readonly error: string;
};

/** Paths that a person opens by a link or the address bar; everything else only the page asks for. */
const OPENED_BY_PEOPLE = new Set(['/']);

/**
 * Why a request is not answered; undefined when it is. A foreign name in `Host` is DNS rebinding: a
 * hostile page whose name was made to resolve to this machine. A foreign `Origin`, or a fetch that
 * the browser itself calls cross-site, is another page asking.
 */
export function refusalOf(
  { method, headers, url = '/' }: Pick<IncomingMessage, 'method' | 'headers' | 'url'>,
  port: number,
): Refusal | undefined {
  if (method !== 'GET') return { status: 405, error: 'only GET is answered here' };
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  // Browsers leave the port out of both headers when it is the scheme's own.
  const own = port === 80 ? [...hosts, '127.0.0.1', 'localhost'] : hosts;
  if (headers.host === undefined || !own.includes(headers.host.toLowerCase())) {
    return { status: 403, error: `this page answers to ${hosts[0]} and ${hosts[1]} only` };
  }
  const { origin } = headers;
  if (origin !== undefined && !own.some((host) => origin === `http://${host}`)) {
    return { status: 403, error: 'another page may not ask here' };
  }
  const site = headers['sec-fetch-site'];
  const [path = '/'] = url.split('?');
  const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (foreign && !OPENED_BY_PEOPLE.has(path)) {
    return { status: 403, error: 'another page may not ask here' };
  }
  return undefined;
}
