import { randomUUID } from 'node:crypto';

import { strategyOf, strategyVersion } from '#config/strategy.ts';
import type { TradingConfig } from '#config/trading-config.ts';
import { dexscreenerProfiles } from '#shared/adapters/http/dexscreener-profiles.ts';
import { guardedClient, type UpstreamEvent } from '#shared/adapters/http/guarded-client.ts';
import { httpOffchainDocuments } from '#shared/adapters/http/http-offchain-documents.ts';
import { type JsonClient, jsonClient } from '#shared/adapters/http/json-client.ts';
import { jupiterTokenListings } from '#shared/adapters/http/jupiter-token-listings.ts';
import { rugcheckRiskReports } from '#shared/adapters/http/rugcheck-risk-reports.ts';
import { xAccounts } from '#shared/adapters/http/x-accounts.ts';
import { rpcClient } from '#shared/adapters/solana/rpc-client.ts';
import { rpcTokenReader } from '#shared/adapters/solana/rpc-token-reader.ts';
import { absent } from '#shared/domain/evidence.ts';
import { fillPlaceholders } from '#shared/domain/fill-placeholders.ts';
import type { BudgetStore } from '#shared/ports/budget-store.ts';
import { systemClock } from '#shared/ports/clock.ts';
import { systemPause } from '#shared/ports/pause.ts';
import { type SharedBudget, sharedBudget } from '#shared/upstream/shared-budget.ts';
import type { AnalyzeDeps } from './analyze.ts';
import { CHECKS } from './checks/index.ts';
import type { Shadow } from './synthesis/shadow-verdicts.ts';
import type { TokenSources } from './token-questions.ts';

/** How the upstreams are spared, and who hears of it. */
export type UpstreamCare = {
  /** Where analyzers agree on who asks how often; left out, nobody keeps to the budgets. */
  readonly budgets?: BudgetStore;
  readonly onEvent?: (event: UpstreamEvent, upstream: string) => void;
};

type UpstreamSettings = {
  readonly url: string;
  readonly timeout_ms: number;
  readonly requests_per_second: number;
};

/** The upstreams of the configuration, with the keys filled in. */
export function tokenSources(
  { upstreams, parallel_processing }: TradingConfig,
  keys: Readonly<Record<string, string>>,
  { budgets, onEvent = () => undefined }: UpstreamCare = {},
): TokenSources {
  const { rpc, jupiter, rugcheck, dexscreener, x, metadata } = upstreams;
  const time = { clock: systemClock, pause: systemPause };
  const holder = randomUUID().slice(0, 8);
  const members = parallel_processing.pool_size;
  const budgetOf = (upstream: string, requestsPerSecond: number): SharedBudget | undefined =>
    budgets === undefined || requestsPerSecond === 0
      ? undefined
      : sharedBudget({ upstream, requestsPerSecond, members, holder }, { store: budgets, ...time });
  const client = (upstream: string, settings: UpstreamSettings, headers = {}): JsonClient => {
    const url = fillPlaceholders(settings.url, keys);
    const budget = budgetOf(upstream, settings.requests_per_second);
    const unguarded = jsonClient({ upstream, url, timeoutMs: settings.timeout_ms, headers });
    return guardedClient(unguarded, { ...time, budget, onEvent });
  };
  const apiKey = fillPlaceholders(jupiter.api_key, keys);
  const bearerToken = fillPlaceholders(x.bearer_token, keys);
  const clients = rpc.urls.map((url, index) => client(`rpc${index + 1}`, { ...rpc, url }));
  return {
    tokens: rpcTokenReader(rpcClient({ clients })),
    listings: jupiterTokenListings(
      client('jupiter', jupiter, apiKey === '' ? {} : { 'x-api-key': apiKey }),
    ),
    reports: rugcheckRiskReports(client('rugcheck', rugcheck)),
    profiles: dexscreenerProfiles(client('dexscreener', dexscreener)),
    documents: httpOffchainDocuments({
      ipfsGateway: metadata.ipfs_gateway,
      arweaveGateway: metadata.arweave_gateway,
      timeoutMs: metadata.timeout_ms,
      maxBytes: metadata.max_bytes,
    }),
    xAccounts:
      bearerToken === ''
        ? { find: async () => absent('X is not configured') }
        : xAccounts(client('x', x, { authorization: `Bearer ${bearerToken}` })),
  };
}

/** By name, as rows give them back. */
const shadowsOf = ({ shadow }: TradingConfig): Shadow[] =>
  shadow.strategies
    .map(({ name, ...strategy }) => ({ name, strategy, version: strategyVersion(strategy) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** Everything that an analysis needs, besides the table and the queue. */
export function analyzeDeps(
  config: TradingConfig,
  keys: Readonly<Record<string, string>>,
  care: UpstreamCare = {},
): Omit<AnalyzeDeps, 'decisions' | 'tokens'> {
  const strategy = strategyOf(config);
  return {
    checks: CHECKS,
    sources: tokenSources(config, keys, care),
    clock: systemClock,
    pause: systemPause,
    strategy: { strategy, version: strategyVersion(strategy) },
    shadows: shadowsOf(config),
    settings: config.analyzer,
  };
}
