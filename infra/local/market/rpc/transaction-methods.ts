import * as z from 'zod';

import { type Commitment, FINALITY_SLOTS } from '../chain/chain-clock.ts';
import type { LandedTransaction } from '../chain/landed-transaction.ts';
import { type RpcMethod, inContext } from './rpc-context.ts';
import { RpcError, invalidParams } from './rpc-error.ts';
import { addressParam, commitmentConfig, configParam, listParam } from './rpc-params.ts';
import { TRANSACTION_ENCODINGS, transactionJson } from './transaction-json.ts';

const MAX_SIGNATURES = 1_000;
const MAX_STATUSES = 256;

const signatureParam = (value: unknown): string => {
  if (typeof value === 'string' && /^[1-9A-HJ-NP-Za-km-z]{64,88}$/.test(value)) return value;
  throw invalidParams(
    typeof value === 'string' ? 'Invalid param: Invalid' : 'Invalid params: expected a string.',
  );
};

const isAt = (transaction: LandedTransaction, slot: number) => transaction.slot <= slot;

const transactionConfig = commitmentConfig.extend({
  encoding: z.enum(TRANSACTION_ENCODINGS).optional(),
  maxSupportedTransactionVersion: z.number().int().min(0).max(255).optional(),
});

const getTransaction: RpcMethod = ({ chain }, params) => {
  const signature = signatureParam(params[0]);
  // The second parameter may be the encoding alone: an old form that nodes still take.
  const options = typeof params[1] === 'string' ? [{ encoding: params[1] }] : [params[1]];
  const config = configParam(options, 0, transactionConfig);
  if (config.commitment === 'processed') {
    throw invalidParams('Method does not support commitment below `confirmed`');
  }
  const transaction = chain.history.get(signature);
  const seenSlot = chain.clock.slot(config.commitment ?? 'finalized');
  if (transaction === undefined || !isAt(transaction, seenSlot)) return null;
  const { version } = transaction.message;
  const supported = config.maxSupportedTransactionVersion;
  if (version !== 'legacy' && (supported === undefined || supported < version)) {
    throw new RpcError(
      -32_015,
      `Transaction version (${version}) is not supported by the requesting client. Please try the request again with the following configuration parameter: "maxSupportedTransactionVersion": ${version}`,
    );
  }
  return transactionJson(transaction, config.encoding ?? 'json');
};

/** How final a landed transaction is. */
function confirmationOf(transaction: LandedTransaction, nowSlot: number) {
  const age = nowSlot - transaction.slot;
  const confirmationStatus: Commitment = age >= FINALITY_SLOTS ? 'finalized' : 'confirmed';
  return { confirmationStatus, confirmations: age >= FINALITY_SLOTS ? null : age };
}

const pageConfig = commitmentConfig.extend({
  limit: z.number().int().min(1).max(MAX_SIGNATURES).optional(),
  before: z.string().optional(),
  until: z.string().optional(),
});

const getSignaturesForAddress: RpcMethod = ({ chain }, params) => {
  const address = addressParam(params, 0);
  const config = configParam(params, 1, pageConfig);
  const { clock } = chain;
  const found = chain.history.ofAddress(address, {
    limit: config.limit ?? MAX_SIGNATURES,
    before: config.before,
    until: config.until,
    maxSlot: clock.slot(config.commitment ?? 'finalized'),
  });
  const now = clock.slot();
  return found.map((transaction) => ({
    blockTime: transaction.blockTime,
    confirmationStatus: confirmationOf(transaction, now).confirmationStatus,
    err: transaction.err,
    memo: null,
    signature: transaction.signature,
    slot: transaction.slot,
    transactionIndex: transaction.indexInBlock,
  }));
};

const getSignatureStatuses: RpcMethod = (context, params) => {
  const signatures = listParam(params, 0, MAX_STATUSES, 'signatures').map(signatureParam);
  const { chain } = context;
  const now = chain.clock.slot();
  const statuses = signatures.map((signature) => {
    const transaction = chain.history.get(signature);
    if (transaction === undefined) return null;
    const { err, slot } = transaction;
    const status = err === null ? { Ok: null } : { Err: err };
    return Object.assign(confirmationOf(transaction, now), { err, slot, status });
  });
  return inContext(context, { commitment: 'processed' }, statuses);
};

/** Methods that read landed transactions. */
export const transactionMethods = {
  getTransaction,
  getSignaturesForAddress,
  getSignatureStatuses,
} satisfies Record<string, RpcMethod>;
