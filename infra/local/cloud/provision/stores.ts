import { randomUUID } from 'node:crypto';

import * as z from 'zod';

import type { AwsJsonTarget } from '../aws-json-call.ts';
import { type MadeTable, makeTable } from '../emulators/dynamodb-tables.ts';
import type { QueueServer } from '../emulators/queue-server.ts';
import { type KeyStore, keyStore } from '../security/key-store.ts';
import { type SecretStore, secretStore } from '../security/secret-store.ts';
import { ACCOUNT_ID, type StackModel } from '../template/stack-model.ts';

const aliasProperties = z.object({ AliasName: z.string(), TargetKeyId: z.string() });

/** Makes every table of the template, TableV2's one-replica global tables among them. */
export async function makeTables(
  model: StackModel,
  target: AwsJsonTarget,
): Promise<readonly MadeTable[]> {
  const resources = [
    ...model.resources('AWS::DynamoDB::GlobalTable'),
    ...model.resources('AWS::DynamoDB::Table'),
  ];
  return Promise.all(
    resources.map(async (resource) => {
      // 255 characters: the limit of DynamoDB.
      const table = await makeTable(
        target,
        model.physicalName(resource, 255),
        resource.properties(),
      );
      model.identify(resource, {
        ref: table.name,
        attributes: {
          Arn: table.arn,
          TableId: randomUUID(),
          ...(table.streamArn === undefined ? {} : { StreamArn: table.streamArn }),
        },
      });
      return table;
    }),
  );
}

/** Makes every bucket of the template. */
export async function makeBuckets(model: StackModel, server: QueueServer): Promise<void> {
  for (const resource of model.resources('AWS::S3::Bucket')) {
    // 63 characters, lower case: the limit of S3.
    const name = model.physicalName(resource, 63).toLowerCase();
    await server.makeBucket(name);
    const host = `${name}.s3.amazonaws.com`;
    const attributes = { Arn: `arn:aws:s3:::${name}`, DomainName: host, RegionalDomainName: host };
    model.identify(resource, { ref: name, attributes });
  }
}

/** Makes every KMS key of the template, new for this run, with its aliases. */
export function makeKeys(model: StackModel, region: string): KeyStore {
  const keys = keyStore();
  const arnOf = (resource: string): string => `arn:aws:kms:${region}:${ACCOUNT_ID}:${resource}`;
  for (const resource of model.resources('AWS::KMS::Key')) {
    const keyId = randomUUID();
    const arn = arnOf(`key/${keyId}`);
    keys.add(keyId, arn, resource.properties(), `${resource.stack}/${resource.logicalId}`);
    model.identify(resource, { ref: keyId, attributes: { Arn: arn, KeyId: keyId } });
  }
  for (const resource of model.resources('AWS::KMS::Alias')) {
    const { AliasName, TargetKeyId } = aliasProperties.parse(resource.properties());
    keys.alias(AliasName, arnOf(AliasName), TargetKeyId);
    model.identify(resource, { ref: AliasName, attributes: { AliasName, Arn: arnOf(AliasName) } });
  }
  return keys;
}

/** Makes every secret of the template. */
export function makeSecrets(model: StackModel, region: string): SecretStore {
  const secrets = secretStore();
  for (const resource of model.resources('AWS::SecretsManager::Secret')) {
    const name = model.physicalName(resource, 255);
    // Secrets Manager adds six characters of its own to each ARN.
    const suffix = randomUUID().slice(0, 6);
    const arn = `arn:aws:secretsmanager:${region}:${ACCOUNT_ID}:secret:${name}-${suffix}`;
    secrets.add(name, arn, resource.properties());
    model.identify(resource, { ref: arn, attributes: { Id: arn } });
  }
  return secrets;
}
