import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { stringify } from 'smol-toml';

import { dynamoHaltSwitch } from '#shared/adapters/aws/dynamo-halt-switch.ts';
import { synthesize } from '../synth.ts';
import type { OnCloudEvent } from './cloud/cloud-event.ts';
import { type LocalCloud, startLocalCloud } from './cloud/local-cloud.ts';
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

/** The whole system on this machine: the market outside, and the cloud that the CDK app describes. */
export type LocalStack = {
  readonly cloud: LocalCloud;
  readonly market: MarketProcess;
  /** The resolved configuration, as the bundles carry it. */
  readonly configPath: string;
  readonly dynamodb: DynamoDBClient;
  readonly output: (name: string) => string;
  readonly stop: () => Promise<void>;
};

const RUNS = fileURLToPath(new URL('../../.volley/runs/', import.meta.url));

/** Keys of the local upstreams: the market asks for none, but X is only asked with a token. */
const LOCAL_KEYS = { HELIUS_API_KEY: 'local', JUPITER_API_KEY: 'local', X_BEARER_TOKEN: 'local' };

/** Starts everything; when a part does not start, what runs already is stopped again. */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const progress = options.onProgress ?? (() => undefined);
  mkdirSync(RUNS, { recursive: true });
  const directory = mkdtempSync(RUNS);
  const undo: (() => Promise<void>)[] = [
    async () => rmSync(directory, { recursive: true, force: true }),
  ];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    progress('starting the market: a Solana chain and the upstream APIs');
    const market = await startMarketProcess(options.market);
    undo.push(market.stop);

    progress('synthesising the CDK app');
    const overlayPath = `${directory}/overlay.toml`;
    writeFileSync(overlayPath, stringify(overlay(market.url, options.settings ?? {})));
    const { assemblyDirectory, configPath } = await synthesize({
      stage: 'local',
      overlayPath,
      outputDirectory: `${directory}/cdk.out`,
    });

    progress('starting what its template describes');
    const cloud = await startLocalCloud({
      assemblyDirectory,
      environmentHost: options.environmentHost,
      secrets: { UpstreamSecret: JSON.stringify(LOCAL_KEYS) },
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
    await market.registerWebhook(output('DetectorUrl'), await webhookSecret(cloud, output));
    return { cloud, market, configPath, dynamodb, output, stop };
  } catch (error) {
    await stop();
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

async function webhookSecret(cloud: LocalCloud, output: (name: string) => string): Promise<string> {
  const client = new SecretsManagerClient({
    ...awsSettings(cloud.environment),
    endpoint: cloud.endpoints.aws,
  });
  const { SecretString } = await client.send(
    new GetSecretValueCommand({ SecretId: output('WebhookSecret') }),
  );
  client.destroy();
  if (SecretString === undefined) throw new Error('the webhook secret has no value');
  return SecretString;
}

/** Every upstream leads to the market. */
function overlay(marketUrl: string, settings: Readonly<Record<string, unknown>>) {
  return {
    ...settings,
    upstreams: {
      rpc: { urls: [`${marketUrl}/rpc`] },
      jupiter: { url: `${marketUrl}/jupiter` },
      rugcheck: { url: `${marketUrl}/rugcheck` },
      dexscreener: { url: `${marketUrl}/dexscreener` },
      x: { url: `${marketUrl}/x` },
      metadata: {
        ipfs_gateway: `${marketUrl}/ipfs/`,
        arweave_gateway: `${marketUrl}/arweave/`,
      },
    },
  };
}
