import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { stringify } from 'smol-toml';
import * as z from 'zod';

import { dynamoHaltSwitch } from '#shared/adapters/aws/dynamo-halt-switch.ts';
import { synthesize } from '../synth.ts';
import type { OnCloudEvent } from './cloud/cloud-event.ts';
import { type LocalCloud, startLocalCloud } from './cloud/local-cloud.ts';
import { stopStack } from './cloud/stop-stack.ts';
import { type MarketOptions, type MarketProcess, startMarketProcess } from './market-process.ts';

export type LocalStackOptions = {
  readonly market: MarketOptions;
  readonly environmentHost: 'process' | 'inline';
  /** Settings laid over `config/trading.toml`, such as another pool size. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environments to start before anything arrives, by function: here they share this machine's cores. */
  readonly warm?: Readonly<Record<string, number>>;
  readonly onEvent?: OnCloudEvent;
  /** Told before each slow step, in words for people. */
  readonly onProgress?: (step: string) => void;
};

/** The cloud that the CDK app describes, running on this machine. */
export type CloudParts = {
  readonly cloud: LocalCloud;
  /** The resolved configuration, as the bundles carry it. */
  readonly configPath: string;
  readonly dynamodb: DynamoDBClient;
  readonly output: (name: string) => string;
  readonly stop: () => Promise<void>;
};

/** The whole system on this machine: the market outside, and the cloud. */
export type LocalStack = CloudParts & { readonly market: MarketProcess };

/** `trading.local.toml` is laid over the configuration, where there is one. */
export const LOCAL_STAGE = 'local';

const RUNS = fileURLToPath(new URL('../../.volley/runs/', import.meta.url));

/** Keys of the local upstreams: the market asks for none, but X is only asked with a token. */
const LOCAL_KEYS = { HELIUS_API_KEY: 'local', JUPITER_API_KEY: 'local', X_BEARER_TOKEN: 'local' };

/**
 * What a local detector expects as `authorization` header: known to everybody, for it listens on this
 * machine only, and a page in a browser cannot send it there.
 */
export const LOCAL_AUTHORIZATION = 'local';

/** Starts everything; when a part does not start, what runs already is stopped again. */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const undo = stopStack();
  try {
    options.onProgress?.('starting the market: a Solana chain and the upstream APIs');
    const market = await startMarketProcess(options.market);
    undo.push(market.stop);
    const parts = await startCloudParts({
      ...options,
      settings: overlay(market.url, options.settings ?? {}),
      keys: LOCAL_KEYS,
    });
    undo.push(parts.stop);
    await market.registerWebhook(parts.output('DetectorUrl'), LOCAL_AUTHORIZATION);
    return { ...parts, market, stop: undo.run };
  } catch (error) {
    await undo.run();
    throw error;
  }
}

/** The cloud that the CDK app describes, with `settings` laid over the configuration. */
export async function startCloudParts(
  options: Omit<LocalStackOptions, 'market'> & {
    /** Values of the upstream secret. */
    readonly keys: Readonly<Record<string, string>>;
  },
): Promise<CloudParts> {
  const progress = options.onProgress ?? (() => undefined);
  mkdirSync(RUNS, { recursive: true });
  const directory = mkdtempSync(RUNS);
  const undo = stopStack();
  undo.push(async () => rmSync(directory, { recursive: true, force: true }));
  try {
    progress('synthesising the CDK app');
    const overlayPath = `${directory}/overlay.toml`;
    writeFileSync(overlayPath, stringify(options.settings ?? {}));
    const { assemblyDirectory, configPath } = await synthesize({
      stage: LOCAL_STAGE,
      overlayPath,
      outputDirectory: `${directory}/cdk.out`,
    });

    progress('starting what its template describes');
    const cloud = await startLocalCloud({
      assemblyDirectory,
      environmentHost: options.environmentHost,
      secrets: {
        UpstreamSecret: JSON.stringify(options.keys),
        WebhookSecret: LOCAL_AUTHORIZATION,
      },
      ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
    });
    undo.push(cloud.stop);

    const output = (name: string): string => {
      const value = cloud.outputs.get(name);
      if (value === undefined) throw new Error(`the template has no output ${name}`);
      return value;
    };
    const client = awsSettings(cloud.environment);
    const dynamodb = new DynamoDBClient({ ...client, endpoint: cloud.endpoints.dynamodb });
    undo.push(async () => dynamodb.destroy());
    // A new system is halted until a person lets it run; whoever starts a local one has done so.
    await dynamoHaltSwitch(dynamodb, output('StateTable')).set(
      { buys: 'running', exits: 'running', changedAt: Date.now(), by: 'npm start' },
      AbortSignal.timeout(5_000),
    );
    for (const [name, count] of Object.entries(options.warm ?? {})) {
      progress(`starting ${count} environments of ${name}`);
      await cloud.warm(name, count);
    }
    return { cloud, configPath, dynamodb, output, stop: undo.run };
  } catch (error) {
    await undo.run();
    throw error;
  }
}

const awsSettings = (environment: Readonly<Record<string, string>>) => ({
  region: environment['AWS_REGION'] ?? 'us-east-1',
  credentials: {
    accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? 'local',
    secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? 'local',
  },
});

/** The market answers as often as it is asked. */
const UNLIMITED = { requests_per_second: 0 };

/** Every upstream leads to the market, where reading whole programs costs nothing. */
function overlay(marketUrl: string, { detector, ...settings }: Readonly<Record<string, unknown>>) {
  const own = z.record(z.string(), z.unknown()).default({}).parse(detector);
  return {
    ...settings,
    detector: { sweep_programs: true, ...own },
    upstreams: {
      // Two endpoints, as a live stage needs them; here one chain stands behind both.
      rpc: { urls: [`${marketUrl}/rpc`, `${marketUrl}/rpc?node=2`], ...UNLIMITED },
      jupiter: { url: `${marketUrl}/jupiter`, ...UNLIMITED },
      rugcheck: { url: `${marketUrl}/rugcheck`, ...UNLIMITED },
      dexscreener: { url: `${marketUrl}/dexscreener`, ...UNLIMITED },
      x: { url: `${marketUrl}/x`, ...UNLIMITED },
      metadata: {
        ipfs_gateway: `${marketUrl}/ipfs/`,
        arweave_gateway: `${marketUrl}/arweave/`,
      },
    },
  };
}
