import { describe, expect, it } from 'vitest';

import { chainTransactionsOf } from '#functions/detector/chain-transaction.ts';
import { openingsIn } from '#functions/detector/openings.ts';
import { VENUES, VENUE_PROGRAMS, WRAPPED_SOL } from '#shared/domain/venue.ts';
import { type Call, ENCODINGS, bytes, transactionOf, u64 } from '../../support/call-trees.ts';
import { addressNamed, signatureNamed } from '../../support/detections.ts';

const pool = addressNamed('pool');
const cpmm: Call = {
  program: VENUE_PROGRAMS['raydium-cpmm'],
  accounts: Array.from({ length: 20 }, (_, index) =>
    index === 3 ? pool : index === 5 ? WRAPPED_SOL : addressNamed(`account ${index}`),
  ),
  data: bytes('afaf6d1f0d989bed', u64(1), u64(2), u64(0)),
  calls: [{ program: addressNamed('token'), accounts: [pool], data: bytes('03') }],
};
const { slot, blockTime, ...nested } = transactionOf([cpmm]);
const single = { slot, blockTime, ...nested };
const signedBy = (...signatures: readonly string[]) => ({
  ...single,
  transaction: { ...(nested.transaction as object), signatures },
});
const all = new Set(VENUES);

const poolsIn = (body: unknown): string[] =>
  chainTransactionsOf(body).transactions.flatMap((transaction) =>
    openingsIn(transaction, all).openings.map((opening) => opening.pool),
  );

describe('chainTransactionsOf', () => {
  it.each([
    { shape: 'a raw webhook body', body: [single], count: 1 },
    { shape: 'a result of getTransaction', body: single, count: 1 },
    {
      shape: 'an answer to getTransaction',
      body: { jsonrpc: '2.0', id: 1, result: single },
      count: 1,
    },
    {
      shape: 'a batch of answers',
      body: [
        { jsonrpc: '2.0', id: 1, result: single },
        { jsonrpc: '2.0', id: 2, result: single },
      ],
      count: 2,
    },
    {
      shape: 'a transactionNotification',
      body: {
        jsonrpc: '2.0',
        method: 'transactionNotification',
        params: { subscription: 1, result: { transaction: nested, signature: 'x', slot } },
      },
      count: 1,
    },
    {
      shape: 'a block of getBlock',
      body: { result: { blockTime, blockhash: 'x', transactions: [nested, nested] } },
      count: 2,
    },
    {
      shape: 'a blockNotification',
      body: {
        method: 'blockNotification',
        params: { result: { value: { slot, block: { blockTime, transactions: [nested] } } } },
      },
      count: 1,
    },
    { shape: 'a transaction taken out of a block', body: nested, count: 1 },
    { shape: 'a list of blocks', body: [{ slot, blockTime, transactions: [nested] }], count: 1 },
  ])('reads $shape', ({ body, count }) => {
    expect(chainTransactionsOf(body).refused).toEqual([]);
    expect(poolsIn(body)).toEqual(Array.from({ length: count }, () => pool));
  });

  it.each([
    { where: 'the transaction', body: single },
    { where: 'the notification', body: { params: { result: { transaction: nested, slot } } } },
    {
      where: 'the block',
      body: {
        params: { result: { value: { slot, block: { blockTime, transactions: [nested] } } } },
      },
    },
  ])('takes the slot from $where', ({ body }) => {
    expect(chainTransactionsOf(body).transactions[0]?.slot).toBe(slot);
  });

  it('takes the time from the block that holds the transaction', () => {
    const block = { result: { blockTime, blockhash: 'x', transactions: [nested] } };
    expect(chainTransactionsOf(block).transactions[0]?.blockTime).toBe(blockTime);
  });

  it('says that slot and time are unknown where the source does not carry them', () => {
    expect(chainTransactionsOf(nested).transactions[0]).toMatchObject({
      slot: null,
      blockTime: null,
      signature: signatureNamed('tree'),
      feePayer: addressNamed('tree payer'),
      failed: false,
    });
  });

  describe.each(ENCODINGS)('in encoding %s', (encoding) => {
    it('resolves accounts of lookup tables, writable ones first', () => {
      const lookedUp = [...cpmm.accounts];
      const body = transactionOf([cpmm], { encoding, lookedUp });
      const [transaction] = chainTransactionsOf(body).transactions;

      expect(transaction?.instructions[0]?.accounts).toEqual(cpmm.accounts);
      expect(poolsIn(body)).toEqual([pool]);
    });

    it('lists each outer instruction, and behind it those called from it', () => {
      const body = transactionOf([cpmm, cpmm], { encoding });
      const [transaction] = chainTransactionsOf(body).transactions;

      expect(transaction?.instructions.map(({ place }) => place)).toEqual([
        { position: 0, outerIndex: 0, innerIndex: null, stackHeight: 1 },
        { position: 1, outerIndex: 0, innerIndex: 0, stackHeight: 2 },
        { position: 2, outerIndex: 1, innerIndex: null, stackHeight: 1 },
        { position: 3, outerIndex: 1, innerIndex: 0, stackHeight: 2 },
      ]);
    });
  });

  it.each([
    { err: null, status: undefined, failed: false },
    { err: { InstructionError: [0, 'x'] }, status: undefined, failed: true },
    { err: undefined, status: { Ok: null }, failed: false },
    { err: undefined, status: { Err: 'x' }, failed: true },
  ])('reads failure $failed from err $err and status $status', ({ err, status, failed }) => {
    const meta = {
      innerInstructions: [],
      ...(err === undefined ? {} : { err }),
      ...(status && { status }),
    };
    expect(chainTransactionsOf({ ...single, meta }).transactions[0]?.failed).toBe(failed);
  });

  it.each([
    { what: 'null', body: null, reason: 'null is not a transaction' },
    { what: 'a number', body: 7, reason: 'a number is not a transaction' },
    { what: 'a list in a list', body: [[single]], reason: 'a list inside a list' },
    { what: 'an empty object', body: {}, reason: 'no fields' },
    { what: 'something else', body: { foo: 1 }, reason: 'the fields foo' },
    { what: 'a null result', body: { jsonrpc: '2.0', result: null }, reason: 'answered null' },
    {
      what: 'an error of the node',
      body: { jsonrpc: '2.0', error: { code: -32_015, message: 'version' } },
      reason: 'the node answered with an error: -32015 version',
    },
    {
      what: 'a Helius enhanced transaction',
      body: [{ signature: 'x', tokenTransfers: [], instructions: [] }],
      reason: 'set the webhook\'s type to "raw"',
    },
    { what: 'no meta', body: { ...single, meta: null }, reason: 'has no meta' },
    { what: 'a meta without err', body: { ...single, meta: {} }, reason: 'neither err nor status' },
    {
      what: 'the encoding base58',
      body: { ...single, transaction: 'abc' },
      reason: 'ask for "json", "jsonParsed" or "base64"',
    },
    {
      what: 'an unknown encoding',
      body: { ...single, transaction: ['KLUv', 'base64+zstd'] },
      reason: 'its encoding is not supported',
    },
    {
      what: 'accounts only',
      body: { ...single, transaction: { signatures: ['x'], accountKeys: [] } },
      reason: 'has no message',
    },
    {
      what: 'no signature',
      body: signedBy(),
      reason: 'has no signature',
    },
    {
      what: 'a signature that is none',
      body: signedBy('hello'),
      reason: 'its signature is not base58',
    },
    {
      what: 'a program index past the keys',
      body: {
        ...single,
        transaction: {
          signatures: [signatureNamed('x')],
          message: {
            accountKeys: [pool],
            instructions: [{ programIdIndex: 9, accounts: [], data: '' }],
          },
        },
      },
      reason: 'the program of its instruction 0 (call 0) is not among its 1 keys',
    },
    {
      what: 'too many instructions',
      body: transactionOf(Array.from({ length: 257 }, () => ({ ...cpmm, calls: [] }))),
      reason: 'more than 256 instructions',
    },
  ])('refuses $what, in a sentence', ({ body, reason }) => {
    const { transactions, refused } = chainTransactionsOf(body);

    expect(transactions).toEqual([]);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({
      index: 0,
      reason: expect.stringContaining(reason) as string,
    });
  });

  it('reads what is left of a body when one element is refused', () => {
    const { transactions, refused } = chainTransactionsOf([single, { tokenTransfers: [] }, single]);

    expect(transactions).toHaveLength(2);
    expect(refused.map(({ index }) => index)).toEqual([1]);
  });

  it('keeps instructions that the node has parsed, as not decodable', () => {
    const parsed = {
      program: 'system',
      programId: addressNamed('system'),
      parsed: { type: 'transfer' },
    };
    const body = {
      ...single,
      meta: { err: null, innerInstructions: [{ index: 0, instructions: [parsed] }] },
      transaction: {
        signatures: [signatureNamed('x')],
        message: { accountKeys: [{ pubkey: pool }], instructions: [parsed] },
      },
    };
    const [transaction] = chainTransactionsOf(body).transactions;

    expect(transaction?.instructions).toHaveLength(2);
    expect(transaction?.instructions[1]).toMatchObject({
      program: addressNamed('system'),
      accountCount: 0,
      accounts: [],
      data: undefined,
    });
  });
});

/** Counts how often instruction data is looked at: decoding it is what costs. */
function counted(calls: readonly Call[], count: number) {
  let reads = 0;
  const body = Array.from({ length: count }, (_, index) => {
    const transaction = transactionOf(calls, { name: `transaction ${index}` });
    const { message } = transaction.transaction as { message: { instructions: object[] } };
    const inner = transaction.meta.innerInstructions.flatMap(({ instructions }) => instructions);
    for (const instruction of [...message.instructions, ...inner]) {
      const { data } = instruction as { data: string };
      Object.defineProperty(instruction, 'data', {
        get: () => {
          reads += 1;
          return data;
        },
      });
    }
    return transaction;
  });
  return { pools: poolsIn(body).length, reads };
}

const stranger = (index: number): Call => ({
  program: addressNamed(`stranger ${index}`),
  accounts: cpmm.accounts,
  data: new Uint8Array(60).fill(7),
});

describe('the work that a body costs', () => {
  it('is none for instructions of other programs, however many', () => {
    const calls = Array.from({ length: 20 }, (_, index) => stranger(index));
    expect(counted(calls, 100)).toEqual({ pools: 0, reads: 0 });
  });

  it('is one decoding for an instruction of a venue, and none for what it calls', () => {
    expect(counted([stranger(0), cpmm, stranger(1)], 100)).toEqual({ pools: 100, reads: 100 });
  });

  it('is none for events, which no pool is read from unless it was made', () => {
    const event: Call = {
      program: VENUE_PROGRAMS['pump-fun'],
      accounts: [pool],
      data: new Uint8Array(300).fill(1),
    };
    expect(counted([{ ...stranger(0), calls: [event, event, event] }], 100).reads).toBe(0);
  });

  it('is none for a transaction that failed', () => {
    const failed = transactionOf([cpmm], { failed: true });
    const { message } = failed.transaction as { message: { instructions: object[] } };
    for (const instruction of message.instructions)
      Object.defineProperty(instruction, 'data', {
        get: () => {
          throw new Error('the data of a failed transaction was decoded');
        },
      });
    expect(poolsIn(failed)).toEqual([]);
  });
});
