import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import { CLIENT_DEFAULTS } from '#shared/adapters/aws/client-defaults.ts';
import { readUpstreamKeys } from '#shared/adapters/aws/secrets.ts';
import type { TradingConfig } from '#config/trading-config.ts';

/** Names of the `${NAME}` placeholders in the upstreams of a configuration. */
export const keyNames = ({ upstreams }: Pick<TradingConfig, 'upstreams'>): string[] => [
  ...new Set(
    [...JSON.stringify(upstreams).matchAll(/\$\{([^}]*)\}/g)].map(([, name = '']) => name),
  ),
];

/**
 * The keys that a configuration asks for: from environment variables of the same names, else from
 * the stack's secret, else empty, which stands for "no key" where that is allowed.
 */
export async function upstreamKeys(
  config: Pick<TradingConfig, 'upstreams'>,
  environment: NodeJS.ProcessEnv,
  readSecret: () => Promise<Readonly<Record<string, string>>>,
): Promise<Record<string, string>> {
  const names = keyNames(config);
  const fromSecret = names.every((name) => environment[name] !== undefined)
    ? {}
    : await readSecret();
  return Object.fromEntries(
    names.map((name) => [name, environment[name] ?? fromSecret[name] ?? '']),
  );
}

/** Reads the upstream secret of a stack: at `endpoint` of the local one, else in AWS. */
export const secretReader =
  (secretId: string, local?: { readonly endpoint: string; readonly region: string }) =>
  async (): Promise<Readonly<Record<string, string>>> =>
    readUpstreamKeys(
      secretId,
      new SecretsManagerClient({
        ...CLIENT_DEFAULTS,
        ...(local === undefined
          ? {}
          : { ...local, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
      }),
    );
