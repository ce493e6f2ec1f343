import bs58 from 'bs58';

import type { Address } from '#shared/domain/address.ts';
import { addressText } from './address-bytes.ts';
import { ByteWriter } from './byte-writer.ts';
import type { Instruction } from './instruction.ts';

/** An instruction whose accounts are indexes into the transaction's keys. */
export type CompiledInstruction = {
  readonly programIdIndex: number;
  readonly accounts: readonly number[];
  readonly data: Uint8Array;
};

export type TableLookup = {
  readonly tableAddress: Address;
  readonly writableIndexes: readonly number[];
  readonly readonlyIndexes: readonly number[];
};

/** A transaction message of the legacy or the v0 form. */
export type Message = {
  readonly version: 'legacy' | 0;
  readonly header: {
    readonly numRequiredSignatures: number;
    readonly numReadonlySignedAccounts: number;
    readonly numReadonlyUnsignedAccounts: number;
  };
  readonly staticKeys: readonly Address[];
  readonly recentBlockhash: string;
  readonly instructions: readonly CompiledInstruction[];
  readonly lookups: readonly TableLookup[];
};

/** An address lookup table: constants that v0 messages name by one byte. */
export type LookupTable = {
  readonly address: Address;
  readonly addresses: readonly Address[];
};

type Role = { signer: boolean; writable: boolean; invoked: boolean };
const rank = ({ signer, writable }: Role) => (signer ? 0 : 2) + (writable ? 0 : 1);

/**
 * Compiles instructions into a message: signers first, then writable, then read-only keys; keys of
 * the lookup table that neither sign nor are invoked are loaded from it (v0).
 */
export function compileMessage(input: {
  readonly feePayer: Address;
  readonly instructions: readonly Instruction[];
  readonly recentBlockhash: string;
  readonly lookupTable?: LookupTable | undefined;
  readonly version?: 'legacy' | 0;
}): Message {
  const roles = rolesOf(input.feePayer, input.instructions);
  const tableIndex = new Map(input.lookupTable?.addresses.map((key, index) => [key, index]));
  const inTable = (key: Address, { signer, invoked }: Role) =>
    !signer && !invoked && tableIndex.has(key);

  const keys = [...roles].filter(([key, role]) => !inTable(key, role));
  // The fee payer was entered first and sorting is stable: it stays first.
  const staticKeys = keys.sort(([, a], [, b]) => rank(a) - rank(b));
  const count = (test: (role: Role) => boolean) =>
    staticKeys.filter(([, role]) => test(role)).length;

  const loaded = [...roles].filter(([key, role]) => inTable(key, role));
  const writableLoaded = loaded.filter(([, { writable }]) => writable).map(([key]) => key);
  const readonlyLoaded = loaded.filter(([, { writable }]) => !writable).map(([key]) => key);
  const order = [...staticKeys.map(([key]) => key), ...writableLoaded, ...readonlyLoaded];
  const indexOf = new Map(order.map((key, index) => [key, index]));
  const at = (key: Address) => indexOf.get(key) ?? -1;
  const slotsOf = (list: Address[]) => list.map((key) => tableIndex.get(key) ?? -1);

  return {
    version: input.lookupTable === undefined ? (input.version ?? 'legacy') : 0,
    header: {
      numRequiredSignatures: count((role) => role.signer),
      numReadonlySignedAccounts: count((role) => role.signer && !role.writable),
      numReadonlyUnsignedAccounts: count((role) => !role.signer && !role.writable),
    },
    staticKeys: staticKeys.map(([key]) => key),
    recentBlockhash: input.recentBlockhash,
    instructions: input.instructions.map(({ programId, accounts, data }) => ({
      programIdIndex: at(programId),
      accounts: accounts.map(({ address }) => at(address)),
      data,
    })),
    lookups:
      input.lookupTable === undefined || loaded.length === 0
        ? []
        : [
            {
              tableAddress: input.lookupTable.address,
              writableIndexes: slotsOf(writableLoaded),
              readonlyIndexes: slotsOf(readonlyLoaded),
            },
          ],
  };
}

function rolesOf(feePayer: Address, instructions: readonly Instruction[]): Map<Address, Role> {
  const roles = new Map<Address, Role>([
    [feePayer, { signer: true, writable: true, invoked: false }],
  ]);
  for (const { programId, accounts } of instructions) {
    for (const { address, signer, writable } of accounts) {
      const role = roles.get(address);
      if (role === undefined) roles.set(address, { signer, writable, invoked: false });
      else {
        role.signer ||= signer;
        role.writable ||= writable;
      }
    }
    const program = roles.get(programId);
    if (program === undefined) {
      roles.set(programId, { signer: false, writable: false, invoked: true });
    } else {
      program.invoked = true;
    }
  }
  return roles;
}

/** The bytes that are signed. */
export function encodeMessage(message: Message): Uint8Array {
  const { header, staticKeys, instructions, lookups } = message;
  const writer = new ByteWriter(1_024);
  if (message.version === 0) writer.u8(0x80);
  writer
    .u8(header.numRequiredSignatures)
    .u8(header.numReadonlySignedAccounts)
    .u8(header.numReadonlyUnsignedAccounts)
    .compactLength(staticKeys.length);
  for (const key of staticKeys) writer.address(key);
  writer.bytes(bs58.decode(message.recentBlockhash)).compactLength(instructions.length);
  for (const { programIdIndex, accounts, data } of instructions) {
    writer.u8(programIdIndex).compactLength(accounts.length).bytes(Uint8Array.from(accounts));
    writer.compactLength(data.length).bytes(data);
  }
  if (message.version === 0) {
    writer.compactLength(lookups.length);
    for (const { tableAddress, writableIndexes, readonlyIndexes } of lookups) {
      writer.address(tableAddress);
      writer.compactLength(writableIndexes.length).bytes(Uint8Array.from(writableIndexes));
      writer.compactLength(readonlyIndexes.length).bytes(Uint8Array.from(readonlyIndexes));
    }
  }
  return writer.done();
}

/** Reads a message. @throws {RangeError} when the bytes end early, are too many or of another version. */
export function decodeMessage(bytes: Uint8Array): Message {
  const reader = new ByteReader(bytes);
  const first = reader.peek();
  const version = (first & 0x80) === 0 ? 'legacy' : 0;
  if (version === 0 && reader.u8() !== 0x80) {
    throw new RangeError(`transaction version ${first & 0x7f} is not supported`);
  }
  const header = {
    numRequiredSignatures: reader.u8(),
    numReadonlySignedAccounts: reader.u8(),
    numReadonlyUnsignedAccounts: reader.u8(),
  };
  const staticKeys = reader.list(() => addressText(reader.bytes(32)));
  const recentBlockhash = bs58.encode(reader.bytes(32));
  const instructions = reader.list(() => ({
    programIdIndex: reader.u8(),
    accounts: [...reader.bytes(reader.compactLength())],
    data: reader.bytes(reader.compactLength()),
  }));
  const lookups =
    version === 'legacy'
      ? []
      : reader.list(() => ({
          tableAddress: addressText(reader.bytes(32)),
          writableIndexes: [...reader.bytes(reader.compactLength())],
          readonlyIndexes: [...reader.bytes(reader.compactLength())],
        }));
  if (reader.left() > 0) throw new RangeError(`${reader.left()} bytes follow the message`);
  return { version, header, staticKeys, recentBlockhash, instructions, lookups };
}

/** A signed transaction as it travels: signatures, then the message. */
export type WireTransaction = {
  readonly signatures: readonly Uint8Array[];
  readonly messageBytes: Uint8Array;
};

export function encodeTransaction({ signatures, messageBytes }: WireTransaction): Uint8Array {
  const writer = new ByteWriter(messageBytes.length + signatures.length * 64 + 1);
  writer.compactLength(signatures.length);
  for (const signature of signatures) writer.bytes(signature);
  return writer.bytes(messageBytes).done();
}

/** @throws {RangeError} when the bytes end early. */
export function decodeTransaction(bytes: Uint8Array): WireTransaction {
  const reader = new ByteReader(bytes);
  const signatures = reader.list(() => reader.bytes(64));
  return { signatures, messageBytes: reader.bytes(reader.left()) };
}

class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  peek(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError('the transaction ends early');
    return byte;
  }

  u8(): number {
    const byte = this.peek();
    this.#at += 1;
    return byte;
  }

  bytes(count: number): Uint8Array {
    if (count > this.left()) throw new RangeError('the transaction ends early');
    this.#at += count;
    return this.#bytes.slice(this.#at - count, this.#at);
  }

  compactLength(): number {
    let value = 0;
    for (let shift = 0; shift < 21; shift += 7) {
      const byte = this.u8();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a length of more than three bytes');
  }

  list<Item>(read: () => Item): Item[] {
    return Array.from({ length: this.compactLength() }, read);
  }

  left(): number {
    return this.#bytes.length - this.#at;
  }
}
