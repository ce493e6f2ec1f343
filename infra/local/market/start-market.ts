import { createHash } from 'node:crypto';

import bs58 from 'bs58';

import { ChainClock } from './chain/chain-clock.ts';
import { Chain } from './chain/chain.ts';
import { adminRoutes } from './http/admin-routes.ts';
import { FaultDesk } from './http/fault-desk.ts';
import { MarketServer } from './http/market-server.ts';
import { RequestStats } from './http/request-stats.ts';
import { type MarketOptions, marketOptionsSchema } from './market-options.ts';
import { TokenBook, type Truth, truthOf } from './openings/market-token.ts';
import { type OpenRequest, Opener } from './openings/opener.ts';
import { WebhookSender } from './openings/webhook-sender.ts';
import { Random } from './random.ts';
import { rpcEndpoint } from './rpc/rpc-endpoint.ts';
import { routePlayer } from './upstreams/route-player.ts';
import { upstreamEndpoints } from './upstreams/upstream-endpoints.ts';
import { weighOpenings } from './venues/openings.ts';

/** A running market. */
export type Market = {
  /** Origin of all its paths, e.g. `http://127.0.0.1:34567`. */
  readonly url: string;
  readonly port: number;
  readonly chain: Chain;
  readonly book: TokenBook;
  readonly faults: FaultDesk;
  readonly webhooks: WebhookSender;
  /** Mints and opens tokens; settles when the last pool is open. */
  readonly open: (request: Partial<OpenRequest> & Pick<OpenRequest, 'tokens'>) => Promise<void>;
  /** What is true of the opened tokens. */
  readonly truth: () => Truth[];
  readonly close: () => Promise<void>;
};

/**
 * Starts the chain, the tokens' market and the upstream APIs in this process.
 * @throws {RangeError} for a venue that is not known; the system's error when the port is taken.
 */
export async function startMarket(options: MarketOptions = {}): Promise<Market> {
  const { now = Date.now, ...rest } = options;
  const settings = marketOptionsSchema.parse(rest);
  const { seed } = settings;
  const random = new Random(seed);
  const chain = new Chain(new ChainClock({ now, seed }), seed);
  const book = new TokenBook();
  chain.player = routePlayer(chain, book);
  const stats = new RequestStats();
  const faults = new FaultDesk({
    random: random.fork('faults'),
    now,
    latency: { medianMs: settings.latencyMs, sigma: settings.sigma },
    faults: settings.faults,
  });
  const webhooks = new WebhookSender(random.fork('webhooks'), settings.duplicateRate);
  const opener = new Opener({
    chain,
    book,
    openings: weighOpenings(settings.venues),
    indexing: settings.indexing,
    noise: settings.noise,
    deliver: (transactions) => webhooks.deliver(transactions),
  });
  const genesisHash = bs58.encode(createHash('sha256').update(`${seed}:genesis`).digest());
  const admin = adminRoutes({ chain, book, opener, webhooks, faults, stats, seed });
  const server = new MarketServer({
    faults,
    stats,
    endpoints: new Map([
      ['market', { upstream: undefined, routeOf: () => 'market', answer: admin }],
      ['rpc', rpcEndpoint({ chain, book, genesisHash, faults })],
      ...upstreamEndpoints({ chain, book, faults, random: random.fork('upstreams') }),
    ]),
  });
  const port = await server.listen(settings.port);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    chain,
    book,
    faults,
    webhooks,
    open: async (request) => {
      const defaults = { arrivals: 'burst', ratePerSecond: 10, seed } as const;
      await opener.start({ ...defaults, ...request }).finished;
    },
    truth: () =>
      [...book.all()].filter(({ opened }) => opened !== undefined).map((token) => truthOf(token)),
    close: async () => {
      opener.close();
      await webhooks.close();
      await server.close();
    },
  };
}
