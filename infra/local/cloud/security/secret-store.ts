import { randomInt, randomUUID } from 'node:crypto';

import * as z from 'zod';

import { AwsException } from './aws-exception.ts';

const generatorSchema = z.object({
  SecretStringTemplate: z.string().optional(),
  GenerateStringKey: z.string().optional(),
  PasswordLength: z.coerce.number().default(32),
  ExcludeCharacters: z.string().default(''),
  ExcludeLowercase: z.coerce.boolean().default(false),
  ExcludeUppercase: z.coerce.boolean().default(false),
  ExcludeNumbers: z.coerce.boolean().default(false),
  ExcludePunctuation: z.coerce.boolean().default(false),
  IncludeSpace: z.coerce.boolean().default(false),
  RequireEachIncludedType: z.coerce.boolean().default(true),
});
const secretProperties = z.object({
  SecretString: z.string().optional(),
  GenerateSecretString: generatorSchema.optional(),
});

/** The secrets of one run, in memory. */
export type SecretStore = {
  /** Makes the secret that a template declares, with a generated value when it asks for one. */
  readonly add: (name: string, arn: string, properties: unknown) => void;
  /** Sets a value from outside; `false` when there is no such secret. */
  readonly put: (secretId: string, value: string) => boolean;
  /** The Secrets Manager operations, by name. Source: Secrets Manager API reference. */
  readonly operations: Readonly<Record<string, (input: unknown) => unknown>>;
};

type Secret = {
  readonly name: string;
  readonly arn: string;
  readonly createdSeconds: number;
  /** Newest first. AWSCURRENT is the first, AWSPREVIOUS the second. */
  readonly versions: { readonly id: string; readonly value: string }[];
};

const idInput = z.object({ SecretId: z.string() });
const getInput = idInput.extend({
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
});
const putInput = idInput.extend({
  SecretString: z.string(),
  ClientRequestToken: z.string().optional(),
});
const STAGES = ['AWSCURRENT', 'AWSPREVIOUS'];

/** A secret store; secrets are found by name and by ARN. */
export function secretStore(): SecretStore {
  const secrets = new Map<string, Secret>();

  function find(secretId: string): Secret {
    const secret = secrets.get(secretId);
    if (secret === undefined)
      throw new AwsException(
        'ResourceNotFoundException',
        "Secrets Manager can't find the specified secret.",
      );
    return secret;
  }

  function addVersion({ versions }: Secret, value: string, id: string = randomUUID()): string {
    versions.unshift({ id, value });
    return id;
  }

  return {
    add(name, arn, properties) {
      const { SecretString, GenerateSecretString } = secretProperties.parse(properties);
      const secret = { name, arn, createdSeconds: Date.now() / 1_000, versions: [] };
      const value =
        SecretString ??
        (GenerateSecretString === undefined ? undefined : generate(GenerateSecretString));
      // A secret that was declared without a value has no version, as on AWS.
      if (value !== undefined) addVersion(secret, value);
      secrets.set(name, secret);
      secrets.set(arn, secret);
    },
    put(secretId, value) {
      const secret = secrets.get(secretId);
      if (secret !== undefined) addVersion(secret, value);
      return secret !== undefined;
    },
    operations: {
      GetSecretValue(input) {
        const { SecretId, VersionId, VersionStage } = validated(getInput, input);
        const { name, arn, createdSeconds, versions } = find(SecretId);
        const index =
          VersionId === undefined
            ? STAGES.indexOf(VersionStage ?? 'AWSCURRENT')
            : versions.findIndex(({ id }) => id === VersionId);
        const version = versions[index];
        if (version === undefined)
          throw new AwsException(
            'ResourceNotFoundException',
            `Secrets Manager can't find the specified secret value for ${VersionId === undefined ? `staging label: ${VersionStage ?? 'AWSCURRENT'}` : `VersionId: ${VersionId}`}`,
          );
        return {
          ARN: arn,
          Name: name,
          VersionId: version.id,
          SecretString: version.value,
          VersionStages: STAGES.slice(index, index + 1),
          CreatedDate: createdSeconds,
        };
      },
      PutSecretValue(input) {
        const { SecretId, SecretString, ClientRequestToken } = validated(putInput, input);
        const secret = find(SecretId);
        const VersionId = addVersion(secret, SecretString, ClientRequestToken);
        return { ARN: secret.arn, Name: secret.name, VersionId, VersionStages: ['AWSCURRENT'] };
      },
      DescribeSecret(input) {
        const { name, arn, createdSeconds, versions } = find(validated(idInput, input).SecretId);
        return {
          ARN: arn,
          Name: name,
          CreatedDate: createdSeconds,
          VersionIdsToStages: Object.fromEntries(
            versions.slice(0, STAGES.length).map(({ id }, index) => [id, [STAGES[index]]]),
          ),
        };
      },
    },
  };
}

const pick = (from: readonly string[]): string => from[randomInt(from.length)] ?? '';

/** A random string by the rules of `GenerateSecretString`. */
function generate(rules: z.output<typeof generatorSchema>): string {
  const types = [
    rules.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    rules.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    rules.ExcludeNumbers ? '' : '0123456789',
    rules.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    rules.IncludeSpace ? ' ' : '',
  ]
    .map((type) => type.split('').filter((char) => !rules.ExcludeCharacters.includes(char)))
    .filter((type) => type.length > 0);
  const all = types.flat();
  const chars = Array.from({ length: rules.PasswordLength }, () => pick(all));
  if (rules.RequireEachIncludedType) {
    // One of each type, at places that are all different.
    const places = chars.map((_char, index) => index);
    for (const type of types) {
      const [place = 0] = places.splice(randomInt(places.length), 1);
      chars[place] = pick(type);
    }
  }
  const password = chars.join('');
  if (rules.SecretStringTemplate === undefined || rules.GenerateStringKey === undefined)
    return password;
  const template = z.record(z.string(), z.unknown()).parse(JSON.parse(rules.SecretStringTemplate));
  return JSON.stringify({ ...template, [rules.GenerateStringKey]: password });
}

function validated<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new AwsException('ValidationException', z.prettifyError(parsed.error));
}
