import bs58 from 'bs58';

import type { Address } from '#shared/domain/address.ts';
import {
  type InnerInstruction,
  type InnerInstructions,
  type LandedTransaction,
  type TokenBalance,
  keysOf,
  writabilityOf,
} from '../chain/landed-transaction.ts';
import type { CompiledInstruction, Message } from '../chain/message.ts';
import { base64 } from './account-json.ts';
import { parseInstruction } from './parse-instruction.ts';
import { storedUiAmount } from './ui-amount.ts';

export const TRANSACTION_ENCODINGS = ['json', 'jsonParsed', 'base64', 'base58'] as const;
export type TransactionEncoding = (typeof TRANSACTION_ENCODINGS)[number];

/** A landed transaction as `getTransaction` answers it. */
export function transactionJson(transaction: LandedTransaction, encoding: TransactionEncoding) {
  return {
    blockTime: transaction.blockTime,
    meta: metaJson(transaction, encoding),
    slot: transaction.slot,
    transaction: bodyJson(transaction, encoding),
    version: transaction.message.version,
  };
}

/** The element of a Helius raw webhook body: HD webhooks.mdx. */
export function rawWebhookJson(transaction: LandedTransaction) {
  const { status: _, computeUnitsConsumed: __, ...meta } = metaJson(transaction, 'json');
  return {
    blockTime: transaction.blockTime,
    indexWithinBlock: transaction.indexInBlock,
    meta,
    slot: transaction.slot,
    transaction: {
      message: {
        accountKeys: transaction.message.staticKeys,
        addressTableLookups:
          transaction.message.version === 0 ? lookupsJson(transaction.message) : null,
        header: transaction.message.header,
        instructions: transaction.message.instructions.map(plainInstruction),
        recentBlockhash: transaction.message.recentBlockhash,
      },
      signatures: transaction.signatures,
    },
    version: transaction.message.version,
  };
}

function metaJson(transaction: LandedTransaction, encoding: TransactionEncoding) {
  const { err } = transaction;
  return {
    computeUnitsConsumed: transaction.computeUnits,
    err,
    fee: Number(transaction.fee),
    innerInstructions: innerJson(transaction.inner, keysOf(transaction), encoding),
    // Parsed keys already contain what the lookup tables named.
    ...(encoding === 'jsonParsed' ? {} : { loadedAddresses: transaction.loaded }),
    logMessages: transaction.logs,
    postBalances: transaction.postBalances.map(Number),
    postTokenBalances: transaction.postTokenBalances.map(tokenBalanceJson),
    preBalances: transaction.preBalances.map(Number),
    preTokenBalances: transaction.preTokenBalances.map(tokenBalanceJson),
    rewards: [],
    status: err === null ? { Ok: null } : { Err: err },
  };
}

const tokenBalanceJson = ({ amount, decimals, ...balance }: TokenBalance) => ({
  ...balance,
  uiTokenAmount: storedUiAmount(amount, decimals),
});

function bodyJson(transaction: LandedTransaction, encoding: TransactionEncoding) {
  const { message, signatures, wire } = transaction;
  if (encoding === 'base64') return [base64(wire), 'base64'];
  if (encoding === 'base58') return [bs58.encode(wire), 'base58'];
  const lookups = message.version === 0 ? { addressTableLookups: lookupsJson(message) } : {};
  if (encoding === 'json') {
    const { header, recentBlockhash } = message;
    const instructions = message.instructions.map(outerInstruction);
    const accountKeys = message.staticKeys;
    return {
      message: { accountKeys, header, instructions, recentBlockhash, ...lookups },
      signatures,
    };
  }
  const keys = keysOf(transaction);
  const isWritable = writabilityOf(transaction);
  return {
    message: {
      accountKeys: keys.map((pubkey, index) => ({
        pubkey,
        signer: index < message.header.numRequiredSignatures,
        source: index < message.staticKeys.length ? 'transaction' : 'lookupTable',
        writable: isWritable(index),
      })),
      instructions: message.instructions.map((instruction) =>
        parseInstruction(instruction, keys, 1),
      ),
      recentBlockhash: message.recentBlockhash,
      ...lookups,
    },
    signatures,
  };
}

const lookupsJson = ({ lookups }: Message) =>
  lookups.map(({ tableAddress, readonlyIndexes, writableIndexes }) => ({
    accountKey: tableAddress,
    readonlyIndexes,
    writableIndexes,
  }));

const plainInstruction = ({ accounts, data, programIdIndex }: CompiledInstruction) => ({
  accounts,
  data: bs58.encode(data),
  programIdIndex,
});

const outerInstruction = (instruction: CompiledInstruction) => ({
  ...plainInstruction(instruction),
  stackHeight: 1,
});

const innerInstruction = (instruction: InnerInstruction) => ({
  ...plainInstruction(instruction),
  stackHeight: instruction.stackHeight,
});

/** Calls of each instruction, as `simulateTransaction` and transactions show them. */
export function innerJson(
  inner: readonly InnerInstructions[],
  keys: readonly Address[],
  encoding: TransactionEncoding,
) {
  return inner.map(({ index, instructions }) => ({
    index,
    instructions: instructions.map((instruction) =>
      encoding === 'jsonParsed'
        ? parseInstruction(instruction, keys, instruction.stackHeight)
        : innerInstruction(instruction),
    ),
  }));
}
