import { AddressLookupTableAccount, PublicKey, VersionedTransaction } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';

import { payer, ro, rw } from '#infra/local/market/chain/instruction.ts';
import {
  compileMessage,
  decodeMessage,
  decodeTransaction,
  encodeMessage,
  encodeTransaction,
} from '#infra/local/market/chain/message.ts';
import { SYSTEM_PROGRAM } from '#infra/local/market/chain/program-ids.ts';
import { Random } from '#infra/local/market/random.ts';

const random = new Random('messages');
const [feePayer, other, program, constant, changing, table] = Array.from({ length: 6 }, () =>
  random.address(),
) as [never, never, never, never, never, never];
const recentBlockhash = random.address();
const instructions = [
  {
    programId: program,
    accounts: [ro(constant), rw(changing), payer(other), ro(SYSTEM_PROGRAM), rw(feePayer)],
    data: Uint8Array.of(1, 2, 3),
  },
];

/** As web3.js reads the bytes: keys by role, in order. */
function readByWeb3(bytes: Uint8Array) {
  const signatures = [new Uint8Array(64), new Uint8Array(64)];
  return VersionedTransaction.deserialize(encodeTransaction({ signatures, messageBytes: bytes }))
    .message;
}

describe('messages', () => {
  it.each([
    { form: 'legacy', version: 'legacy' as const, lookupTable: undefined },
    { form: 'v0', version: 0 as const, lookupTable: undefined },
    {
      form: 'v0 with a lookup table',
      version: 0 as const,
      lookupTable: { address: table, addresses: [SYSTEM_PROGRAM, constant, program, changing] },
    },
  ])('reads back the $form message that it wrote, as web3.js does', ({ version, lookupTable }) => {
    const message = compileMessage({
      feePayer,
      instructions,
      recentBlockhash,
      version,
      lookupTable,
    });
    const bytes = encodeMessage(message);
    expect(encodeMessage(decodeMessage(bytes))).toEqual(bytes);

    const read = readByWeb3(bytes);
    expect(read.version).toBe(version);
    expect(read.recentBlockhash).toBe(recentBlockhash);
    expect(read.staticAccountKeys.map(String)).toEqual(message.staticKeys);
    expect(read.header).toEqual(message.header);
    const [compiled] = message.instructions;
    const [readInstruction] = read.compiledInstructions;
    expect(readInstruction?.accountKeyIndexes).toEqual(compiled?.accounts);
    expect([...(readInstruction?.data ?? [])]).toEqual([1, 2, 3]);
  });

  it('loads from the table what neither signs nor is invoked', () => {
    const message = compileMessage({
      feePayer,
      instructions,
      recentBlockhash,
      lookupTable: { address: table, addresses: [SYSTEM_PROGRAM, constant, program, changing] },
    });
    expect(message.staticKeys).toEqual([feePayer, other, program]);
    expect(message.lookups).toEqual([
      { tableAddress: table, writableIndexes: [3], readonlyIndexes: [1, 0] },
    ]);
    const lookup = new AddressLookupTableAccount({
      key: new PublicKey(table),
      state: {
        deactivationSlot: 2n ** 64n - 1n,
        lastExtendedSlot: 0,
        lastExtendedSlotStartIndex: 0,
        addresses: [SYSTEM_PROGRAM, constant, program, changing].map((key) => new PublicKey(key)),
      },
    });
    const keys = readByWeb3(encodeMessage(message)).getAccountKeys({
      addressLookupTableAccounts: [lookup],
    });
    const named = message.instructions[0]!.accounts.map((index) => String(keys.get(index)));
    expect(named).toEqual([constant, changing, other, SYSTEM_PROGRAM, feePayer]);
  });

  it('puts writable keys before read-only ones among signers and others', () => {
    const { header, staticKeys } = compileMessage({ feePayer, instructions, recentBlockhash });
    expect(staticKeys).toEqual([feePayer, other, changing, constant, SYSTEM_PROGRAM, program]);
    expect(header).toEqual({
      numRequiredSignatures: 2,
      numReadonlySignedAccounts: 0,
      numReadonlyUnsignedAccounts: 3,
    });
  });

  it.each([
    ['ends early', (bytes: Uint8Array) => bytes.slice(0, -1)],
    ['goes on', (bytes: Uint8Array) => Uint8Array.of(...bytes, 0)],
    ['is of another version', (bytes: Uint8Array) => Uint8Array.of(0x81, ...bytes)],
  ])('refuses a message that %s', (_, spoil) => {
    const bytes = encodeMessage(compileMessage({ feePayer, instructions, recentBlockhash }));
    expect(() => decodeMessage(spoil(bytes))).toThrow(RangeError);
  });

  it('refuses a transaction that ends within its signatures', () => {
    expect(() => decodeTransaction(Uint8Array.of(1, 2, 3))).toThrow(RangeError);
  });
});
