import {
  Keypair,
  MessageV0,
  PublicKey,
  Transaction,
  TransactionInstruction,
  VersionedTransaction,
} from '@solana/web3.js';
import bs58 from 'bs58';
import { describe, expect, it } from 'vitest';

import { decodeWireTransaction } from '#functions/detector/wire-transaction.ts';
import { addressNamed } from '../../support/detections.ts';
import { hasRecordings, recorded } from '../../support/recorded.ts';

const payer = Keypair.fromSeed(new Uint8Array(32).fill(7));
const blockhash = addressNamed('blockhash');
const instruction = new TransactionInstruction({
  programId: new PublicKey(addressNamed('program')),
  keys: Array.from({ length: 5 }, (_, index) => ({
    pubkey: new PublicKey(addressNamed(`account ${index}`)),
    isSigner: false,
    isWritable: index % 2 === 0,
  })),
  // Longer than 127 bytes, so that its length takes two.
  data: Buffer.from(Array.from({ length: 200 }, (_, index) => index)),
});

function legacy() {
  const transaction = new Transaction({ feePayer: payer.publicKey, recentBlockhash: blockhash });
  transaction.add(instruction, instruction);
  transaction.sign(payer);
  return new Uint8Array(transaction.serialize());
}

function version0() {
  const message = MessageV0.compile({
    payerKey: payer.publicKey,
    instructions: [instruction, instruction],
    recentBlockhash: blockhash,
  });
  const transaction = new VersionedTransaction(message);
  transaction.sign([payer]);
  return transaction.serialize();
}

describe('decodeWireTransaction', () => {
  it.each([
    { version: 'legacy', bytes: legacy() },
    { version: 'version 0', bytes: version0() },
  ])('reads a $version transaction as web3.js wrote it', ({ bytes }) => {
    const decoded = decodeWireTransaction(bytes);
    if (typeof decoded === 'string') throw new Error(decoded);

    expect(decoded.signature).toBe(bs58.encode(bytes.subarray(1, 65)));
    expect(decoded.keys[0]).toBe(payer.publicKey.toBase58());
    expect(decoded.instructions).toHaveLength(2);
    for (const { programIdIndex, accounts, data } of decoded.instructions) {
      expect(decoded.keys[programIdIndex]).toBe(addressNamed('program'));
      expect(accounts.map((index) => decoded.keys[index])).toEqual(
        instruction.keys.map(({ pubkey }) => pubkey.toBase58()),
      );
      expect(Buffer.from(data)).toEqual(instruction.data);
    }
  });

  it('says where a cut transaction ends, at every length', () => {
    const bytes = legacy();
    for (let length = 0; length < bytes.length; length += 1)
      expect(decodeWireTransaction(bytes.subarray(0, length))).toEqual(expect.any(String));
  });

  it.runIf(hasRecordings)('says what to ask for instead of version 1', () => {
    const { transaction_b64_prefix: prefix } = recorded(
      'solana-rpc/transaction-v1.pumpswap.json',
    ) as { transaction_b64_prefix: string };

    expect(decodeWireTransaction(Buffer.from(prefix, 'base64'))).toContain(
      'ask for encoding "json" or "jsonParsed"',
    );
  });

  it.each([
    {
      what: 'a message of a later version',
      bytes: withByte(version0(), 65, 0x82),
      says: 'version 2',
    },
    { what: 'no signature', bytes: Uint8Array.of(0), says: 'no signature' },
    { what: 'too many bytes', bytes: new Uint8Array(4_097).fill(1), says: '4097 bytes' },
  ])('refuses $what', ({ bytes, says }) => {
    expect(decodeWireTransaction(bytes)).toContain(says);
  });
});

function withByte(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at] = value;
  return changed;
}
