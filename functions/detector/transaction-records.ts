import { type JsonObject, isList, isObject, wholeNumber } from './json-value.ts';

/** One transaction as a source delivered it, out of its envelope and not yet decoded. */
export type TransactionRecord = {
  /** Place in the delivered list; 0 for a single transaction. */
  readonly index: number;
  /** `{message, signatures}`, or the serialised form with the name of its encoding. */
  readonly transaction: unknown;
  readonly meta: unknown;
  readonly slot: number | null;
  /** Unix seconds. */
  readonly blockTime: number | null;
};

/** A part of a body that is no transaction, and why, in a sentence for whoever sent it. */
export type RefusedRecord = { readonly index: number; readonly reason: string };

/** What the block that holds a transaction tells about it. */
type BlockFacts = Pick<TransactionRecord, 'slot' | 'blockTime'>;

const UNKNOWN_BLOCK: BlockFacts = { slot: null, blockTime: null };

/** Fields that only Helius's parsed ("enhanced") transactions have. */
const ENHANCED_FIELDS = ['tokenTransfers', 'nativeTransfers', 'accountData', 'feePayer'];

/**
 * The transactions in a body, out of whatever it wraps them in: a raw webhook's list, one result
 * or a batch of `getTransaction`, a `transactionNotification`, a block of `getBlock` or
 * `blockSubscribe`, or a transaction as such a block nests it.
 */
export function* transactionRecords(body: unknown): Generator<TransactionRecord | RefusedRecord> {
  if (!isList(body)) {
    yield* unwrapped(body, 0);
    return;
  }
  for (const [index, element] of body.entries()) yield* unwrapped(element, index);
}

function* unwrapped(value: unknown, index: number): Generator<TransactionRecord | RefusedRecord> {
  if (!isObject(value)) {
    yield { index, reason: `${describe(value)} is not a transaction` };
    return;
  }
  if (isObject(value['params'])) {
    yield* notified(value['params']['result'], index);
  } else if ('result' in value) {
    yield* answered(value['result'], index);
  } else if (isObject(value['error'])) {
    yield { index, reason: `the node answered with an error: ${messageOf(value['error'])}` };
  } else {
    yield* blockOrTransaction(value, UNKNOWN_BLOCK, index);
  }
}

/** The result of `getTransaction` or `getBlock`. */
function* answered(result: unknown, index: number): Generator<TransactionRecord | RefusedRecord> {
  if (result === null)
    yield { index, reason: 'the node answered null: it does not know the transaction (yet)' };
  else yield* blockOrTransaction(result, UNKNOWN_BLOCK, index);
}

/** The result of a `transactionNotification` or a `blockNotification`. */
function* notified(result: unknown, index: number): Generator<TransactionRecord | RefusedRecord> {
  const value = isObject(result) ? result['value'] : undefined;
  if (isObject(value) && isObject(value['block']))
    yield* blockOrTransaction(value['block'], factsOf(value, UNKNOWN_BLOCK), index);
  else yield* blockOrTransaction(result, UNKNOWN_BLOCK, index);
}

function* blockOrTransaction(
  value: unknown,
  outer: BlockFacts,
  index: number,
): Generator<TransactionRecord | RefusedRecord> {
  if (!isObject(value)) {
    yield { index, reason: `${describe(value)} is not a transaction` };
    return;
  }
  const facts = factsOf(value, outer);
  const { transaction, transactions, meta } = value;
  if (isList(transactions)) {
    for (const nested of transactions) yield* blockOrTransaction(nested, facts, index);
  } else if (isObject(transaction) && 'transaction' in transaction) {
    // A transactionNotification nests {transaction, meta, version} once more beside the slot.
    yield { index, transaction: transaction['transaction'], meta: transaction['meta'], ...facts };
  } else if (transaction !== undefined) {
    yield { index, transaction, meta, ...facts };
  } else {
    yield { index, reason: whyNoTransaction(value) };
  }
}

const factsOf = (value: JsonObject, outer: BlockFacts): BlockFacts => ({
  slot: wholeNumber(value['slot']) ?? outer.slot,
  blockTime: wholeNumber(value['blockTime']) ?? outer.blockTime,
});

function whyNoTransaction(value: JsonObject): string {
  if (ENHANCED_FIELDS.some((field) => field in value))
    return (
      'this is a Helius "enhanced" transaction, which leaves out what pools are read from: ' +
      'set the webhook\'s type to "raw" (webhookType)'
    );
  const fields = Object.keys(value).slice(0, 6).join(', ');
  return `an object with ${fields === '' ? 'no fields' : `the fields ${fields}`} is not a transaction`;
}

function describe(value: unknown): string {
  if (isList(value)) return 'a list inside a list';
  if (value === null || value === undefined) return 'null';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

const messageOf = ({ code, message }: JsonObject): string =>
  [code, message]
    .filter((part) => typeof part === 'string' || typeof part === 'number')
    .join(' ')
    .slice(0, 160);
