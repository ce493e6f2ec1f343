import type { Endpoint, MarketRequest } from '../http/market-server.ts';
import { type Reply, json } from '../http/reply.ts';
import { dexscreenerPairs } from './dexscreener.ts';
import { execute } from './jupiter-execute.ts';
import { order } from './jupiter-order.ts';
import { prices, searchTokens } from './jupiter-tokens.ts';
import { metadataDocument } from './metadata-host.ts';
import { OrderDesk } from './order-desk.ts';
import { rugcheckReport } from './rugcheck.ts';
import type { UpstreamContext } from './upstream-context.ts';
import { xUser } from './x-users.ts';

/** Each upstream API by the first part of its path. */
export function upstreamEndpoints(context: UpstreamContext): [string, Endpoint][] {
  return [
    ['jupiter', jupiter(context)],
    [
      'rugcheck',
      {
        upstream: 'rugcheck',
        routeOf: ({ path }) => (path.endsWith('/summary') ? 'summary' : 'report'),
        answer: (request) => rugcheckReport(context, request),
      },
    ],
    [
      'dexscreener',
      {
        upstream: 'dexscreener',
        routeOf: () => 'pairs',
        answer: ({ path }) => dexscreenerPairs(context, path),
      },
    ],
    [
      'x',
      {
        upstream: 'x',
        routeOf: () => 'user',
        answer: (request) => xUser(context, request),
        limited: () => json({ errors: [{ code: 88, message: 'Rate limit exceeded' }] }, 429),
      },
    ],
    ['ipfs', metadata(context, 'ipfs')],
    ['arweave', metadata(context, 'arweave')],
  ];
}

const metadata = (context: UpstreamContext, route: string): Endpoint => ({
  upstream: 'metadata',
  routeOf: () => route,
  answer: async ({ path }) => metadataDocument(context, path),
});

const JUPITER_ROUTES: Readonly<Record<string, string>> = {
  'GET /tokens/v2/search': 'tokens',
  'GET /price/v3': 'price',
  'GET /swap/v2/order': 'order',
  'POST /swap/v2/execute': 'execute',
};

const jupiterRoute = ({ method, path }: MarketRequest): string =>
  JUPITER_ROUTES[`${method} ${path}`] ?? 'unknown';

function jupiter(context: UpstreamContext): Endpoint {
  const now = () => context.chain.clock.nowMs();
  const desk = new OrderDesk(context.random.fork('orders'), now);
  const withId = (reply: Reply): Reply => ({
    ...reply,
    headers: { ...reply.headers, 'x-api-gateway-request-id': desk.newId() },
  });
  return {
    upstream: 'jupiter',
    routeOf: jupiterRoute,
    limited: () => withId(json({ message: '[API Gateway] Too many requests' }, 429)),
    answer: (request) => withId(answer(context, desk, jupiterRoute(request), request)),
  };
}

function answer(
  context: UpstreamContext,
  desk: OrderDesk,
  route: string,
  { query, body }: MarketRequest,
): Reply {
  switch (route) {
    case 'tokens':
      return searchTokens(context, query.get('query') ?? '');
    case 'price':
      return prices(context, query.get('ids') ?? '');
    case 'order':
      return order(context, desk, query);
    case 'execute':
      return execute(context, desk, body);
    default:
      return json({ code: 404, message: 'Route not found' }, 404);
  }
}
