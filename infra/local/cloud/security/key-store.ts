import { type KeyObject, generateKeyPairSync, sign } from 'node:crypto';

import * as z from 'zod';

import { LocalCloudError } from '../local-cloud-error.ts';
import { AwsException } from './aws-exception.ts';

/** Longest message of `Sign` with `MessageType: RAW`. Source: KMS API reference, Sign. */
const MESSAGE_LIMIT_BYTES = 4_096;
const ALGORITHM = 'ED25519_SHA_512';
const SPEC = 'ECC_NIST_EDWARDS25519';

type Key = {
  readonly keyId: string;
  readonly arn: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
};

const keyProperties = z.object({
  KeySpec: z.string().default('SYMMETRIC_DEFAULT'),
  KeyUsage: z.string().default('ENCRYPT_DECRYPT'),
});

/** The keys of one run: made new, held in memory, gone with it. */
export type KeyStore = {
  /**
   * Makes the key that a template declares.
   *
   * @throws {LocalCloudError} for anything but an Ed25519 signing key.
   */
  readonly add: (keyId: string, arn: string, properties: unknown, where: string) => void;
  /** `alias/...` and its ARN become names of a key. */
  readonly alias: (aliasName: string, aliasArn: string, targetKeyId: string) => void;
  /** The KMS operations, by name. Source: KMS API reference. */
  readonly operations: Readonly<Record<string, (input: unknown) => unknown>>;
};

const keyInput = z.object({ KeyId: z.string() });
const signInput = keyInput.extend({
  Message: z.base64(),
  MessageType: z.enum(['RAW', 'DIGEST', 'EXTERNAL_MU']).default('RAW'),
  SigningAlgorithm: z.string(),
});

/** A key store for Ed25519 signing keys, the one kind that Solana wallets use. */
export function keyStore(): KeyStore {
  const keys = new Map<string, Key>();

  function find(keyId: string): Key {
    const key = keys.get(keyId);
    if (key === undefined)
      throw new AwsException('NotFoundException', `Key '${keyId}' does not exist`);
    return key;
  }

  return {
    add(keyId, arn, properties, where) {
      const { KeySpec, KeyUsage } = keyProperties.parse(properties);
      if (KeySpec !== SPEC || KeyUsage !== 'SIGN_VERIFY')
        throw new LocalCloudError(
          `${where} is a KMS key of spec ${KeySpec} for ${KeyUsage}: the local cloud has ${SPEC} for SIGN_VERIFY only.`,
        );
      const key = { keyId, arn, ...generateKeyPairSync('ed25519') };
      keys.set(keyId, key);
      keys.set(arn, key);
    },
    alias(aliasName, aliasArn, targetKeyId) {
      const key = find(targetKeyId);
      keys.set(aliasName, key);
      keys.set(aliasArn, key);
    },
    operations: {
      Sign(input) {
        const { KeyId, Message, MessageType, SigningAlgorithm } = validated(signInput, input);
        const { arn, privateKey } = find(KeyId);
        if (SigningAlgorithm !== ALGORITHM)
          throw new AwsException(
            'InvalidKeyUsageException',
            `Algorithm ${SigningAlgorithm} is incompatible with key spec ${SPEC}.`,
          );
        if (MessageType !== 'RAW')
          throw new AwsException(
            'ValidationException',
            `MessageType ${MessageType} is not valid for ${ALGORITHM}: it requires RAW.`,
          );
        const message = Buffer.from(Message, 'base64');
        if (message.length < 1 || message.length > MESSAGE_LIMIT_BYTES)
          throw new AwsException(
            'ValidationException',
            `1 validation error detected: Value at 'message' failed to satisfy constraint: Member must have length between 1 and ${MESSAGE_LIMIT_BYTES}`,
          );
        const Signature = sign(null, message, privateKey).toString('base64');
        return { KeyId: arn, Signature, SigningAlgorithm };
      },
      GetPublicKey(input) {
        const { arn, publicKey } = find(validated(keyInput, input).KeyId);
        return {
          KeyId: arn,
          PublicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
          KeySpec: SPEC,
          CustomerMasterKeySpec: SPEC,
          KeyUsage: 'SIGN_VERIFY',
          SigningAlgorithms: [ALGORITHM],
        };
      },
      DescribeKey(input) {
        const { keyId, arn } = find(validated(keyInput, input).KeyId);
        return {
          KeyMetadata: {
            KeyId: keyId,
            Arn: arn,
            Enabled: true,
            KeyState: 'Enabled',
            KeySpec: SPEC,
            KeyUsage: 'SIGN_VERIFY',
            KeyManager: 'CUSTOMER',
            Origin: 'AWS_KMS',
            MultiRegion: false,
            SigningAlgorithms: [ALGORITHM],
          },
        };
      },
    },
  };
}

function validated<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new AwsException('ValidationException', z.prettifyError(parsed.error));
}
