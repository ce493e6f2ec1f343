import { signatureSchema } from '#shared/domain/detection.ts';
import { decodeBase58 } from './base58.ts';
import { ChainInstruction, type InstructionSource } from './chain-instruction.ts';
import { type JsonObject, isList, isObject, wholeNumber } from './json-value.ts';
import {
  type RefusedRecord,
  type TransactionRecord,
  transactionRecords,
} from './transaction-records.ts';
import { decodeWireTransaction } from './wire-transaction.ts';

/** One transaction of the chain: what all sources and encodings have in common. */
export type ChainTransaction = {
  /** Base58, 64 bytes: the transaction's id. */
  readonly signature: string;
  /** Null where the source does not carry it, as a transaction taken out of its block. */
  readonly slot: number | null;
  /** Unix seconds; null where the source does not carry it. */
  readonly blockTime: number | null;
  /** Failed on chain: nothing it asked for has happened. */
  readonly failed: boolean;
  /** The first key of the message. */
  readonly feePayer: string;
  /** Outer instructions in order, each followed by those called from it, in the order of the calls. */
  readonly instructions: readonly ChainInstruction[];
  /** False when the source left the inner instructions out, so that calls cannot be seen. */
  readonly innerInstructionsKnown: boolean;
};

/** The transactions of a body, and what in it could not be read. */
export type ChainTransactions = {
  readonly transactions: ChainTransaction[];
  readonly refused: RefusedRecord[];
};

/** The runtime stops at 64 (MAX_INSTRUCTION_TRACE_LENGTH): room to grow, and made-up bodies stay cheap. */
const MAX_INSTRUCTIONS = 256;

/**
 * Reads transactions out of a parsed JSON body: a Helius raw webhook's list, results of
 * `getTransaction` (encodings json, jsonParsed, base64), blocks, notifications. Never throws.
 */
export function chainTransactionsOf(body: unknown): ChainTransactions {
  const transactions: ChainTransaction[] = [];
  const refused: RefusedRecord[] = [];
  for (const record of transactionRecords(body)) {
    if ('reason' in record) {
      refused.push(record);
      continue;
    }
    const transaction = chainTransaction(record);
    if (typeof transaction === 'string') refused.push({ index: record.index, reason: transaction });
    else transactions.push(transaction);
  }
  return { transactions, refused };
}

/** What the two forms of a transaction, JSON and serialised, come down to. */
type Message = {
  readonly signature: string;
  /** As far as the message itself names them; parsed JSON names the loaded ones too. */
  readonly keys: readonly string[];
  readonly instructions: readonly InstructionSource[];
};

/** A string says why the record cannot be read. */
function chainTransaction({
  transaction,
  meta,
  slot,
  blockTime,
}: TransactionRecord): ChainTransaction | string {
  if (!isObject(meta)) return 'it has no meta, so whether it failed cannot be told';
  const failed = failureOf(meta);
  if (failed === undefined)
    return 'its meta has neither err nor status, so whether it failed cannot be told';

  const message = messageOf(transaction);
  if (typeof message === 'string') return message;
  const [feePayer] = message.keys;
  if (feePayer === undefined) return 'its message has no account keys';
  if (!signatureSchema.safeParse(message.signature).success)
    return 'its signature is not base58 of 64 bytes';

  const instructions = instructionsOf(message, meta);
  if (typeof instructions === 'string') return instructions;
  const innerInstructionsKnown = isList(meta['innerInstructions']);
  return {
    signature: message.signature,
    slot,
    blockTime,
    failed,
    feePayer,
    instructions,
    innerInstructionsKnown,
  };
}

/** Undefined when the meta does not tell. */
function failureOf({ err, status }: JsonObject): boolean | undefined {
  if (err !== undefined) return err !== null;
  return isObject(status) ? !('Ok' in status) : undefined;
}

function messageOf(transaction: unknown): Message | string {
  if (isList(transaction)) return serialisedMessage(transaction[0], transaction[1]);
  if (typeof transaction === 'string')
    return 'its encoding "base58" is not supported: ask for "json", "jsonParsed" or "base64"';
  if (!isObject(transaction)) return 'its transaction is neither an object nor a serialised text';
  const { message, signatures } = transaction;
  if (!isObject(message)) return 'its transaction has no message';
  const { accountKeys, instructions } = message;
  const signature = isList(signatures) ? signatures[0] : undefined;
  if (typeof signature !== 'string') return 'it has no signature';
  if (!isList(accountKeys) || !isList(instructions))
    return 'its message lacks accountKeys or instructions: ask for transactionDetails "full"';
  if (!instructions.every(isObject)) return 'one of its instructions is not an object';
  return { signature, keys: accountKeys.map(keyOf), instructions };
}

/** A key is a text, or an object around it (jsonParsed). Anything else matches no program. */
function keyOf(key: unknown): string {
  const text = isObject(key) ? key['pubkey'] : key;
  return typeof text === 'string' ? text : '';
}

function serialisedMessage(text: unknown, encoding: unknown): Message | string {
  if (typeof text !== 'string') return 'its serialised transaction is not a text';
  if (encoding === 'base64') return decodeWireTransaction(Buffer.from(text, 'base64'));
  if (encoding !== 'base58')
    return 'its encoding is not supported: ask for "json", "jsonParsed" or "base64"';
  const bytes = decodeBase58(text);
  return bytes === undefined ? 'its transaction is not base58' : decodeWireTransaction(bytes);
}

/** The flat list of outer and inner instructions, or why it cannot be made. */
function instructionsOf(message: Message, meta: JsonObject): ChainInstruction[] | string {
  const keys = [...message.keys, ...loadedKeys(meta['loadedAddresses'])];
  const innerOf = innerInstructionsByOuter(meta['innerInstructions']);
  if (typeof innerOf === 'string') return innerOf;

  const flat: ChainInstruction[] = [];
  for (const [outerIndex, outer] of message.instructions.entries()) {
    const inner = innerOf.get(outerIndex) ?? [];
    if (flat.length + inner.length >= MAX_INSTRUCTIONS)
      return `it has more than ${MAX_INSTRUCTIONS} instructions`;
    for (const [index, source] of [outer, ...inner].entries()) {
      const program = programOf(source, keys);
      if (program === undefined)
        return `the program of its instruction ${outerIndex} (call ${index}) is not among its ${keys.length} keys`;
      const innerIndex = index === 0 ? null : index - 1;
      const stackHeight = index === 0 ? 1 : wholeNumber(source['stackHeight']);
      const place = { position: flat.length, outerIndex, innerIndex, stackHeight };
      flat.push(new ChainInstruction(program, place, source, keys));
    }
  }
  return flat;
}

/** Keys from lookup tables: indexes run over the message's keys, then writable, then read-only. */
function loadedKeys(loaded: unknown): string[] {
  if (!isObject(loaded)) return [];
  return [loaded['writable'], loaded['readonly']].flatMap((list) =>
    isList(list) ? list.map(keyOf) : [],
  );
}

function innerInstructionsByOuter(
  groups: unknown,
): ReadonlyMap<number, readonly JsonObject[]> | string {
  const byOuter = new Map<number, readonly JsonObject[]>();
  if (!isList(groups)) return byOuter;
  for (const group of groups) {
    if (!isObject(group)) return 'one of its lists of inner instructions is not an object';
    const { index, instructions } = group;
    if (typeof index !== 'number' || !isList(instructions) || !instructions.every(isObject))
      return 'one of its lists of inner instructions lacks its index or its instructions';
    byOuter.set(index, [...(byOuter.get(index) ?? []), ...instructions]);
  }
  return byOuter;
}

function programOf(source: InstructionSource, keys: readonly string[]): string | undefined {
  const index = source['programIdIndex'];
  if (typeof index === 'number') return keys[index];
  const { programId } = source;
  return typeof programId === 'string' ? programId : undefined;
}
