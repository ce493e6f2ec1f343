import type { MarketRequest } from '../http/market-server.ts';
import { type Reply, json } from '../http/reply.ts';
import type { UpstreamContext } from './upstream-context.ts';

const UNAUTHORIZED = {
  title: 'Unauthorized',
  type: 'about:blank',
  status: 401,
  detail: 'Unauthorized',
};

/** `GET /2/users/by/username/{handle}`: HTTP 200 also for accounts that are not there. */
export function xUser({ book }: UpstreamContext, { path, headers }: MarketRequest): Reply {
  const [, handle] = /^\/2\/users\/by\/username\/(\w{1,15})$/.exec(path) ?? [];
  if (!headers.authorization?.startsWith('Bearer ')) return json(UNAUTHORIZED, 401);
  if (handle === undefined) return json({ title: 'Invalid Request', status: 400 }, 400);
  const account = book.ofHandle(handle)?.recipe.xAccount;
  if (account === null || account === undefined) {
    const detail = `Could not find user with username: [${handle}].`;
    return problem(handle, 'Not Found Error', detail, 'resource-not-found');
  }
  if (account.suspended) {
    const detail = `User has been suspended: [${handle}].`;
    return problem(handle, 'Forbidden', detail, 'resource-not-found');
  }
  return json({
    data: {
      id: String(account.createdAt * 1_000 + account.followers),
      name: account.handle,
      username: account.handle,
      created_at: new Date(account.createdAt * 1_000).toISOString(),
      verified: account.verified,
      public_metrics: {
        followers_count: account.followers,
        following_count: Math.floor(account.followers / 7),
        tweet_count: Math.floor(account.followers / 3),
        listed_count: Math.floor(account.followers / 200),
      },
    },
  });
}

const problem = (handle: string, title: string, detail: string, type: string): Reply =>
  json({
    errors: [
      {
        value: handle,
        detail,
        title,
        resource_type: 'user',
        parameter: 'username',
        resource_id: handle,
        type: `https://api.twitter.com/2/problems/${type}`,
      },
    ],
  });
