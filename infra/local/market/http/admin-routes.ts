import * as z from 'zod';

import { isAddress } from '#shared/domain/address.ts';
import type { Chain } from '../chain/chain.ts';
import { isTokenAccountData, readTokenAccount } from '../chain/token-layout.ts';
import { ARRIVALS } from '../openings/arrivals.ts';
import { type TokenBook, truthOf } from '../openings/market-token.ts';
import type { Opener } from '../openings/opener.ts';
import type { WebhookSender } from '../openings/webhook-sender.ts';
import { ARCHETYPE_NAMES } from '../tokens/archetype.ts';
import { type FaultDesk, faultSchema } from './fault-desk.ts';
import type { MarketRequest } from './market-server.ts';
import { type Reply, json } from './reply.ts';
import type { RequestStats } from './request-stats.ts';

export type AdminParts = {
  readonly chain: Chain;
  readonly book: TokenBook;
  readonly opener: Opener;
  readonly webhooks: WebhookSender;
  readonly faults: FaultDesk;
  readonly stats: RequestStats;
  readonly seed: string;
};

const MAX_TOKENS = 50_000;

const webhookSchema = z.object({ url: z.url(), authorization: z.string().default('') });
const openSchema = z.object({
  tokens: z.number().int().min(1).max(MAX_TOKENS),
  ratePerSecond: z.number().positive().max(10_000).default(10),
  arrivals: z.enum(ARRIVALS).default('burst'),
  seed: z.union([z.string(), z.number()]).transform(String).optional(),
  archetypes: z.partialRecord(z.enum(ARCHETYPE_NAMES), z.number().nonnegative()).optional(),
});

/** Answers below `/market`: what the local stack and its tests steer the market with. */
export function adminRoutes(parts: AdminParts) {
  const routes: Record<string, (request: MarketRequest) => Reply | Promise<Reply>> = {
    'GET /status': () => status(parts),
    'GET /truth': () => json(opened(parts).map(truthOf)),
    'GET /stats': () => stats(parts),
    'GET /faults': () => json(parts.faults.list()),
    'POST /faults': (request) =>
      withBody(request, faultSchema, (fault) => {
        parts.faults.set(fault);
        return json({ faults: parts.faults.list() });
      }),
    'POST /webhook': (request) =>
      withBody(request, webhookSchema, (webhook) => {
        parts.webhooks.register(webhook);
        return json({ webhookURL: webhook.url, webhookType: 'raw' });
      }),
    'DELETE /webhook': (request) => {
      parts.webhooks.unregister(request.query.get('url') ?? '');
      return json({ removed: true });
    },
    'POST /open': (request) =>
      withBody(request, openSchema, async ({ seed, ...open }) => {
        // Each run without a seed of its own gets another one: two runs never mint the same mints.
        const runSeed = seed ?? `${parts.seed}/${parts.opener.runs().length + 1}`;
        const { run, prepared, finished } = parts.opener.start({ ...open, seed: runSeed });
        // What fails after this answer is told by the run's status.
        finished.catch(() => undefined);
        // Answered when all is minted: the pools open from now on.
        await prepared();
        return json({ run: run.id, tokens: run.tokens, seed: runSeed }, 202);
      }),
  };
  return async (request: MarketRequest): Promise<Reply> => {
    const wallet = /^\/wallet\/(\w+)$/.exec(request.path)?.[1];
    if (request.method === 'GET' && wallet !== undefined) return walletOf(parts.chain, wallet);
    const route = routes[`${request.method} ${request.path}`];
    return route === undefined ? json({ error: 'no such route' }, 404) : route(request);
  };
}

function withBody<Body>(
  request: MarketRequest,
  schema: z.ZodType<Body>,
  answer: (body: Body) => Reply | Promise<Reply>,
): Reply | Promise<Reply> {
  let body: unknown;
  try {
    body = JSON.parse(request.body);
  } catch {
    return json({ error: 'the body is not JSON' }, 400);
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return answer(parsed.data);
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return json({ error: 'the body is not what this route takes', issues }, 400);
}

const opened = ({ book }: AdminParts) =>
  [...book.all()].filter((token) => token.opened !== undefined);

function status(parts: AdminParts): Reply {
  const runs = parts.opener.runs();
  const sum = (of: (run: (typeof runs)[number]) => number) =>
    runs.reduce((total, run) => total + of(run), 0);
  return json({
    state: runs.at(-1)?.state ?? 'idle',
    prepared: sum((run) => run.prepared),
    opened: sum((run) => run.opened),
    tokens: sum((run) => run.tokens),
    webhooksInFlight: parts.webhooks.inFlight,
    slot: parts.chain.clock.slot(),
    runs,
  });
}

function stats({ chain, webhooks, stats: requests }: AdminParts): Reply {
  const { user, system } = process.cpuUsage();
  return json({
    requests: requests.summary(),
    transactions: chain.history.size,
    webhooks: webhooks.counts,
    cpuMs: Math.round((user + system) / 1_000),
    memoryMb: Math.round(process.memoryUsage.rss() / 1_048_576),
    uptimeMs: Math.round(process.uptime() * 1_000),
  });
}

function walletOf(chain: Chain, wallet: string): Reply {
  if (!isAddress(wallet)) return json({ error: 'not an address' }, 400);
  const tokens = [...chain.tokenAccounts.ofOwner(wallet)].flatMap((key) => {
    const account = chain.vm.account(key);
    if (account === undefined || !isTokenAccountData(account.data)) return [];
    const { mint, owner, amount, state } = readTokenAccount(account.data);
    if (owner !== wallet) return [];
    return [{ account: key, mint, amount: amount.toString(), frozen: state === 2 }];
  });
  const lamports = (chain.vm.account(wallet)?.lamports ?? 0n).toString();
  return json({ address: wallet, lamports, tokens });
}
