import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';

import { Fault } from '../../domain/fault.ts';
import { CLIENT_DEFAULTS } from './client-defaults.ts';

/**
 * The text of a secret.
 * @throws {Fault} `secret.missing` when it has no value or cannot be read.
 */
export async function readSecret(
  secretId: string,
  client: SecretsManagerClient = new SecretsManagerClient(CLIENT_DEFAULTS),
): Promise<string> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    if (SecretString) return SecretString;
  } catch (cause) {
    throw new Fault('secret.missing', { name: secretId }, { cause });
  }
  throw new Fault('secret.missing', { name: secretId });
}

const keyring = z.record(z.string(), z.string());

/** The keys of the upstreams: a JSON object of strings. @throws {Fault} `secret.missing` */
export async function readUpstreamKeys(
  secretId: string,
  client?: SecretsManagerClient,
): Promise<Readonly<Record<string, string>>> {
  const text = await readSecret(secretId, client);
  try {
    return keyring.parse(JSON.parse(text));
  } catch {
    // The cause would quote the secret: it stays out.
    throw new Fault('secret.missing', { name: `${secretId} (not a JSON object of strings)` });
  }
}
