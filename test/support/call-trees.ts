import { address, bytesOfAddress } from '#shared/domain/address.ts';
import bs58 from 'bs58';

import { addressNamed, signatureNamed } from './detections.ts';

/** An instruction with those called from it, accounts by address. */
export type Call = {
  readonly program: string;
  readonly accounts: readonly string[];
  readonly data: Uint8Array;
  readonly calls?: readonly Call[];
};

/** How a node may be asked to encode a transaction. */
export const ENCODINGS = ['json', 'jsonParsed', 'base64'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export type TreeFacts = {
  readonly name?: string;
  readonly encoding?: Encoding;
  /** Addresses that come from a lookup table instead of the message's own keys. */
  readonly lookedUp?: readonly string[];
  readonly failed?: boolean;
  /** False leaves out `stackHeight`, as older nodes do. */
  readonly depths?: boolean;
};

type Placed = { readonly call: Call; readonly stackHeight: number };

const withInner = (calls: readonly Call[], stackHeight: number): Placed[] =>
  calls.flatMap((call) => [{ call, stackHeight }, ...withInner(call.calls ?? [], stackHeight + 1)]);

/** A tree of calls as `getTransaction` answers it (`result`), in any encoding. */
export function transactionOf(calls: readonly Call[], facts: TreeFacts = {}) {
  const { name = 'tree', encoding = 'json', lookedUp = [], failed = false, depths = true } = facts;
  const flat = withInner(calls, 1).map(({ call }) => call);
  const used = flat.flatMap(({ program, accounts }) => [program].concat(accounts));
  const keys = [...new Set([addressNamed(`${name} payer`), ...used])];
  const own = keys.filter((key) => !lookedUp.includes(key));
  const loaded = keys.filter((key) => lookedUp.includes(key));
  const writable = loaded.filter((_, index) => index % 2 === 0);
  const readonly = loaded.filter((_, index) => index % 2 === 1);
  const all = [...own, ...writable, ...readonly];

  const parsed = encoding === 'jsonParsed';
  const encoded = ({ program, accounts, data }: Call, stackHeight: number | null) => ({
    ...(parsed
      ? { programId: program, accounts }
      : {
          programIdIndex: all.indexOf(program),
          accounts: accounts.map((account) => all.indexOf(account)),
        }),
    data: bs58.encode(data),
    ...(depths ? { stackHeight } : {}),
  });
  const message = {
    accountKeys: parsed
      ? all.map((pubkey) => ({ pubkey, signer: false, writable: true, source: 'transaction' }))
      : own,
    instructions: calls.map((call) => encoded(call, null)),
    recentBlockhash: addressNamed('blockhash'),
  };
  const transaction = { signatures: [signatureNamed(name)], message };
  return {
    slot: 400_000_000,
    blockTime: 1_790_000_000,
    version: 0,
    meta: {
      err: failed ? { InstructionError: [0, { Custom: 1 }] } : null,
      innerInstructions: calls.flatMap((call, index) =>
        call.calls === undefined
          ? []
          : [
              {
                index,
                instructions: withInner(call.calls, 2).map((inner) =>
                  encoded(inner.call, inner.stackHeight),
                ),
              },
            ],
      ),
      ...(parsed ? {} : { loadedAddresses: { writable, readonly } }),
      logMessages: [],
    },
    transaction:
      encoding === 'base64'
        ? [serialised(calls, own, all, name).toString('base64'), 'base64']
        : transaction,
  };
}

/** The wire form of a version 0 transaction (lookup tables are named, but not needed to decode it). */
function serialised(
  calls: readonly Call[],
  own: readonly string[],
  all: readonly string[],
  name: string,
): Buffer {
  const parts: Uint8Array[] = [
    length(1),
    bs58.decode(signatureNamed(name)),
    Uint8Array.of(0x80, 1, 0, 0),
    length(own.length),
    ...own.map((key) => bytesOfAddress(address(key))),
    bytesOfAddress(addressNamed('blockhash')),
    length(calls.length),
  ];
  for (const { program, accounts, data } of calls) {
    parts.push(Uint8Array.of(all.indexOf(program)), length(accounts.length));
    parts.push(Uint8Array.from(accounts.map((account) => all.indexOf(account))));
    parts.push(length(data.length), data);
  }
  parts.push(length(0));
  return Buffer.concat(parts);
}

/** Solana's compact-u16. */
function length(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    if (rest < 0x80) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** Bytes of hex texts, numbers (one byte each), addresses and byte arrays, one behind the other. */
export const bytes = (...parts: readonly (string | Uint8Array)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'hex') : part)));

/** A little-endian u64. */
export function u64(value: bigint | number): Uint8Array {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

/** A Borsh string. */
export function borshString(text: string): Uint8Array {
  const content = Buffer.from(text, 'utf8');
  const head = Buffer.alloc(4);
  head.writeUInt32LE(content.length);
  return Buffer.concat([head, content]);
}

/** The raw bytes of an address. */
export const key = (text: string): Uint8Array => bytesOfAddress(address(text));

/** An event that a program emits by calling itself (Anchor's `emit_cpi!`). */
export const selfCall = (program: string, event: Uint8Array): Call => ({
  program,
  accounts: [addressNamed('event authority')],
  data: bytes('e445a52e51cb9a1d', event),
});
