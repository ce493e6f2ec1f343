import * as z from 'zod';

import { isAddress } from '#shared/domain/address.ts';
import type { Reply, Route } from './page-server.ts';
import type { PageSource } from './page-source.ts';

/** Clocks of this machine and the cloud's differ a little: what is decided "later" is still now. */
const CLOCK_MARGIN_MS = 60_000;
const DAY_MS = 86_400_000;
export const MAX_PAGE_ROWS = 10_000;

const decisionsQuery = z.object({
  since: z.coerce.number().int().nonnegative().optional(),
  /** `next` of the page before; without it, now. */
  until: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_ROWS).default(1_000),
});
/** The longest span that one may page through: about a month of hours, each a few queries. */
const MAX_SPAN_MS = 32 * DAY_MS;

const TOKEN_PATH = /^\/api\/token\/([^/]+)$/;

/** The JSON API of the page: reads only. */
export function pageRoutes(source: PageSource, now: () => number = Date.now): Route[] {
  const exact: Readonly<Record<string, (url: URL, signal: AbortSignal) => Promise<Reply> | Reply>> =
    {
      '/api/about': () => json(source.about),
      '/api/decisions': async (url) => decisions(source, url, now()),
      '/api/trades': async () => json(await source.trades()),
      '/api/status': async (_url, signal) => json(await source.status(signal)),
      '/api/events': () => ({ kind: 'events', subscribe: source.hub.subscribe }),
    };
  return [
    (url, signal) =>
      Object.hasOwn(exact, url.pathname) ? exact[url.pathname]?.(url, signal) : undefined,
    (url, signal) => {
      const mint = TOKEN_PATH.exec(url.pathname)?.[1];
      return mint === undefined ? undefined : token(source, mint, signal);
    },
  ];
}

const json = (body: unknown): Reply => ({ kind: 'json', body });
const wrong = (error: string): Reply => ({ kind: 'problem', status: 400, error });

async function decisions(source: PageSource, url: URL, now: number): Promise<Reply> {
  const query = decisionsQuery.safeParse(Object.fromEntries(url.searchParams));
  if (!query.success) {
    const [issue] = query.error.issues;
    return wrong(`${issue?.path.join('.') ?? 'query'}: ${issue?.message ?? 'not understood'}`);
  }
  const {
    until: untilMs = now + CLOCK_MARGIN_MS,
    since: sinceMs = now - DAY_MS,
    limit,
  } = query.data;
  if (untilMs <= sinceMs) return json({ rows: [], next: null, unreadable: 0 });
  if (untilMs - sinceMs > MAX_SPAN_MS) return wrong('since: more than 32 days before until');
  return json(await source.decisions({ sinceMs, untilMs }, limit));
}

async function token(source: PageSource, mint: string, signal: AbortSignal): Promise<Reply> {
  if (!isAddress(mint)) return wrong('this is no mint address: base58 of 32 bytes');
  return json(await source.token(mint, signal));
}
