import { strategyOf, strategyVersion } from '#config/strategy.ts';
import type { TradingConfig } from '#config/trading-config.ts';
import { dexscreenerProfiles } from '#shared/adapters/http/dexscreener-profiles.ts';
import { httpOffchainDocuments } from '#shared/adapters/http/http-offchain-documents.ts';
import { jsonClient } from '#shared/adapters/http/json-client.ts';
import { jupiterTokenListings } from '#shared/adapters/http/jupiter-token-listings.ts';
import { rugcheckRiskReports } from '#shared/adapters/http/rugcheck-risk-reports.ts';
import { xAccounts } from '#shared/adapters/http/x-accounts.ts';
import { rpcClient } from '#shared/adapters/solana/rpc-client.ts';
import { rpcTokenReader } from '#shared/adapters/solana/rpc-token-reader.ts';
import { absent } from '#shared/domain/evidence.ts';
import { fillPlaceholders } from '#shared/domain/fill-placeholders.ts';
import { systemClock } from '#shared/ports/clock.ts';
import { systemPause } from '#shared/ports/pause.ts';
import type { AnalyzeDeps } from './analyze.ts';
import { CHECKS } from './checks/index.ts';
import type { TokenSources } from './token-questions.ts';

/** The upstreams of the configuration, with the keys filled in. */
export function tokenSources(
  { upstreams }: TradingConfig,
  keys: Readonly<Record<string, string>>,
): TokenSources {
  const { rpc, jupiter, rugcheck, dexscreener, x, metadata } = upstreams;
  const client = (
    upstream: string,
    { url, timeout_ms }: { url: string; timeout_ms: number },
    headers = {},
  ) => jsonClient({ upstream, url: fillPlaceholders(url, keys), timeoutMs: timeout_ms, headers });
  const apiKey = fillPlaceholders(jupiter.api_key, keys);
  const bearerToken = fillPlaceholders(x.bearer_token, keys);
  const clients = rpc.urls.map((url, index) =>
    client(`rpc${index + 1}`, { url, timeout_ms: rpc.timeout_ms }),
  );
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

/** Everything that an analysis needs, besides the table. */
export function analyzeDeps(
  config: TradingConfig,
  keys: Readonly<Record<string, string>>,
): Omit<AnalyzeDeps, 'decisions'> {
  const strategy = strategyOf(config);
  return {
    checks: CHECKS,
    sources: tokenSources(config, keys),
    clock: systemClock,
    pause: systemPause,
    strategy: { strategy, version: strategyVersion(strategy) },
    settings: config.analyzer,
  };
}
