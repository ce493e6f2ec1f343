import { generateKeyPairSync, sign } from 'node:crypto';

import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import bs58 from 'bs58';
import { describe, expect, it } from 'vitest';

import { kmsSigner } from '#shared/adapters/aws/kms-signer.ts';

const { signal } = new AbortController();
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const spki = publicKey.export({ format: 'der', type: 'spki' });
const message = Buffer.from('a message');

type Fakes = { readonly spki?: Uint8Array; readonly sign?: (message: Uint8Array) => Uint8Array };
function kms({ spki: key = spki, sign: signs = (of) => sign(null, of, privateKey) }: Fakes = {}) {
  const asked: SignCommand['input'][] = [];
  const client = {
    send: async (command: unknown) => {
      if (command instanceof GetPublicKeyCommand) return { PublicKey: key };
      if (!(command instanceof SignCommand)) throw new Error('unexpected');
      asked.push(command.input);
      return { Signature: signs(command.input.Message ?? new Uint8Array()) };
    },
  };
  return { client: client as unknown as KMSClient, asked };
}

describe('a wallet in KMS', () => {
  it('has the address of its public key', async () => {
    const { address } = await kmsSigner(kms().client, 'key-1', signal);
    expect(bs58.decode(address)).toEqual(new Uint8Array(spki.subarray(12)));
  });

  it('signs the message itself, by the algorithm that Solana verifies', async () => {
    const { client, asked } = kms();
    const signer = await kmsSigner(client, 'key-1', signal);
    expect(await signer.sign(message, signal)).toHaveLength(64);
    expect(asked).toEqual([
      {
        KeyId: 'key-1',
        Message: message,
        MessageType: 'RAW',
        SigningAlgorithm: 'ED25519_SHA_512',
      },
    ]);
  });

  it('does not pass on a signature of something else', async () => {
    const { client } = kms({ sign: () => sign(null, Buffer.from('other'), privateKey) });
    const signer = await kmsSigner(client, 'key-1', signal);
    await expect(signer.sign(message, signal)).rejects.toThrow('signature of something else');
  });

  it('does not ask for what KMS does not sign', async () => {
    const { client, asked } = kms();
    const signer = await kmsSigner(client, 'key-1', signal);
    await expect(signer.sign(new Uint8Array(4_097), signal)).rejects.toThrow('4097 bytes');
    await expect(signer.sign(new Uint8Array(), signal)).rejects.toThrow('0 bytes');
    expect(asked).toEqual([]);
  });

  it('says so when KMS does not answer', async () => {
    const client = {
      send: async () => {
        throw new Error('AccessDeniedException');
      },
    };
    await expect(kmsSigner(client as unknown as KMSClient, 'key-1', signal)).rejects.toMatchObject({
      code: 'signature.failed',
    });
  });

  it('takes no key of another kind', async () => {
    const { publicKey: other } = generateKeyPairSync('x25519');
    const der = other.export({ format: 'der', type: 'spki' });
    await expect(kmsSigner(kms({ spki: der }).client, 'key-1', signal)).rejects.toThrow(
      'no Ed25519 key',
    );
  });
});
