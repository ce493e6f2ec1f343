import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { parseTradingConfig } from '#config/parse-trading-config.ts';
import { allDecisions } from '#cli/local-tables.ts';
import { type Stream, startStream } from '#infra/local/live/start-stream.ts';
import { type CloudParts, startCloudParts } from '#infra/local/local-stack.ts';
import { type Market, startMarket } from '#infra/local/market/start-market.ts';
import { type StreamServer, logsNotification, streamServer } from '../../support/stream-server.ts';

const until = async (done: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 50));
};

/** What `npm start -- --live` runs; the market stands in for the upstreams, a server for the node's stream. */
describe('the system on a stream, with no webhook at all', () => {
  const stops: (() => Promise<void>)[] = [];
  let market: Market;
  let node: StreamServer;
  let parts: CloudParts;
  let stream: Stream;
  const problems: string[] = [];
  /** Whether the stream tells of what lands. */
  let telling = true;

  beforeAll(async () => {
    [market, node] = await Promise.all([
      startMarket({ seed: 'live', latencyMs: 5, sigma: 0.1, duplicateRate: 0 }),
      streamServer(),
    ]);
    stops.push(market.close, node.stop);
    // As a node does for accounts that are mentioned; the market's own webhook has no receiver.
    market.webhooks.deliver = (transactions) => {
      if (!telling) return;
      for (const { signature, err } of transactions) node.send(logsNotification(signature, err));
    };
    parts = await startCloudParts({
      environmentHost: 'inline',
      keys: { HELIUS_API_KEY: 'k', JUPITER_API_KEY: 'k', X_BEARER_TOKEN: 'k' },
      settings: {
        // The sweep of its own is to be too late: what is found comes by the stream.
        detector: { sweep_programs: true, sweep_interval_seconds: 60 },
        upstreams: {
          rpc: { urls: [`${market.url}/rpc?key=\${HELIUS_API_KEY}`, `${market.url}/rpc?node=2`] },
          jupiter: { url: `${market.url}/jupiter` },
          rugcheck: { url: `${market.url}/rugcheck` },
          dexscreener: { url: `${market.url}/dexscreener` },
          x: { url: `${market.url}/x` },
          metadata: {
            ipfs_gateway: `${market.url}/ipfs/`,
            arweave_gateway: `${market.url}/arweave/`,
          },
        },
      },
    });
    stops.push(parts.stop);
    let ready = 0;
    const { cloud, output } = parts;
    stream = startStream({
      config: parseTradingConfig(JSON.parse(readFileSync(parts.configPath, 'utf8'))),
      keys: { HELIUS_API_KEY: 'k', JUPITER_API_KEY: 'k', X_BEARER_TOKEN: 'k' },
      kind: 'logs',
      url: node.url,
      cloud: {
        sqs: cloud.endpoints.sqs,
        dynamodb: cloud.endpoints.dynamodb,
        queueUrl: output('TokensQueueUrl'),
        stateTable: output('StateTable'),
        decisionsTable: output('DecisionsTable'),
      },
      onReady: () => {
        ready += 1;
      },
      onProblem: (reason) => problems.push(reason),
    });
    stops.push(stream.stop);
    await until(() => ready === 1);
    await stream.idle();
  });
  afterAll(async () => {
    for (const stop of stops.toReversed()) await stop();
  });

  const decided = async (): Promise<string[]> => {
    const rows = await allDecisions(parts.dynamodb, parts.output('DecisionsTable'));
    return [...new Set(rows.map(({ mint, pool }) => `${mint}/${pool}`))].sort();
  };
  const opened = (): string[] =>
    market
      .truth()
      .map(({ mint, pool }) => `${mint}/${pool}`)
      .sort();

  it('decides on each pool that the stream tells of', async () => {
    await market.open({ tokens: 12, ratePerSecond: 50 });
    await until(async () => (await decided()).length >= 12);
    expect(await decided()).toEqual(opened());
    expect(stream.tally).toMatchObject({ queued: 12, missed: 0, garbage: 0 });
    expect(problems).toEqual([]);
  });

  it('decides on what opened while the connection was gone, once it is back', async () => {
    telling = false;
    node.drop();
    await market.open({ tokens: 8, ratePerSecond: 100, seed: 'gap' });
    telling = true;
    await until(async () => (await decided()).length >= 20);
    expect(await decided()).toEqual(opened());
    expect(stream.tally.queued).toBe(12);
    expect(problems[0]).toMatch(/^the stream ended, again in/);
  });
});
