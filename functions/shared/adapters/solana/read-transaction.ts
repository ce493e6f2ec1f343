import { VersionedTransaction } from '@solana/web3.js';
import bs58 from 'bs58';

import { type Address, address } from '../../domain/address.ts';
import { Fault, reasonOf } from '../../domain/fault.ts';
import type { TransactionView } from '../../domain/transaction-view.ts';

/** Largest transaction of version 0 or legacy. Version 1 is larger, and nobody builds it for us. */
const MAX_BYTES = 1_232;

/** Address lookup tables that a transaction names, to be read from the chain before it is. */
export const lookupTablesOf = (bytes: Uint8Array): Address[] =>
  deserialized(bytes).message.addressTableLookups.map(({ accountKey }) =>
    address(accountKey.toBase58()),
  );

/**
 * A transaction as its signer has to see it.
 * @throws {Fault} `transaction.malformed` for bytes that are not exactly one transaction of version
 * 0 or legacy, and for an account behind a lookup table that is not in `tables`.
 */
export function readTransaction(
  bytes: Uint8Array,
  tables: ReadonlyMap<Address, readonly Address[]>,
): TransactionView {
  const { message } = deserialized(bytes);
  const fromTable = (table: Address, index: number): Address => {
    const found = tables.get(table)?.[index];
    if (found === undefined)
      throw malformed(`entry ${index} of lookup table ${table} is not known`);
    return found;
  };
  // The order of the runtime: static keys, then all writable, then all read-only looked-up ones.
  const lookups = message.addressTableLookups.map((lookup) => ({
    table: address(lookup.accountKey.toBase58()),
    writable: lookup.writableIndexes,
    readonly: lookup.readonlyIndexes,
  }));
  const staticKeys = message.staticAccountKeys.map((key) => address(key.toBase58()));
  const keys = [
    ...staticKeys,
    ...lookups.flatMap(({ table, writable }) => writable.map((each) => fromTable(table, each))),
    ...lookups.flatMap(({ table, readonly }) => readonly.map((each) => fromTable(table, each))),
  ];
  const keyAt = (index: number): Address => {
    const key = keys[index];
    if (key === undefined)
      throw malformed(`an instruction names account ${index} of ${keys.length}`);
    return key;
  };
  const feePayer = keyAt(0);
  return {
    feePayer,
    signers: staticKeys.slice(0, message.header.numRequiredSignatures),
    recentBlockhash: message.recentBlockhash,
    instructions: message.compiledInstructions.map((instruction) => ({
      program: keyAt(instruction.programIdIndex),
      accounts: instruction.accountKeyIndexes.map(keyAt),
      data: instruction.data,
    })),
    message: message.serialize(),
  };
}

function deserialized(bytes: Uint8Array): VersionedTransaction {
  if (bytes.length > MAX_BYTES) throw malformed(`${bytes.length} bytes`);
  let transaction: VersionedTransaction;
  let again: Uint8Array;
  try {
    transaction = VersionedTransaction.deserialize(bytes);
    again = transaction.serialize();
  } catch (cause) {
    throw malformed(reasonOf(cause), cause);
  }
  // Bytes that the library skips are bytes that nobody has looked at.
  if (!Buffer.from(again).equals(bytes)) throw malformed('it is written in an unusual way');
  return transaction;
}

const malformed = (reason: string, cause?: unknown): Fault =>
  new Fault('transaction.malformed', { reason: reason.slice(0, 160) }, { cause });

/** The transaction's id: the base58 form of the fee payer's signature. */
export const signatureText = (signature: Uint8Array): string => bs58.encode(signature);

/** The signed bytes of a transaction that needs one signature only. */
export function withSignature(bytes: Uint8Array, signature: Uint8Array): Uint8Array {
  const transaction = deserialized(bytes);
  if (transaction.signatures.length !== 1) {
    throw malformed(`it needs ${transaction.signatures.length} signatures`);
  }
  transaction.signatures[0] = signature;
  return transaction.serialize();
}
